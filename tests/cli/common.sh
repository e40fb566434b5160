# SPDX-License-Identifier: MIT
#
# Functions for the tests of the catdog command. A test file sources this file, defines a function
# test_NAME for each case and ends with `run_cases "$@"`:
#
#   sh tests/cli/train.sh           runs every case of the file
#   sh tests/cli/train.sh NAME...   runs these cases
#   sh tests/cli/train.sh --list    prints the names of the cases, one on each line
#
# Each case runs in an empty folder. Failures are printed on stderr.
#
#   CATDOG           the catdog program; default: build/catdog
#   CATDOG_PROGRAMS  the folder with draw_photos and json_check; default: build/tests/programs
#   CATDOG_FIXTURES  a folder that keeps fixtures between runs; default: a temporary folder
set -u

absolute() {
    case $1 in
    /*) echo "$1" ;;
    *) echo "$PWD/$1" ;;
    esac
}
file=$(absolute "$0")
source_tree=$PWD
catdog=$(absolute "${CATDOG:-build/catdog}")
programs=$(absolute "${CATDOG_PROGRAMS:-build/tests/programs}")
draw=$programs/draw_photos
json=$programs/json_check

failures=0
last=
child=

# ---- Checks --------------------------------------------------------------------------------------

fail() {
    echo "$case_name: $*" >&2
    [ ! -s err ] || sed 's/^/    stderr: /' err >&2
    failures=$((failures + 1))
    [ $failures -lt 20 ] || exit 1
}

# run STATUS ARGUMENTS...: runs catdog and checks its exit status. Writes its output to the files
# out and err.
run() {
    expected=$1
    shift
    last="catdog$(printf ' %s' "$@")"
    "$catdog" "$@" >out 2>err </dev/null
    got=$?
    [ $got -eq "$expected" ] || fail "status $got instead of $expected: $last"
}

# run_builtin STATUS ARGUMENTS...: runs a command that needs the built-in model, and returns 0. If
# the library was built without the model (BUILTIN=no), checks that the command says so, and returns
# 1. The case then ends.
run_builtin() {
    if has_builtin; then
        run "$@"
        return 0
    fi
    shift
    run 1 "$@"
    has err "built without a model"
    return 1
}

has_builtin() {
    if [ ! -e "$fixtures/builtin" ]; then
        "$catdog" info builtin >out 2>err </dev/null
        grep -q "built without a model" err && echo no >"$fixtures/builtin" ||
            echo yes >"$fixtures/builtin"
    fi
    [ "$(cat "$fixtures/builtin")" = yes ]
}

# has FILE TEXT: checks that a line of the file contains the text.
has() {
    grep -qF -e "$2" "$1" || fail "no \"$2\" in $1 of: $last"
}

# says FILE TEXT: checks that the file contains the text. Line breaks count as blanks.
says() {
    tr -s ' \n' '  ' <"$1" | grep -qF -e "$2" || fail "no \"$2\" in $1 of: $last"
}

# holds CLAIM...: checks that the file out is one JSON document for which all claims are true
# (tests/programs/json_check.c).
holds() {
    "$json" "$@" <out 2>claims || fail "$last: $(cat claims)"
}

quiet_err() {
    [ ! -s err ] || fail "stderr is not empty: $last"
}

# same FILE FILE MESSAGE, differ FILE FILE MESSAGE: check that the files have the same or different
# bytes.
same() {
    cmp -s "$1" "$2" || fail "$3: $last"
}

differ() {
    ! cmp -s "$1" "$2" || fail "$3: $last"
}

# size_of FILE: prints the size of a JPEG file as WIDTHxHEIGHT.
size_of() {
    rm -rf sized && mkdir sized && cp "$1" sized/a.1.jpg && cp "$1" sized/b.1.jpg
    "$catdog" survey sized --headers |
        sed -n 's/^ *\([0-9]*\) x \([0-9]*\) .*/\1x\2/p' | sed 1q
}

# refuses_bad_recipes COMMAND: checks that the command, train or sheet, refuses invalid recipes.
refuses_bad_recipes() {
    need photos recipe
    set -- "$1" drawings --out x
    run 2 "$@" --recipe recipe.json --preset mlp
    has err --recipe
    run 2 "$@" --recipe recipe.json --rotation 181
    has err --rotation
    run 1 "$@" --recipe nowhere.json
    has err nowhere.json
    echo '{"preset": "mlp", "training": {"rotate": 1}}' >bad.json
    run 1 "$@" --recipe bad.json
    has err 'bad.json: "rotate" is not known'
    echo '{"preset": "mlp", "training": {"rotation": 181}}' >bad.json
    run 1 "$@" --recipe bad.json
    has err "bad.json: rotation must be from 0 to 180"
}

# ---- Fixtures ------------------------------------------------------------------------------------

