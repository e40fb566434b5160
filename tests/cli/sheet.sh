#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog sheet
. "$(dirname "$0")/common.sh"

test_size_and_threads() {
    need photos
    run 0 sheet drawings --out sheet.jpg --count 6 --columns 4 --size 20x30
    has out "sheet.jpg: 6 of"
    mkdir sheet && cp sheet.jpg sheet/a.1.jpg && cp sheet.jpg sheet/b.1.jpg
    # 4 columns of 30 pixels, 2 rows of 20 + 28 pixels (image + caption), and gaps of 4 pixels.
    run 0 survey sheet --headers --json
    holds sizes.0.width=140 sizes.0.height=108
    run 0 sheet drawings --out again.jpg --count 6 --columns 4 --size 20x30 --threads 1
    same sheet.jpg again.jpg "another number of threads, another sheet"
}

# Checks that --mean and --std do not change the sheet, because it shows the original colours, and
# that mirroring, order and fit do change it.
test_what_shows() {
    need photos
    run 0 sheet drawings --out sheet.jpg --count 6 --columns 4 --size 20x30
    run 0 sheet drawings --out again.jpg --count 6 --columns 4 --size 20x30 --mean 0.5,0.4,0.3 \
        --std 0.25,0.5,2
    same sheet.jpg again.jpg "normalisation shows"
    for other in "--mirror off" "--seed 2" "--epoch 2" "--fit crop"; do
        # shellcheck disable=SC2086
        run 0 sheet drawings --out again.jpg --count 6 --columns 4 --size 20x30 $other
        differ sheet.jpg again.jpg "$other does not show"
    done
}

test_recipe() {
    need photos recipe
    set -- drawings --train 24 --val 8 --recipe recipe.json --crop-area 0.5
    run 0 sheet "$@" --cutmix 1 --out sheet.jpg
    has out "24 of 24"
    run 0 sheet "$@" --cutmix 1 --out again.jpg --threads 1
    same sheet.jpg again.jpg "another number of threads, another sheet"
    run 0 sheet "$@" --out again.jpg
    differ sheet.jpg again.jpg "--cutmix changes nothing on the sheet"
}

test_refuses_bad_recipes() {
    refuses_bad_recipes sheet
}

test_photos_of_a_split_list() {
    need few
    printf 'a\tx/cat.1.jpg\nb\tdog.1.jpg\nb\ty/cat.2.jpg\n' >list
    run 0 sheet flat --split list --subset a --out one.jpg
    has out "1 of 1 a photos"
    run 2 sheet flat --out x.jpg --split list
    has err "go together"
    run 2 sheet flat --out x.jpg --subset a
    has err "go together"
}

test_refuses_bad_arguments() {
    need photos
    run 2 sheet drawings
    has err "--out FILE.jpg is required"
    run 1 sheet drawings --out nowhere/sheet.jpg
    run 1 sheet drawings --out sheet.jpg --size 60000x60000 --train 1 --val 1
    run 1 sheet nowhere --out sheet.jpg
    has err nowhere
}

# little STATUS ARGUMENT...: runs catdog with a memory limit of one gigabyte.
little() {
    expected=$1
    shift
    last="catdog $*, with little memory"
    (ulimit -v 1000000 && exec "$catdog" "$@") >out 2>err
    got=$?
    [ $got -eq "$expected" ] || fail "status $got instead of $expected: $last"
    has err "--memory SIZE"
    has err "--cache FILE"
}

# If the pixels do not fit into memory, only a part of them is kept. If --memory is too large, the
# command fails and suggests --memory and --cache.
test_little_memory() {
    need photos
    last="catdog --version, with little memory"
    (ulimit -v 1000000 && exec "$catdog" --version) >out 2>err || return 0 # a sanitizer needs more
    set -- sheet drawings --out little.jpg --count 1 --batch-size 1 --size 3000x3000 --threads 2
    little 0 "$@"
    has err "1024 MB of memory: 256 MB of them are kept"
    little 1 "$@" --memory 100G
    has err "images of 3000 x 3000"
}

run_cases "$@"
