#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog train --from
. "$(dirname "$0")/common.sh"

fine_tune() {
    status=$1
    shift
    run "$status" train three --epochs 1 --val 6 --out tuned.safetensors "$@"
}

test_head_of_the_builtin_model() {
    need three
    run_builtin 0 train three --epochs 1 --val 6 --out tuned.safetensors --from builtin \
        --head-only --json || return 0
    holds from=builtin classes.birds=8 history.#=1
    run 0 info tuned.safetensors --json
    holds classes.#=3 training.freeze='*' training.loss=cross_entropy training.mirror=true \
        training.schedule=cosine
}

test_same_classes_keep_the_head() {
    need three
    fine_tune 0 --from three.safetensors --freeze flatten --learning-rate 0.001
    has out "which has the same classes"
    has out '"flatten" and all before it are frozen'
}

# The folders cats and dogs stand for the classes cat and dog of the built-in model.
test_folders_of_the_builtin_classes() {
    need photos
    run_builtin 0 train folders --epochs 1 --from builtin --out tuned.safetensors || return 0
    has out "which has the same classes"
    run 0 info tuned.safetensors --json
    holds classes.0=dog classes.1=cat training.loss=binary_cross_entropy \
        adapted_from.classes.0=dog calibration:null
}

test_other_classes_replace_the_head() {
    need photos three
    run 0 train folders --epochs 1 --from three.safetensors --out tuned.safetensors
    has out "but the head is new"
}

test_refuses_bad_arguments() {
    need three
    fine_tune 1 --from three.safetensors --freeze nolayer
    has err 'no layer "nolayer"'
    grep -q "loaded for" err && fail "photos were loaded first: $last"
    fine_tune 1 --from nowhere
    has err nowhere
    for bad in --preset=mlp --recipe=recipe.json --size=8x8 --fit=crop --decode=scaled \
        --mean=1,1,1 --std=2,2,2; do
        need recipe
        fine_tune 2 --from builtin "$bad"
        has err "${bad%%=*}"
        rm -f recipe.json
    done
    fine_tune 2 --from builtin --head-only --freeze dense
    has err --head-only
}

run_cases "$@"
