#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog convert
. "$(dirname "$0")/common.sh"

test_half_precision() {
    need photos model
    run 0 convert model.safetensors --half --out half.safetensors
    has out "model: half.safetensors"
    [ "$(wc -c <half.safetensors)" -lt "$(($(wc -c <model.safetensors) * 6 / 10))" ] ||
        fail "half.safetensors is not much smaller"
    run 0 convert half.safetensors --half --out again.safetensors
    same half.safetensors again.safetensors "halves change when they are saved again"
    run 0 convert model.safetensors --out whole.safetensors
    same model.safetensors whole.safetensors "another model"
    run 0 convert whole.safetensors --half --out whole.safetensors # the output replaces the input
    same half.safetensors whole.safetensors "another model"
    run 0 evaluate folders --model half.safetensors --json
    holds photos=24 mse:number
}

test_size() {
    need photos model
    run 1 convert model.safetensors --size 20x31 --out x.safetensors
    has err "does not fit an input of 20 x 31: layer"
    [ ! -e x.safetensors ] || fail "a model that cannot be: $last"
    run 2 convert model.safetensors --size 20 --out x.safetensors
    has err --size
    run_builtin 0 convert builtin --size 60x80 --out small.safetensors || return 0
    run 0 info small.safetensors --json
    holds layers.0.height=60 layers.0.width=80 preprocess.height=60 preprocess.width=80
    run 0 predict --model small.safetensors folders/cats/1.jpg
}

test_refuses_bad_arguments() {
    need model
    run 2 convert m
    has err "--out FILE is required"
    run 1 convert nowhere --out x.safetensors
    has err nowhere
    run 1 convert model.safetensors --out nowhere/x.safetensors
    has err nowhere/x.safetensors
}

run_cases "$@"
