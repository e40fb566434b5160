#!/bin/sh
# SPDX-License-Identifier: MIT
#
# `make demo`: shows a complete training with the catdog command. It predicts with the built-in
# model, surveys the photos, trains a model and draws the learning curves. Then it loads the trained
# model from its file, evaluates it on the validation set and predicts some photos of that set.
#
#   DATA             a folder with photos named cat.0.jpg, dog.0.jpg ..., or with a folder for each
#                    class
#   CATDOG_DATA      the folder with the photos of the tests; used if DATA is empty
#   DEMO             the folder for all results
#   CATDOG           the catdog program
#   CATDOG_PROGRAMS  the folder with the program draw_photos; used if no photos are found
set -eu

preset=conv48x2
most_train=2048
most_validation=512
epochs=5

catdog() {
    echo
    echo "\$ catdog $*"
    "$CATDOG" "$@"
}

holds_photos() {
    [ -n "$1" ] && [ -d "$1" ] &&
        [ -n "$(find -L "$1" -maxdepth 2 -iname '*.jp*g' -print 2>/dev/null | head -n 1)" ]
}

# Sets `photos` to the folder to train on, and `kind` to its contents: photos or drawings.
find_photos() {
    kind=photos
    if [ -n "${DATA:-}" ]; then
        holds_photos "$DATA" || {
            echo "make demo: no JPEGs in DATA=$DATA" >&2
            exit 1
        }
        photos=$DATA
        return
    fi
    for photos in "${CATDOG_DATA:+$CATDOG_DATA/kaggle-200}" "${CATDOG_DATA:-}" \
        ../shared/data/kaggle-200; do
        holds_photos "$photos" && return
    done
    kind=drawings
    photos=$DEMO/drawings
    cat <<END
DATA is not set, so there are no photos. The demo makes DRAWINGS of two kinds of animals instead.
They show that everything works. Their figures say nothing about photos. With your own photos:

    make demo DATA=folder    (with cat.0.jpg, dog.0.jpg, ... or a folder a class)

END
    rm -rf "$photos"
    "$CATDOG_PROGRAMS/draw_photos" "$photos" 400
}

mkdir -p "$DEMO"
find_photos
photos=${photos%/}

count=$(find -L "$photos" -maxdepth 2 -iname '*.jp*g' -print | wc -l)
validation=$((count / 5))
[ "$validation" -le $most_validation ] || validation=$most_validation
train=$((count - validation))
[ "$train" -le $most_train ] || train=$most_train

# Predicts with the built-in model. Drawings are left out, because it was trained on photos only.
if [ $kind = photos ] && "$CATDOG" info builtin >/dev/null 2>&1; then
    set --
    while read -r path; do
        set -- "$@" "$path"
    done <<END
$(find -L "$photos" -maxdepth 2 -iname '*.jp*g' -print | LC_ALL=C sort |
        awk -v every=$((count / 6 + 1)) 'NR % every == 1')
END
    echo "The built-in model, before anything is trained:"
    catdog predict "$@"
fi

catdog survey "$photos" --photos 1000 --rows 3

catdog train "$photos" --preset $preset --train "$train" --val "$validation" --epochs $epochs \
    --seed 1 --out "$DEMO/model.safetensors" --history "$DEMO/history.csv" \
    --save-split "$DEMO/split.txt"

curves=$DEMO/curves.svg
catdog plot "$DEMO/history.csv" --out "$curves" || curves="not drawn"

# From here on, each command loads the trained model from its file.
echo
echo "The trained model, loaded from its file, on $validation $kind it was not trained on:"
catdog evaluate "$photos" --model "$DEMO/model.safetensors" --split "$DEMO/split.txt" \
    --subset validation

# Takes every nth photo of the validation set, so that both classes are represented.
set --
while read -r path; do
    set -- "$@" "$path"
done <<END
$(sed -n 's/^validation	//p' "$DEMO/split.txt" |
    awk -v every=$((validation / 6 + 1)) 'NR % every == 1')
END
echo
echo "Some of them one by one:"
catdog predict --model "$DEMO/model.safetensors" "$@"

echo
[ $kind = photos ] || echo "The model was trained on drawings, not on photos."
echo "model:   $DEMO/model.safetensors"
echo "curves:  $curves"
echo "history: $DEMO/history.csv"
