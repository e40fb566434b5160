#!/bin/sh
# SPDX-License-Identifier: MIT
#
# catdog split
. "$(dirname "$0")/common.sh"

test_draws_the_split_of_train() {
    need photos
    run 0 split drawings --out parts.txt --train 20 --val 10 --seed 6
    has out "train: 20 photos, 2 classes: dog 10, cat 10"
    run 0 train drawings --preset mlp --size 4x4 --epochs 1 --train 20 --val 10 --seed 6 \
        --out x.model --split-list train.txt
    grep -v empty.jpg parts.txt | cmp -s - train.txt || fail "another split than train's"
}

test_test_set() {
    need photos
    run 0 split drawings --out parts.txt --test 9 --val 10
    [ "$(cut -f 1 parts.txt | sort | uniq -c | tr -s '\n ' ' ')" = \
        " 9 test 30 train 10 validation " ] || fail "other sizes: $last"
    [ -z "$(cut -f 2 parts.txt | sort | uniq -d)" ] || fail "a photo is in two parts"
    run 0 train drawings --preset mlp --size 4x4 --epochs 1 --parts parts.txt --out x.model
    run 0 evaluate drawings --model x.model --parts parts.txt --part test --json
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

# odd: cat.1 and dog.1 are the same file.
test_keeps_duplicates_together() {
    need odd
    for seed in 1 2 3 4 5 6; do
        run 0 split odd --out parts.txt --train 3 --val 3 --test 2 --seed $seed --together
        [ "$(grep '[.]1[.]jpg' parts.txt | cut -f 1 | uniq | wc -l)" -eq 1 ] ||
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
