#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog calibrate
. "$(dirname "$0")/common.sh"

test_keeps_accuracy() {
    need photos model
    run 0 evaluate drawings --model model.safetensors --json
    cp out before
    run 0 calibrate model.safetensors drawings --out calibrated.safetensors
    has out "temperature"
    has out "model: calibrated.safetensors"
    has err "empty.jpg"
    run 0 evaluate drawings --model calibrated.safetensors --json
    for same in accuracy auc; do
        [ "$(grep "\"$same\"" out | head -n 1)" = "$(grep "\"$same\"" before | head -n 1)" ] ||
            fail "calibration changes the $same"
    done
    run 0 info calibrated.safetensors --json
    holds calibration.temperature:number training:object
}

test_json_and_threads() {
    need photos model
    run 0 calibrate model.safetensors drawings --out calibrated.safetensors
    run 0 calibrate model.safetensors drawings --out again.safetensors --threads 1 --json
    holds photos=48 temperature:number cross_entropy_before:number cross_entropy_after:number \
        calibration_error_before:number calibration_error_after:number model=again.safetensors \
        skipped.#=1
    same calibrated.safetensors again.safetensors "another number of threads, another model"
}

test_mirror_and_subset() {
    need photos model
    run 0 calibrate model.safetensors drawings --out again.safetensors --mirror \
        --split split.txt --subset validation --json
    holds photos:number
}

test_refuses_bad_arguments() {
    need photos model
    run 1 calibrate model.safetensors nowhere --out x
    run 1 calibrate nowhere drawings --out x
    run 1 calibrate model.safetensors drawings --out nowhere/x
    run 2 calibrate model.safetensors drawings
    has err "--out FILE"
    run 2 calibrate model.safetensors drawings --out x --subset train
}

run_cases "$@"
