#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Trains networks and prints their accuracy as a Markdown table.
#
#   ablation  the effect of each part of the built-in model's network and training: a smaller
#             network of the same kind is trained briefly, then again with one change at a time
#   sizes     accuracy against multiply-adds: networks of the same kind with the same recipe
#
#   recipe_tables.sh PHOTOS ablation|sizes [ROW...]
#
# PHOTOS   a folder of cats and dogs with numbers in their names (cat.7.jpg). Numbers that are 4
#          modulo 9 are the test set of the built-in model and are not used.
# ROW      numbers of the rows to print; default all
#
#   CATDOG   the command; default build/catdog
#   EPOCHS   epochs of each training; default 16
#   TRAIN    photos to train on, default 6000
#   VAL      photos to evaluate on, default 4000; 500 others are the validation set
#   SEEDS    one training for each seed, default "1 2"; the table shows the means
set -eu

photos=$1
table=$2
shift 2
wanted=" ${*:-all} "
here=$(dirname "$0")
catdog=${CATDOG:-build/catdog}
case $table in
ablation | sizes) ;;
*) echo "$0: ablation or sizes?" >&2 && exit 2 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# All rows use the same photos, selected by a hash of their number. The test set is excluded.
find -L "$photos" -iname '*.jp*g' | LC_ALL=C sort |
    awk -F/ -v train="${TRAIN:-6000}" -v val="${VAL:-4000}" \
    -v stop=500 '
    { split($NF, name, "."); n = name[2] }
    n % 9 == 4 { next }
    { key[++count] = n * 7919 % 12503; file[count] = $NF; seen[key[count]]++ }
    END {
        for (k = 0; k < 12503; k++) {
            if (taken < train + stop + val)
                part[k] = taken < train ? "train" : taken < train + stop ? "validation" : "test"
            taken += seen[k]
        }
        for (i = 1; i <= count; i++)
            if (key[i] in part)
                print part[key[i]] "\t" file[i]
    }' >"$work/parts"

row_number=0
# row NAME [JUDGE=HxW] [VARIABLE=VALUE...] [-- OPTION...]: trains and evaluates a network, and
# prints the row. JUDGE is the input size of the evaluation, if it differs from the training's.
row() {
    name=$1
    shift
    row_number=$((row_number + 1))
    case $wanted in
    " all " | *" $row_number "*) ;;
    *) return 0 ;;
    esac
    network=
    judge=
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        case $1 in
        JUDGE=*) judge=${1#JUDGE=} ;;
        *) network="$network $1" ;;
        esac
        shift
    done
    [ $# -eq 0 ] || shift
    # shellcheck disable=SC2086 # a word each
    env EPOCHS="${EPOCHS:-16}" $network sh "$here/residual_recipe.sh" >"$work/recipe.json"
    for seed in ${SEEDS:-1 2}; do
        train_and_judge "$@" >"$work/log" 2>&1 || {
            cat "$work/log" >&2
            exit 1
        }
    done
    "$catdog" info "$work/model" | awk -v name="$name" -v n="$row_number" '
        # Reads the network, then the results of the evaluation and the last epoch of each seed.
        $1 == "total" { parameters = $2; multiply_adds = $3 }
        /^accuracy at/ {
            runs++
            right += $4
            all = all (runs > 1 ? ", " : "") $4
        }
        /^binary cross-entropy/ { loss += $3 }
        /^right in training/ { trained += 100 * $4 }
        END {
            printf "| %d | %s | %s | %s | %.1f | %s | %.3f | %.1f |\n", \
                   n, name, multiply_adds, parameters, \
                   right / runs, all, loss / runs, trained / runs
        }' - "$work"/judged.*
}

# train_and_judge [OPTION...]: trains and evaluates once for each seed.
train_and_judge() {
    "$catdog" train "$photos" --split "$work/parts" --recipe "$work/recipe.json" \
        --seed "$seed" "$@" \
        --history "$work/history" --out "$work/model" &&
        { [ -z "$judge" ] ||
            "$catdog" convert "$work/model" --size "$judge" --out "$work/model"; } &&
        "$catdog" evaluate "$photos" --model "$work/model" --split "$work/parts" --subset test \
            >"$work/judged.$seed" &&
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
                 END { print "right in training " $column["accuracy"] }' "$work/history" \
                 >>"$work/judged.$seed"
}

printf '%s %s\n' '| | | multiply-adds | parameters | right, % | each seed |' \
    'cross-entropy | right in training, % |'
echo '| --- | --- | --- | --- | --- | --- | --- | --- |'

small() {
    name=$1
    shift
    row "$name" HEIGHT=64 WIDTH=85 STEM=24 STAGES=32,64,128 BLOCKS=1 "$@"
}

if [ "$table" = ablation ]; then
    small 'all of it'
    small 'no shortcuts' SHORTCUT=0
    small 'no batch normalisation' NORM=0
    small 'no global average' POOL=0
    small 'dropout 0.3' DROPOUT=0.3
    small 'no weight decay' -- --weight-decay 0
    small 'constant learning rate' -- --schedule constant
    small 'no warm-up' -- --warmup-epochs 0
    small 'no label smoothing' -- --label-smoothing 0
    small 'no moving average' -- --average-decay 0
    small 'gradients clipped to norm 1' -- --clip-norm 1
    small 'mean squared error' -- --loss mse
    small 'SGD with momentum 0.9, rate 0.1' -- --optimizer sgd --momentum 0.9 \
        --learning-rate 0.1 --weight-decay 0.0005
    small 'no mirror' -- --mirror off
    small 'no crop' -- --crop-area 1 --crop-detail 1
    small 'crop from photos of the input size' -- --crop-detail 1
    small 'no rotation' -- --rotation 0
    small 'shear 10 degrees, too' -- --shear 10
    small 'no colours' -- --brightness 0 --contrast 0 --saturation 0 --hue 0
    small 'no erasing' -- --erase 0
    small 'mixup 0.2, too' -- --mixup 0.2
    small 'CutMix 1, too' -- --cutmix 1
else
    # Trains on crops, and evaluates on whole photos at 1.18 times the size.
    half() { row "$@" JUDGE=64x85 HEIGHT=54 WIDTH=72 CROP_DETAIL=1.5; }
    full() { row "$@" JUDGE=94x125 HEIGHT=80 WIDTH=106 CROP_DETAIL=1.5; }
    half '64 x 85, 16, 32, 64 filters, a block each' STEM=16 STAGES=16,32,64 BLOCKS=1
    full '94 x 125, 16, 32, 64 filters, a block each' STEM=16 STAGES=16,32,64 BLOCKS=1
    full '94 x 125, 32, 64, 128 filters, a block each' STEM=24 STAGES=32,64,128 BLOCKS=1
    half '64 x 85, the built-in network'
    full '94 x 125, 48, 96, 144 filters, two blocks each' STEM=24 STAGES=48,96,144
    full '94 x 125, the built-in network'
fi
