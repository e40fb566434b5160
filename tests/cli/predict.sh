#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog predict
. "$(dirname "$0")/common.sh"

photos="folders/cats/1.jpg folders/dogs/1.jpg folders/cats/2.jpg"

test_a_line_a_photo() {
    need photos model
    set -- $photos
    run 0 predict --model model.safetensors "$@"
    quiet_err
    cut -f1 out >order
    printf '%s\n' "$@" | cmp -s - order || fail "another order: $last"
    awk -F '\t' 'NF != 3 || ($2 != "cat" && $2 != "dog") || $3 < 0.5 || $3 > 1 { exit 1 }' out ||
        fail "not path, label, probability: $last"
}

test_bad_photos_among_good_ones() {
    need photos model
    set -- $photos
    run 0 predict --model model.safetensors "$@"
    cp out good
    run 1 predict --model model.safetensors "$1" text.jpg "$2" nowhere.jpg "$3"
    same out good "the good photos did not go on"
    has err text.jpg
    has err nowhere.jpg
    [ "$(wc -l <err)" -eq 2 ] || fail "not a line for each bad photo: $last"
    run 1 predict --model model.safetensors --json "$1" text.jpg "$2"
    holds "#=3" 0.path="$1" 0.label:string 0.probability:number 0.probabilities.dog:number \
        1.error:string 2.path="$2"
    has out "text.jpg: "
}

test_standard_input() {
    need photos model
    set -- $photos
    run 0 predict --model model.safetensors "$@"
    cp out good
    last="catdog predict -"
    "$catdog" predict --model model.safetensors "$2" - "$3" <"$1" >out 2>err || fail "stdin"
    [ "$(sed -n 2p out | cut -f2-)" = "$(sed -n 1p good | cut -f2-)" ] ||
        fail "standard input is predicted otherwise"
    [ "$(sed -n 2p out | cut -f1)" = - ] || fail "standard input is not called -"
    run 1 predict --model model.safetensors -
}

test_odd_file_names() {
    need photos model
    cp folders/cats/1.jpg ./-b.jpg
    cp folders/cats/1.jpg 'a b.jpg'
    run 0 predict --model=model.safetensors 'a b.jpg' -- -b.jpg
    [ "$(wc -l <out)" -eq 2 ] || fail "two photos, other lines: $last"
}

test_three_classes() {
    need three
    run 0 predict --model three.safetensors --json three/birds/0.jpg
    holds 0.probabilities.birds:number 0.probabilities.#=3
}

test_bad_model() {
    need photos
    run 1 predict --model text.jpg folders/cats/1.jpg
    has err text.jpg
    run 1 predict --model ./builtin folders/cats/1.jpg
    has err ./builtin
}

# Checks three ways to use the built-in model: no --model option, the name builtin, and its file.
test_builtin_model() {
    need photos
    run_builtin 0 predict folders/cats/1.jpg folders/dogs/1.jpg || return 0
    quiet_err
    cp out unnamed
    run 0 predict --model builtin folders/cats/1.jpg folders/dogs/1.jpg
    same out unnamed "another model"
    run 0 convert builtin --out builtin.safetensors
    run 0 predict --model builtin.safetensors folders/cats/1.jpg folders/dogs/1.jpg
    same out unnamed "another model"
}

# If the library was built without a model, every command that needs the model fails and says so.
test_no_builtin_model() {
    need photos
    ! has_builtin || return 0
    for command in "info --json" "predict folders/cats/1.jpg" "evaluate folders" \
        "bench builtin --inference --runs 1" "convert builtin --out x" \
        "train drawings --preset mlp --weights builtin"; do
        # shellcheck disable=SC2086
        run_builtin 0 $command
        [ ! -s out ] || [ "${command%% *}" = train ] || fail "an answer without a model: $last"
    done
}

run_cases "$@"
