#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog survey
. "$(dirname "$0")/common.sh"

test_counts_classes_and_sizes() {
    need photos
    run 0 survey drawings
    has out "dog 24, cat 25"
    has out "200 x 150"
    has out "1 unreadable"
}

test_json() {
    need photos
    run 0 survey drawings --json
    quiet_err
    holds photos=49 classes.cat=25 sizes.0.width=200 sizes.0.height=150 sizes.0.count:number \
        unreadable=1
    run 0 survey drawings --json --photos 5
    holds photos=5
    holds imbalance:number aspect_ratios:object color_spaces.YCbCr=5 orientations.1=5 \
        warnings.#=0 failed:array
}

test_missing_folder() {
    run 1 survey nowhere
    has err nowhere
}

test_names_damaged_and_duplicate_photos() {
    need odd
    run 0 survey odd
    quiet_err
    has out "the largest class has 3.0 times as many photos"
    has out "odd/dog.cut.jpg: is cut short"
    has out "odd/dog.surplus.jpg: Corrupt JPEG data"
    has out "same bytes, in different classes"
    has out "2 photos in 1 groups of the same bytes"
}

test_json_of_damaged_and_duplicate_photos() {
    need odd
    run 0 survey odd --json --seed 3 --train 4 --val 4
    quiet_err
    holds photos=8 unreadable=1 imbalance=3 failed.0.path=odd/dog.cut.jpg failed.0.reason:string \
        warnings.#=1 warnings.0.path=odd/dog.surplus.jpg duplicates.0.photos.#=2 \
        duplicates.0.photos.0.path=odd/cat.1.jpg duplicates.0.photos.0.class=cat \
        duplicates.0.photos.1.class=dog duplicates.0.photos.0.subset:string
    cp out whole
    run 0 survey odd --json --seed 3 --train 4 --val 4 --threads 1
    same out whole "another number of threads, another survey"
}

test_split_is_that_of_train() {
    need odd
    run 0 survey odd --json --seed 3 --train 4 --val 4
    cp out whole
    run 0 train odd --preset mlp --size 4x4 --seed 3 --train 4 --val 4 --epochs 1 --out odd.model \
        --save-split odd.txt
    for photo in odd/cat.1.jpg odd/dog.1.jpg; do
        subset=$(grep "	$photo\$" odd.txt | cut -f1)
        grep -A 3 "\"path\": \"$photo\"" whole | grep -q "\"subset\": \"$subset\"" ||
            fail "$photo is not in part \"$subset\""
    done
}

test_duplicates_across_a_split_list() {
    need few
    mkdir twice
    cp few/cats/1.jpg twice/cat.1.jpg
    cp few/cats/1.jpg twice/cat.2.jpg
    cp few/dogs/1.jpg twice/dog.1.jpg
    printf 'a\tcat.1.jpg\nb\tcat.2.jpg\na\tdog.1.jpg\n' >both
    run 0 survey twice --split both --json
    holds photos=3 duplicates.0.across_split=true duplicates.0.photos.1.subset=b
    sed s/^b/a/ both >together
    run 0 survey twice --split together --json
    holds duplicates.0.across_split=false duplicates.0.photos.1.subset=a
    run 0 survey twice --split both
    has out "1 in different subsets"
    run 2 survey twice --subset a
}

test_headers_only() {
    need odd
    run 0 survey odd --headers --json
    holds unreadable=0 duplicates.#=0
}

test_refuses_bad_arguments() {
    need odd
    run 2 survey odd --radius 64
    run 2 survey odd --plot sizes.gif
    run 1 survey odd --plot nowhere/sizes.svg
    run 1 survey odd --train 100
}

test_plot() {
    command -v gnuplot >/dev/null || return 0
    need odd
    run 0 survey odd --plot sizes.svg
    has sizes.svg "<svg"
    has sizes.svg "most common sizes"
    quiet_err
}

run_cases "$@"
