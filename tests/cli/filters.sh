#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog filters
. "$(dirname "$0")/common.sh"

test_kernels() {
    need conv
    run 0 filters conv.safetensors --out sheet.jpg
    quiet_err
    has out "sheet.jpg: 24 kernels of conv2d, 3 x 3 x 3"
    # 5 x 5 cells of 48 x 48 pixels (3 x 3 weights, enlarged 16 times), and gaps of 4 pixels.
    [ "$(size_of sheet.jpg)" = 264x264 ] || fail "not 5 x 5 places: $last"
}

test_feature_maps_of_a_photo() {
    need photos conv
    run 0 filters conv.safetensors --out sheet.jpg --photo folders/cats/1.jpg
    quiet_err
    has out "sheet.jpg: 24 maps of conv2d, 18 x 24"
    # 5 x 5 cells of 48 x 36 pixels (24 x 18 activations, enlarged twice), and gaps of 4 pixels.
    [ "$(size_of sheet.jpg)" = 264x204 ] || fail "not 5 x 5 maps: $last"
    run 0 filters conv.safetensors --out sheet.jpg --photo folders/cats/1.jpg --layer dense
    has out "128 maps of dense, 1 x 1"
}

test_builtin_model() {
    run_builtin 0 filters builtin --out sheet.jpg
}

test_refuses_bad_arguments() {
    need photos conv model
    run 2 filters builtin
    has err "--out FILE.jpg is required"
    run 1 filters conv.safetensors --out sheet.jpg --layer dense
    has err 'layer "dense" is no convolution'
    run 1 filters conv.safetensors --out sheet.jpg --layer conv
    has err 'there is no layer "conv"'
    run 1 filters model.safetensors --out sheet.jpg
    has err "no convolution"
    run 1 filters conv.safetensors --out sheet.jpg --photo text.jpg
    has err text.jpg
    run 1 filters text.jpg --out sheet.jpg
    run 1 filters conv.safetensors --out nowhere/sheet.jpg
}

run_cases "$@"
