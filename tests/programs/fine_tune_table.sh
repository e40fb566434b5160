#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Prints the accuracy of fine-tuning as a Markdown table: one column for each number of photos a
# class. The rows are a network with random initial weights, a model of which only the head is
# trained, and a model of which all layers are trained. All trainings with the same seed use the
# same validation set.
#
#   fine_tune_table.sh PHOTOS [MODEL] [OPTION...]
#
# PHOTOS   a folder of two classes with 1,500 photos each. The class names must differ from the
#          model's, so that fine-tuning replaces the head, and the model must not have been trained
#          on these photos.
# MODEL    the model to fine-tune: a file, or builtin (default)
# OPTION   options of catdog train for the network with random weights; default --preset conv64-128
#
#   CATDOG   the command; default build/catdog
#   SIZES    photos a class; default "50 200 1000"
#   VAL      validation photos in all; default 1000
#   SEEDS    one training for each seed, default "1 2 3"; the table shows the means. The seed also
#            selects the photos.
set -eu

photos=$1
shift
model=builtin
[ $# -eq 0 ] || { model=$1 && shift; }
[ $# -gt 0 ] || set -- --preset conv64-128
catdog=${CATDOG:-build/catdog}
sizes=${SIZES:-50 200 1000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# accuracy N OPTION...: prints the mean accuracy over the seeds, in percent.
accuracy() {
    n=$1
    shift
    for seed in ${SEEDS:-1 2 3}; do
        "$catdog" train "$photos" --train $((2 * n)) --val "${VAL:-1000}" --seed "$seed" \
            --out "$work/model" --save-split "$work/split" --json "$@" \
            >"$work/json" 2>"$work/log" || {
            cat "$work/log" >&2
            exit 1
        }
        grep '^validation' "$work/split" >"$work/validation"
        [ -e "$work/validation.$seed" ] || cp "$work/validation" "$work/validation.$seed"
        cmp "$work/validation" "$work/validation.$seed" >&2
        sed -n '/^  "validation"/,$s/^    "accuracy": \([0-9.]*\),$/\1/p' "$work/json"
    done | awk '{ sum += $1 } END { if (NR == 0) exit 1; printf "%.1f %%", 100 * sum / NR }'
}

# row NAME OPTION...: prints a row of the table.
row() {
    printf '| %s |' "$1"
    shift
    for size in $sizes; do
        printf ' %s |' "$(accuracy "$size" "$@")"
    done
    echo
}

printf '| photos a class |'
for size in $sizes; do printf ' %s |' "$size"; done
echo
printf '| --- |'
for size in $sizes; do printf ' --- |'; done
echo
row "from nothing" "$@"
row "fine-tuned, the head alone" --from "$model" --head-only
row "fine-tuned as a whole" --from "$model"
