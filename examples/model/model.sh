#!/bin/sh
# SPDX-License-Identifier: MIT
#
# `make model`: trains the built-in model from nothing with the catdog command, as
# docs/reference/model-card.md describes. A run that was stopped continues after its last complete
# epoch.
#
#   DATA    Kaggle's photos of cats and dogs, with class and number in their names (cat.7.jpg)
#   OUT     the folder for all results
#   CATDOG  the command
set -eu

recipes=$(dirname "$0")
[ -n "${DATA:-}" ] && [ -d "$DATA" ] || {
    echo "make model: DATA=folder is required" >&2
    exit 1
}
mkdir -p "$OUT"

# The number of a photo decides its subset: of 18 photos 2 are for the test, 1 is for validation and
# 15 are for training. Both classes have the same numbers, and so has every copy of the photos.
find -L "$DATA" -iname '*.jp*g' | LC_ALL=C sort | awk -F/ '
    { split($NF, name, "."); n = name[2] }
    n !~ /^[0-9]+$/ { print "no number in the name of " $0 > "/dev/stderr"; exit 1 }
    { print (n % 9 == 4 ? "test" : n % 18 == 7 ? "validation" : "train") "\t" $NF }' \
    >"$OUT/split.txt"

# train NAME [OPTION...]: trains by the recipe of that name if its model does not exist. A training
# that is stopped also leaves a model, so a complete model gets another name.
train() {
    name=$1
    shift
    [ ! -e "$OUT/$name.safetensors" ] || return 0
    "$CATDOG" train "$DATA" --split "$OUT/split.txt" --recipe "$recipes/$name.json" --seed 1 \
        --checkpoint "$OUT/$name.checkpoint" --resume --history "$OUT/$name.csv" \
        --out "$OUT/$name-unfinished.safetensors" "$@"
    mv "$OUT/$name-unfinished.safetensors" "$OUT/$name.safetensors"
}

# Most of the training uses small images, which take little time. Then mixup and CutMix on larger
# images keep the network from memorising photos.
train small
train large --weights "$OUT/small.safetensors"

# The network was trained on random crops, in which animals are larger than in whole photos.
# Therefore it takes whole photos at a larger size.
"$CATDOG" convert "$OUT/large.safetensors" --size 94x125 --out "$OUT/whole.safetensors"

# Calibrated probabilities, and weights in half precision.
"$CATDOG" calibrate "$OUT/whole.safetensors" "$DATA" --split "$OUT/split.txt" --subset validation \
    --out "$OUT/calibrated.safetensors"
"$CATDOG" convert "$OUT/calibrated.safetensors" --half --out "$OUT/catdog.safetensors"

for mirror in "" --mirror; do
    "$CATDOG" evaluate "$DATA" --model "$OUT/catdog.safetensors" --split "$OUT/split.txt" \
        --subset test $mirror
done
echo "model: $OUT/catdog.safetensors; the library is built with lib/catdog.safetensors"
