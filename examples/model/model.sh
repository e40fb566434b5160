#!/bin/sh
# SPDX-License-Identifier: MIT
#
# `make model`: trains the built-in model from nothing with the catdog command, as
# docs/measurements/built-in-model.md describes.
# What was begun goes on where it was stopped, an epoch at most is lost.
#
#   DATA    Kaggle's photos of cats and dogs: the class and the number are in their names (cat.7.jpg)
#   OUT     where everything is written
#   CATDOG  the command
set -eu

recipes=$(dirname "$0")
[ -n "${DATA:-}" ] && [ -d "$DATA" ] || {
    echo "make model: which photos? make model DATA=folder" >&2
    exit 1
}
mkdir -p "$OUT"

# By their numbers: 2 of 18 for the last test, 1 to choose by, the others to train on. The numbers are the
# same in both classes, and in any other folder with these photos.
find -L "$DATA" -iname '*.jp*g' | LC_ALL=C sort | awk -F/ '
    { split($NF, name, "."); n = name[2] }
    n !~ /^[0-9]+$/ { print "no number in the name of " $0 > "/dev/stderr"; exit 1 }
    { print (n % 9 == 4 ? "test" : n % 18 == 7 ? "validation" : "train") "\t" $NF }' >"$OUT/parts.txt"

# train NAME [OPTION...]: by the recipe of that name, unless it has been done. A training that is stopped
# leaves a model, too, so what is complete gets a name of its own.
train() {
    name=$1
    shift
    [ ! -e "$OUT/$name.safetensors" ] || return 0
    "$CATDOG" train "$DATA" --split "$OUT/parts.txt" --recipe "$recipes/$name.json" --seed 1 \
        --checkpoint "$OUT/$name.checkpoint" --resume --history "$OUT/$name.csv" \
        --out "$OUT/$name-unfinished.safetensors" "$@"
    mv "$OUT/$name-unfinished.safetensors" "$OUT/$name.safetensors"
}

# Small pictures cost little time and teach most of it. Then photos mixed in pairs, so that none is learnt by
# heart.
train small
train large --weights "$OUT/small.safetensors"

# It was trained on parts of photos, where animals are larger than on whole ones: those are held larger, too.
"$CATDOG" convert "$OUT/large.safetensors" --size 94x125 --out "$OUT/whole.safetensors"

# The probabilities as large as they are right; weights of half the size.
"$CATDOG" calibrate "$OUT/whole.safetensors" "$DATA" --split "$OUT/parts.txt" --subset validation \
    --out "$OUT/calibrated.safetensors"
"$CATDOG" convert "$OUT/calibrated.safetensors" --half --out "$OUT/catdog.safetensors"

for mirror in "" --mirror; do
    "$CATDOG" evaluate "$DATA" --model "$OUT/catdog.safetensors" --split "$OUT/parts.txt" --subset test \
        $mirror
done
echo "the model: $OUT/catdog.safetensors; lib/catdog.safetensors is what the library is built with"
