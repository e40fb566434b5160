#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog article
. "$(dirname "$0")/common.sh"

test_table_and_files() {
    need photos
    run 0 article drawings --train 16 --val 8 --epochs 1 --only mlp,conv24 --out runs --seed 2
    has out "mlp"
    has out "conv24"
    has out "(0.15)"
    for file in mlp.safetensors mlp.csv conv24.safetensors conv24.csv; do
        [ -s "runs/$file" ] || fail "no runs/$file"
    done
}

test_json() {
    need photos
    run 0 article drawings --train 16 --val 8 --epochs 1 --only conv24 --json
    holds presets.#=1 presets.0.preset=conv24 presets.0.mse:number \
        presets.0.article.pearson=0.15 presets.0.epochs=1 \
        presets.0.seconds_per_epoch:number validation_photos=8 skipped:array
}

test_refuses_bad_arguments() {
    need photos
    run 2 article d --only conv24,conv1
    has err conv1
    run 1 article drawings
    run 1 article drawings --out text.jpg
}

run_cases "$@"
