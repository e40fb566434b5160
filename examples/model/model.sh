#!/bin/sh
# SPDX-License-Identifier: MIT
#
# `make model`: trains the built-in model from scratch with the catdog command, as described in
# docs/reference/model-card.md. If a run is stopped, the next run continues after the last complete
# epoch.
#
#   DATA    the folder with Kaggle's photos of cats and dogs, named by class and number (cat.7.jpg)
#   OUT     the folder for all results
#   CATDOG  the catdog program
set -eu

recipes=$(dirname "$0")
[ -n "${DATA:-}" ] && [ -d "$DATA" ] || {
    echo "make model: DATA=folder is required" >&2
    exit 1
}
mkdir -p "$OUT"

# Writes the split list. The number in a photo's name determines its subset: of 18 consecutive
# numbers, 2 are for the test set, 1 is for the validation set and 15 are for the training set. So
# the split is the same for both classes and for every copy of the photos.
find -L "$DATA" -iname '*.jp*g' | LC_ALL=C sort | awk -F/ '
    { split($NF, name, "."); n = name[2] }
    n !~ /^[0-9]+$/ { print "no number in the name of " $0 > "/dev/stderr"; exit 1 }
    { print (n % 9 == 4 ? "test" : n % 18 == 7 ? "validation" : "train") "\t" $NF }' \
    >"$OUT/split.txt"

# train NAME [OPTION...]: trains with the recipe NAME.json, unless NAME.safetensors exists. Training
# writes a model even if it is stopped. So it writes NAME-unfinished.safetensors, which is renamed
# after a complete training.
train() {
    name=$1
    shift
    [ ! -e "$OUT/$name.safetensors" ] || return 0
    "$CATDOG" train "$DATA" --split "$OUT/split.txt" --recipe "$recipes/$name.json" --seed 1 \
        --checkpoint "$OUT/$name.checkpoint" --resume --history "$OUT/$name.csv" \
        --out "$OUT/$name-unfinished.safetensors" "$@"
    mv "$OUT/$name-unfinished.safetensors" "$OUT/$name.safetensors"
}

# Most epochs use small images, because they take less time. The second training continues with
# larger images. It uses mixup and CutMix to reduce overfitting.
train small
train large --weights "$OUT/small.safetensors"

# The network was trained on random crops, in which animals appear larger than in whole photos. So
# predictions use a larger input size, at which animals in whole photos are about as large.
"$CATDOG" convert "$OUT/large.safetensors" --size 94x125 --out "$OUT/whole.safetensors"

# Calibrates the probabilities and converts the weights to half precision.
"$CATDOG" calibrate "$OUT/whole.safetensors" "$DATA" --split "$OUT/split.txt" --subset validation \
    --out "$OUT/calibrated.safetensors"
"$CATDOG" convert "$OUT/calibrated.safetensors" --half --out "$OUT/catdog.safetensors"

for mirror in "" --mirror; do
    "$CATDOG" evaluate "$DATA" --model "$OUT/catdog.safetensors" --split "$OUT/split.txt" \
        --subset test $mirror
done
echo "model: $OUT/catdog.safetensors; the library is built with lib/catdog.safetensors"
