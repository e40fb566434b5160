#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog split
. "$(dirname "$0")/common.sh"

test_draws_the_split_of_train() {
    need photos
    run 0 split drawings --out split.list --train 20 --val 10 --seed 6
    has out "train: 20 photos, 2 classes: dog 10, cat 10"
    run 0 train drawings --preset mlp --size 4x4 --epochs 1 --train 20 --val 10 --seed 6 \
        --out x.model --save-split train.txt
    grep -v empty.jpg split.list | cmp -s - train.txt || fail "another split than train's"
}

test_test_set() {
    need photos
    run 0 split drawings --out split.list --test 9 --val 10
    [ "$(cut -f 1 split.list | sort | uniq -c | tr -s '\n ' ' ')" = \
        " 9 test 30 train 10 validation " ] || fail "other sizes: $last"
    [ -z "$(cut -f 2 split.list | sort | uniq -d)" ] || fail "a photo is in two subsets"
    run 0 train drawings --preset mlp --size 4x4 --epochs 1 --split split.list --out x.model
    run 0 evaluate drawings --model x.model --split split.list --subset test --json
}

test_folds() {
    need photos
    run 0 split drawings --out fold --folds 4
    for k in 1 2 3 4; do
        [ "$(wc -l <fold.$k)" -eq 49 ] || fail "not every photo is in fold.$k"
        grep '^validation' fold.$k
    done | cut -f 2 | sort | uniq -c | awk '$1 != 1 { exit 1 } END { exit NR != 49 }' ||
        fail "a photo is not validated exactly once"
}

# In the fixture odd, cat.1.jpg and dog.1.jpg are identical files.
test_keeps_duplicates_together() {
    need odd
    for seed in 1 2 3 4 5 6; do
        run 0 split odd --out split.list --train 3 --val 3 --test 2 --seed $seed --group-duplicates
        [ "$(grep '[.]1[.]jpg' split.list | cut -f 1 | uniq | wc -l)" -eq 1 ] ||
            fail "a pair is torn: $last"
    done
}

test_refuses_bad_arguments() {
    need photos
    run 2 split drawings
    run 2 split drawings --out x --folds 4 --val 3
    run 2 split drawings --out x --folds 1
    run 1 split drawings --out x --test 49
    run 1 split drawings --out nowhere/x
    run 1 split nowhere --out x
    [ ! -e x ] || fail "a failed split left a list"
}

run_cases "$@"
