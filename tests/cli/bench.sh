#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog bench
. "$(dirname "$0")/common.sh"

test_json_of_a_preset() {
    run 0 bench mlp --size 8x10 --runs 1 --threads 2 --json
    quiet_err
    holds preset=mlp model:null batch=32 threads=2 kernels:string train_images_per_second:number \
        predict_images_per_second:number latency_ms:number fma_gflops:number bandwidth_gbs:number \
        layers.0.layer=dense layers.0.pass=forward layers.0.ms:number layers.0.gflops:number \
        layers.0.fma_share:number layers.0.bandwidth_share:number layers.1.pass=backward+update
}

test_inference_of_several_networks() {
    need model
    run 0 bench conv24 model.safetensors --size 12x14 --runs 1 --batch-size 3 --inference
    quiet_err
    has out "conv24: batch 3"
    has out "model.safetensors: batch 3"
    has out "predict"
    has out "images/s"
    grep -q -e training -e backward out && fail "training is measured: $last"
    run 0 bench model.safetensors --inference --runs 2 --json
    holds preset:null model=model.safetensors batch=64 train_images_per_second:null
}

test_algorithms() {
    run 0 bench conv24 --size 12x14 --runs 1 --batch-size 2 --tune --json
    holds candidates.0.layer=conv2d candidates.0.algorithm=im2col candidates.0.pass=forward \
        candidates.0.ms:number candidates.0.cost:number candidates.1.pass="backward kernel"
    run 0 bench conv24 --size 12x14 --runs 1 --batch-size 2 --tune
    has out "cost model"
    has out "im2col"
    has out "chosen"
}

test_builtin_model() {
    run_builtin 0 bench builtin --inference --runs 1 --batch-size 2 --json || return 0
    holds model=builtin
}

test_refuses_bad_arguments() {
    need photos
    run 2 bench conv1
    has err "neither a file nor one of mlp"
    run 2 bench mlp --runs 0
    has err --runs
    run 1 bench text.jpg
    has err text.jpg
}

run_cases "$@"
