#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog train: photos from a split list, --cache and --memory.
. "$(dirname "$0")/common.sh"

test_split_list_trains_the_same_model() {
    need photos
    set -- --preset mlp --size 6x8 --epochs 1 --batch-size 8 --learning-rate 0.001 --seed 4
    run 0 train drawings "$@" --train 30 --val 10 --out split.model --save-split split.list
    run 0 train drawings "$@" --split split.list --out listed.model --save-split again.txt
    same split.model listed.model "the list of the split gives another model"
    same split.list again.txt "the list of the list is another"
    has err "photos of drawings are not in split.list: left out"
}

# A split list may contain equal file names, comments, carriage returns and columns after the path.
test_split_list_matches_paths() {
    need few
    set -- --preset mlp --size 6x8 --epochs 1 --batch-size 8 --learning-rate 0.001 --seed 4
    printf '# a comment\n\ntrain\t%s\ntrain\t%s\r\nvalidation\t%s\tmore\nvalidation\t%s\n' \
        few/cats/1.jpg ./few/dogs/1.jpg cats/2.jpg old/few/dogs/2.jpg >list
    printf 'left-out\tcats/3.jpg\nleft-out\tdogs/3.jpg\nleft-out\tcats/9.jpg\n' >>list
    run 0 train few "$@" --split list --out few.list.model --save-split few.txt
    printf 'train\tfew/%s\ntrain\tfew/%s\nvalidation\tfew/%s\nvalidation\tfew/%s\n' cats/1.jpg \
        dogs/1.jpg cats/2.jpg dogs/2.jpg | cmp -s - few.txt || fail "other photos than listed"
    has err "2 photos of few are not in list: left out"
    run 0 evaluate few/ --model few.list.model --split list --subset left-out --json
    has err "list: line 9: few/ has no photo called cats/9.jpg"
    holds photos=2 confusion.matrix.0.0:number
}

test_refuses_bad_split_lists() {
    need few
    set -- --preset mlp --size 6x8 --epochs 1 --batch-size 8 --learning-rate 0.001 --seed 4
    printf 'a\tcats/1.jpg\n' >list
    run 1 train few "$@" --split list
    run 1 train few "$@" --split nowhere
    has err "nowhere: cannot be read"
    run 1 train few "$@" --split .
    run 2 train few "$@" --split list --val 1
    has err --split
}

train_stored() {
    run 0 train drawings --preset conv24 --size 12x14 --train 32 --val 8 --batch-size 8 --epochs 2 \
        --seed 3 "$@"
}

make_plain() {
    need photos
    "$catdog" train drawings --preset conv24 --size 12x14 --train 32 --val 8 --batch-size 8 \
        --epochs 2 --seed 3 --out plain.safetensors
}

test_cache_and_memory_do_not_change_the_model() {
    need photos plain
    for where in "--cache pixels" "--cache pixels" "--memory 2K" "--memory 1" "--memory 1G"; do
        # shellcheck disable=SC2086
        train_stored $where --out stored.safetensors
        same plain.safetensors stored.safetensors "another model"
        grep -q "made anew" err && fail "a good cache is made anew: $last"
        has err "empty.jpg"
    done
}

test_damaged_cache_is_made_anew() {
    need photos plain
    train_stored --cache pixels --out stored.safetensors
    cp pixels whole
    printf 'damage' | dd of=pixels bs=1 seek=5000 conv=notrunc 2>/dev/null
    train_stored --cache pixels --out stored.safetensors
    has err "pixels: an image in it is damaged: the cache is made anew"
    [ "$(grep -c "made anew" err)" -eq 1 ] || fail "made anew more than once: $last"
    same plain.safetensors stored.safetensors "another model after a damaged cache"
    same pixels whole "the damaged cache is not as it was"
}

test_goes_on_without_a_cache() {
    need photos plain
    printf 'dear friend' >letter
    train_stored --cache letter --out stored.safetensors
    has err "letter: not a cache of images: left as it is, going on without this cache"
    [ "$(cat letter)" = 'dear friend' ] || fail "something else was replaced by a cache"
    same plain.safetensors stored.safetensors "another model without its cache"
    train_stored --cache no/such/pixels --out stored.safetensors
    has err "no/such/pixels: cannot be written: No such file or directory: going on without this"
    same plain.safetensors stored.safetensors "another model without its cache"
}

test_refuses_bad_sizes() {
    for bad in 0 -1 64X M 64MB 1.5G 99999999999G ""; do
        run 2 train drawings --preset mlp --memory "$bad"
        has err "--memory: \"$bad\" is not a number of bytes"
    done
    run 2 train drawings --preset mlp --cache=
    has err --cache
}

run_cases "$@"
