#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog train: presets, options, resuming, interrupting.
. "$(dirname "$0")/common.sh"

test_prints_figures_and_writes_files() {
    need photos
    run 0 train drawings --preset mlp --size 16x20 --train 36 --val 8 --epochs 3 \
        --batch-size=12 --learning-rate 0.001 --seed 5 --threads 2 --out model.safetensors \
        --history "my history.csv" --save-split split.txt
    has out "2 classes: dog 18, cat 18"
    has out "dense_1"
    has out "best epoch:"
    has out "best threshold"
    has out "model: model.safetensors"
    has err "epoch 1/3"
    has err "epoch 3/3"
    has err "empty.jpg"
    [ "$(grep -c '^epoch' err)" -eq 3 ] || fail "not one line an epoch: $last"
    [ "$(wc -l <'my history.csv')" -eq 4 ] || fail "history is not a header and 3 lines"
    [ "$(grep -c '^train	' split.txt)" -ge 35 ] || fail "too few photos in split.txt"
    [ "$(grep -c '^validation	' split.txt)" -ge 7 ] || fail "too few photos in split.txt"
    [ -z "$(cut -f2 split.txt | sort | uniq -d)" ] || fail "a photo is on both sides"
}

test_threads_do_not_change_the_model() {
    need photos model
    run 0 train drawings --preset mlp --size 16x20 --train 36 --val 8 --epochs 3 \
        --batch-size=12 --learning-rate 0.001 --seed 5 --threads 1 --out again.safetensors --json
    same model.safetensors again.safetensors "another number of threads, another model"
    holds preset=mlp seed=5 model=again.safetensors history.#=3 history.2.epoch=3 \
        history.0.val_loss:number best_epoch:number validation.thresholds.#=10 classes.cat=25 \
        skipped.#:number
}

test_takes_every_option() {
    need photos
    run 0 train drawings --preset conv24 --size 12x14 --train 16 --val 8 --epochs 2 \
        --batch-size 8 --loss binary_cross_entropy --optimizer sgd --momentum 0.9 \
        --weight-decay 0 --schedule step --warmup-epochs 1 \
        --step-epochs 1 --step-factor 0.5 --patience 2 --init he --fit letterbox --decode scaled \
        --mean 0.5,0.5,0.5 --std 0.25,0.25,0.25 --layout prefix --out other.safetensors
    run 0 info other.safetensors --json
    holds preprocess.fit=letterbox preprocess.decode=scaled preprocess.mean.0=0.5 \
        preprocess.std.2=0.25 preprocess.height=12 preprocess.width=14
}

test_help_names_the_defaults() {
    run 0 train --help
    says out "with --recipe the recipe's, else mse"
}

test_needs_a_network() {
    run 2 train d
    has err conv64-128
    run 2 train d --preset conv1
    has err conv64-128
    run 2 train d --preset mlp --out m --history m
}

test_refuses_bad_values() {
    for bad in --epochs=0 --epochs=-1 --epochs=1x --epochs= "--epochs= 1" \
        --epochs=99999999999999999999 --learning-rate=0 --learning-rate=nan \
        --learning-rate=0x1 --learning-rate=1,5 --learning-rate=-1 --size=94 \
        --size=94x --size=94x0 --size=94x125x3 --mean=1,2 --std=0,1,1 --std=1,1,1,1 --loss=l1 \
        --seed=0 --seed=-3 --seed=9223372036854775808 --train=0 --strict=yes --threads=1025 \
        --fit=round --resume --out=; do
        run 2 train d --preset mlp "$bad"
        has err "${bad%%=*}"
    done
}

test_failure_leaves_no_model() {
    need photos
    run 1 train drawings --preset mlp --strict
    has err "empty.jpg"
    run 1 train nowhere --preset mlp
    has err nowhere
    run 1 train drawings --preset mlp --out nowhere/model
    has err "nowhere/model"
    run 1 train drawings --preset mlp --history .
    run 1 train drawings --preset mlp --train 1000 --val 8
    [ ! -e catdog.safetensors ] || fail "a failed training left a model"
}

test_class_weight() {
    need odd
    set -- train odd --preset mlp --size 4x4 --epochs 1 --val 3 --seed 1 --out weighted
    run 0 "$@" --class-weight auto
    has out "times as many photos"
    run 0 info weighted --json
    grep -q 'class_weight' out || fail "class weights are not in the model's record"
    run 0 "$@" --class-weight 2,1
    run 1 "$@" --class-weight 1,2,3
    has err "3 class_weights were given; there are 2 classes"
    for bad in 1, ,1 x 1,x nan,1; do
        run 2 "$@" --class-weight "$bad"
        has err "--class-weight"
    done
    run 1 "$@" --class-weight=-1,1
    run 0 "$@" --class-weight none
}

test_three_classes() {
    need three recipe
    run 0 train three --preset mlp --size 8x10 --epochs 1 --learning-rate 0.001 \
        --out x.safetensors --json
    holds classes.birds=8 validation.confusion.matrix.2.2:number validation.best_threshold:null
    run 0 info three.safetensors --json
    holds classes.#=3
    run 0 train three --recipe recipe.json --class-weight none --val 6 --out recipe.safetensors
    run 0 info recipe.safetensors --json
    holds training.loss=mse # the default, because the recipe does not set a loss
}

test_resume() {
    need photos
    set -- train drawings --preset mlp --size 8x10 --train 24 --val 8 --batch-size 8 \
        --learning-rate 0.001 --schedule constant
    run 0 "$@" --epochs 4 --out straight.safetensors --history straight.csv
    run 0 "$@" --epochs 2 --out resumed.safetensors --checkpoint checkpoint
    run 0 "$@" --epochs 4 --out resumed.safetensors --history resumed.csv --checkpoint checkpoint \
        --resume
    [ "$(grep -c '^epoch' err)" -eq 2 ] || fail "resuming did not go on after epoch 2: $last"
    cut -d, -f1-10 straight.csv >a
    cut -d, -f1-10 resumed.csv >b
    same a b "resuming gives another history"
    run 0 "$@" --epochs 1 --out fresh.safetensors --checkpoint fresh --resume
    has err "does not exist yet"
}

# interrupt SIGNAL STATUS: starts a long training, sends the signal after its first epoch, and
# checks the exit status and the output files.
interrupt() {
    need photos
    : >err
    "$catdog" train drawings --preset mlp --size 8x10 --train 32 --val 8 --epochs 1000000 \
        --learning-rate 0.0001 --out stopped.safetensors --history stopped.csv \
        >out 2>err </dev/null &
    child=$!
    tries=0
    while ! grep -q '^epoch 1/' err && [ $tries -lt 300 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -"$1" $child
    wait $child
    got=$?
    child=
    [ $got -eq "$2" ] || fail "status $got after SIG$1"
    [ -s stopped.csv ] || fail "no history after SIG$1"
    run 0 info stopped.safetensors
}

test_interrupt_saves_the_model() {
    interrupt INT 130
}

test_termination_saves_the_model() {
    interrupt TERM 143
}

test_progress_bar_at_a_terminal() {
    need photos
    last="catdog train at a terminal"
    if ! script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
        echo "no terminal can be made here (script): skipped" >&2
        return
    fi
    script -qec "'$catdog' train drawings --preset mlp --size 8x10 --epochs 1 --out t.model" \
        /dev/null </dev/null >out 2>&1 || fail "train at a terminal"
    has out "epoch 1/1 ["
    has out "ETA"
    has out "images"
}

run_cases "$@"
