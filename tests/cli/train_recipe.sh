#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog train --recipe and --weights
. "$(dirname "$0")/common.sh"

make_by_recipe() {
    need photos recipe
    "$catdog" train drawings --train 24 --val 8 --recipe recipe.json \
        --crop-area 0.5 --crop-aspect 1.5 --shear 9 --brightness 0.2 --contrast 0.2 \
        --saturation 0.2 --hue 9 --erase 0.3 --mixup 0.4 --cutmix 1 --label-smoothing 0.1 \
        --average-decay 0.9 --clip-norm 1 \
        --out recipe.safetensors
}

test_options_override_the_recipe() {
    need photos recipe by_recipe
    run 0 info recipe.safetensors --json
    holds preprocess.width=10 training.epochs=1 training.seed=5 training.rotation=20 \
        training.crop_area=0.5 training.shear=9 training.erase:number training.cutmix=1 \
        training.average_decay:number training.clip_norm=1 training.class_weight.1=2
}

test_refuses_bad_recipes() {
    refuses_bad_recipes train
}

# An invalid network is reported before photos are loaded. The old split list is not overwritten.
test_refuses_bad_networks_early() {
    need photos recipe
    echo before >split.before
    cat >three.json <<'END'
{"graph": {"layers": [{"type": "input", "name": "i", "height": 4, "width": 5, "channels": 3},
    {"type": "flatten", "name": "f", "inputs": ["i"]},
    {"type": "dense", "name": "head", "inputs": ["f"], "units": 3, "activation": "softmax",
     "bias": true, "initializer": "default"}]}}
END
    for bad in "preset=mlp --freeze nolayer:no layer \"nolayer\"" \
        "recipe=recipe.json --freeze nolayer:no layer" "recipe=three.json:it needs 3"; do
        # shellcheck disable=SC2086
        run 1 train drawings --train 24 --val 8 --${bad%%:*} --out x --save-split split.before
        has err "${bad#*:}"
        grep -q "loaded for" err && fail "photos were loaded first: $last"
        [ "$(cat split.before)" = before ] || fail "the list was replaced: $last"
    done
}

# A model records the model that supplied its weights, and that model's own record.
test_weights() {
    need photos recipe by_recipe
    set -- train drawings --train 24 --val 8
    run 0 "$@" --recipe recipe.json --weights recipe.safetensors --out warm.safetensors
    has out "parameters come from recipe.safetensors"
    run 0 info warm.safetensors --json
    holds weights_from.parameters:number weights_from.classes.0=dog \
        weights_from.training.rotation=20 weights_from.recipe.preset=mlp adapted_from:null
    run 0 info warm.safetensors
    has out "weights_from: {"
    run 0 "$@" --recipe recipe.json --weights warm.safetensors --out again.safetensors
    run 0 info again.safetensors --json
    holds weights_from.weights_from.training.rotation=20
    run 0 "$@" --epochs 1 --from warm.safetensors --out again.safetensors
    run 0 info again.safetensors --json
    holds adapted_from.weights_from.training.rotation=20 weights_from:null
    run 1 "$@" --preset mlp --weights nowhere.safetensors --out warm.safetensors
    has err nowhere.safetensors
    run 2 train drawings --from recipe.safetensors --weights recipe.safetensors \
        --out warm.safetensors
    has err --weights
}

test_mirrored_predictions() {
    need photos recipe by_recipe
    run 0 predict --model recipe.safetensors --mirror folders/cats/1.jpg
    cp out mirrored
    run 0 predict --model recipe.safetensors folders/cats/1.jpg
    differ out mirrored "--mirror predicts the same"
    run 0 evaluate folders --model recipe.safetensors --mirror --json
    holds photos=24 mse:number
}

run_cases "$@"
