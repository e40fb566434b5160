#!/bin/sh
# SPDX-License-Identifier: MIT
#
# `make demo`: the main job from end to end with the catdog command. Predict with the model
# that the library brings along, survey the photos, train, draw the curves, load the model again,
# evaluate and predict on photos that it was not trained on.
#
#   DATA             a folder of photos: all in one, named cat.0.jpg, dog.0.jpg ..., or one a class
#   CATDOG_DATA      the folder with photos that the tests use, taken if DATA is empty
#   DEMO             where everything is written
#   CATDOG           the command
#   CATDOG_PROGRAMS  the folder with draw_photos, for want of photos
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

# Sets photos, the folder, and kind, what is in it.
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
No photos here: DATA is not set, and the project ships none (docs/internals/dependencies.md says
why). The demo makes DRAWINGS of two kinds of animal and goes on with them. They show that
everything works; their figures say nothing about photos. With photos of your own:

    make demo DATA=folder    (cat.0.jpg, dog.0.jpg, ... in it, or a folder a class)

END
    rm -rf "$photos"
    "$CATDOG_PROGRAMS/draw_photos" "$photos" 400
}

# The validation photos under their old names, so that the command can be pointed at them.
link_validation() {
    rm -rf "$DEMO/validation"
    mkdir "$DEMO/validation"
    while read -r path; do
        name=${path#"$photos"/}
        mkdir -p "$(dirname "$DEMO/validation/$name")"
        ln -s "$folder/$name" "$DEMO/validation/$name"
    done <"$DEMO/validation.txt"
}

mkdir -p "$DEMO"
find_photos
photos=${photos%/}
folder=$(cd "$photos" && pwd) # links want the whole path

count=$(find -L "$photos" -maxdepth 2 -iname '*.jp*g' -print | wc -l)
validation=$((count / 5))
[ "$validation" -le $most_validation ] || validation=$most_validation
train=$((count - validation))
[ "$train" -le $most_train ] || train=$most_train

# Before anything is trained: the model that the library brings along. It does not know drawings.
if [ $kind = photos ] && "$CATDOG" info builtin >/dev/null 2>&1; then
    set --
    while read -r path; do
        set -- "$@" "$path"
    done <<END
$(find -L "$photos" -maxdepth 2 -iname '*.jp*g' -print | LC_ALL=C sort |
        awk -v every=$((count / 6 + 1)) 'NR % every == 1')
END
    echo "The model that comes with the library, before anything is trained:"
    catdog predict "$@"
fi

catdog survey "$photos" --photos 1000 --rows 3

catdog train "$photos" --preset $preset --train "$train" --val "$validation" --epochs $epochs \
    --seed 1 --out "$DEMO/model.safetensors" --history "$DEMO/history.csv" \
    --save-split "$DEMO/split.txt"

curves=$DEMO/curves.svg
catdog plot "$DEMO/history.csv" --out "$curves" || curves="not drawn"

# From here on the model comes from its file.
sed -n 's/^validation	//p' "$DEMO/split.txt" >"$DEMO/validation.txt"
link_validation
echo
echo "The model, loaded from its file, against the $validation $kind it was not trained on:"
catdog evaluate "$DEMO/validation" --model "$DEMO/model.safetensors"

# Every so many of them, so that both classes are among them.
set --
while read -r path; do
    set -- "$@" "$DEMO/validation/${path#"$photos"/}"
done <<END
$(awk -v every=$((validation / 6 + 1)) 'NR % every == 1' "$DEMO/validation.txt")
END
echo
echo "Some of them one by one:"
catdog predict --model "$DEMO/model.safetensors" "$@"

echo
[ $kind = photos ] || echo "All of this was learned from drawings, not photos."
echo "model:   $DEMO/model.safetensors"
echo "curves:  $curves"
echo "history: $DEMO/history.csv"