# need FIXTURE...: links the files of each fixture into the case's folder. If a fixture does not yet
# exist in $fixtures, the function make_FIXTURE creates it.
need() {
    for fixture in "$@"; do
        [ -e "$fixtures/$fixture" ] || make_fixture "$fixture"
        ln -sf "$fixtures/$fixture"/* .
    done
}

# make_fixture NAME: creates a fixture and removes its links to the files of other fixtures.
make_fixture() {
    mkdir -p "$fixtures/new-$1"
    (cd "$fixtures/new-$1" && "make_$1" >../log 2>&1 && find . -type l -exec rm {} +) || {
        echo "$case_name: the fixture $1 cannot be made" >&2
        cat "$fixtures/log" >&2
        exit 1
    }
    mv "$fixtures/new-$1" "$fixtures/$1"
}

# drawings/: 48 photos named by class, 24 of each class. folders/: 24 photos in a folder for each
# class. Both also contain an empty file. text.jpg is not a photo.
make_photos() {
    "$draw" drawings 24 prefix 1 && "$draw" folders 12 folders 2 &&
        : >drawings/cat.empty.jpg && : >folders/dogs/empty.jpg && printf 'no photo' >text.jpg
}

# odd/: photos of two classes. Among them are the same photo in both classes, a truncated photo, and
# a photo with surplus bytes.
make_odd() {
    need photos
    mkdir odd
    cp folders/cats/1.jpg odd/cat.1.jpg
    cp folders/cats/1.jpg odd/dog.1.jpg
    cp folders/cats/2.jpg odd/cat.2.jpg
    cp folders/dogs/2.jpg odd/dog.2.jpg
    cp folders/dogs/3.jpg odd/dog.3.jpg
    cp folders/dogs/4.jpg odd/dog.4.jpg
    head -c 1500 folders/dogs/1.jpg >odd/dog.cut.jpg
    { printf '\377\330\000\000\000' && tail -c +3 folders/dogs/5.jpg; } >odd/dog.surplus.jpg
}

# model.safetensors: a trained multi-layer perceptron. history.csv, split.txt: its history and
# split.
make_model() {
    need photos
    "$catdog" train drawings --preset mlp --size 16x20 --train 36 --val 8 --epochs 3 \
        --batch-size=12 --learning-rate 0.001 --seed 5 --threads 2 --out model.safetensors \
        --history history.csv \
        --save-split split.txt
}

# conv.safetensors: a trained network with a convolution.
make_conv() {
    need photos
    "$catdog" train drawings --preset conv24 --size 20x26 --train 24 --val 8 --epochs 1 --seed 1 \
        --out conv.safetensors
}

# three/: photos of three classes. three.safetensors: a model that was trained on them.
make_three() {
    "$draw" three 8 folders 2 3 &&
        "$catdog" train three --preset mlp --size 8x10 --epochs 1 --learning-rate 0.001 \
            --out three.safetensors
}

# recipe.json: a recipe with a small network and its training options.
make_recipe() {
    cat >recipe.json <<'END'
{"preset": "mlp", "preprocess": {"height": 8, "width": 10, "fit": "squash", "decode": "full",
 "pad": [0, 0, 0], "mean": [0, 0, 0], "std": [1, 1, 1]},
 "training": {"epochs": 1, "batch_size": 8, "mirror": true, "rotation": 20, "seed": 5,
              "class_weight": [1, 2]}}
END
}

# few/: a folder for each class, with the same file names in both. flat/: the same photos in one
# folder. few.model: a model that was trained on few/.
make_few() {
    need photos
    mkdir -p few/cats few/dogs flat
    for i in 1 2 3 4; do
        cp folders/cats/$i.jpg few/cats/$i.jpg
        cp folders/dogs/$i.jpg few/dogs/$i.jpg
        cp folders/cats/$i.jpg flat/cat.$i.jpg
        cp folders/dogs/$i.jpg flat/dog.$i.jpg
    done
    "$catdog" train few --preset mlp --size 6x8 --epochs 1 --batch-size 8 --learning-rate 0.001 \
        --seed 4 --out few.model
}

# ---- Cases ---------------------------------------------------------------------------------------

run_case() {
    case_name=$1
    work=$(mktemp -d "${TMPDIR:-/tmp}/catdog-cli.XXXXXX") || exit 1
    cd "$work" || exit 1
    : >err
    "test_$1"
    last=$case_name
    : >err
    found=$(find . -name '*.tmp*')
    [ -z "$found" ] || fail "left behind: $found"
    cd "$source_tree" || exit 1
    rm -rf "$work"
}

clean_up() {
    [ -z "$child" ] || kill -9 "$child" 2>/dev/null
    [ -z "${work:-}" ] || rm -rf "$work"
    [ -n "${CATDOG_FIXTURES:-}" ] || [ -z "${fixtures:-}" ] || rm -rf "$fixtures"
}

run_cases() {
    cases=$(sed -n 's/^test_\([a-z0-9_]*\)() {$/\1/p' "$file")
    if [ "${1:-}" = --list ]; then
        echo "$cases"
        exit 0
    fi
    case_name=fixtures
    trap clean_up EXIT
    fixtures=${CATDOG_FIXTURES:-$(mktemp -d "${TMPDIR:-/tmp}/catdog-fixtures.XXXXXX")} || exit 1
    [ $# -gt 0 ] || set -- $cases
    for name in "$@"; do
        run_case "$name"
    done
    [ $failures -eq 0 ] || echo "$(basename "$file"): $failures failures" >&2
    [ $failures -eq 0 ]
}
