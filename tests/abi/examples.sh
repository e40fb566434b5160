#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Builds and runs each small example and the program in the README with the installed library,
# shared and static, as a user would. Also builds the command with the shared library.
set -eu

. tests/abi/common.sh

install_into_stage

awk '/^```c$/ { inside = 1; next } /^```/ { inside = 0 } inside' README.md >"$temporary/readme.c"

for source in examples/*.c "$temporary/readme.c"; do
    name=$(basename "$source" .c)
    step "$name"
    [ "$(wc -l <"$source")" -lt 100 ] || fail "$source has 100 lines or more"
    build_shared "$source" "$temporary/$name"
    build_static "$source" "$temporary/$name-static" -static
done

step "drawings instead of photos"
draw=${CATDOG_PROGRAMS:-build/tests/programs}/draw_photos
"$draw" "$temporary/drawings" 8
"$draw" "$temporary/birds" 8 folders 1 3
model=$temporary/model.safetensors

# run_builtin PROGRAM ARGUMENT...: runs a program that needs the built-in model. If the library was
# built without it (BUILTIN=no), the program must fail with the message that says so.
run_builtin() {
    if [ "$builtin" = yes ]; then
        run "$@"
    elif run "$@" >"$temporary/out" 2>"$temporary/err" || [ -s "$temporary/out" ] ||
        ! grep -q "built without a model" "$temporary/err"; then
        cat "$temporary/out" "$temporary/err"
        fail "$* without a model"
    fi
}

catdog=$stage$prefix/bin/catdog
builtin=yes
"$catdog" info builtin >/dev/null 2>"$temporary/err" ||
    ! grep -q "built without a model" "$temporary/err" || builtin=no
[ $builtin = yes ] || echo "(built without a model: programs that need it are to say so)"

# A program with the shared library writes the model. Programs of both kinds read it.
step "train"
run "$temporary/train" "$temporary/drawings" "$model" conv24 1
step "predict, threads and the README's, each against the other"
for cat in "$temporary"/drawings/cat.0.jpg "$temporary"/drawings/dog.0.jpg; do
    run "$temporary/predict" "$model" "$cat" >"$temporary/shared.txt"
    run "$temporary/predict-static" "$model" "$cat" >"$temporary/static.txt"
    cat "$temporary/shared.txt"
    diff "$temporary/shared.txt" "$temporary/static.txt"
    run_builtin "$temporary/readme" "$cat" >"$temporary/shared.txt"
    run_builtin "$temporary/readme-static" "$cat" | diff "$temporary/shared.txt" -
    label=$(cut -d' ' -f1 "$temporary/shared.txt")
    run_builtin "$catdog" predict "$cat" >"$temporary/predicted.txt"
    [ $builtin = no ] || grep -q "	$label	" "$temporary/predicted.txt" ||
        fail "the README's program says $label"
done
run "$temporary/threads" "$model" "$temporary"/drawings/*.jpg
step "explain"
run "$temporary/explain" "$model" "$temporary/drawings/cat.0.jpg" "$temporary/heat.jpg"
[ -s "$temporary/heat.jpg" ] || fail "explain draws nothing"
step "three_classes, fine_tune, from_memory"
run_builtin "$temporary/fine_tune" "$temporary/birds" "$temporary/tuned.safetensors" 1
[ $builtin = no ] ||
    run "$temporary/predict-static" "$temporary/tuned.safetensors" "$temporary"/birds/birds/0.jpg
run "$temporary/three_classes" "$temporary/birds" "$temporary/birds.safetensors" 1
run "$temporary/from_memory"

step "the command, on the public header and the shared library alone"
# shellcheck disable=SC2046
${CC:-cc} -std=c11 -O1 $(catdog_pkg_config --cflags) $(pkg-config --cflags jansson) \
    -Iexamples/catdog examples/catdog/*.c examples/catdog/*/*.c -o "$temporary/catdog" \
    $(catdog_pkg_config --libs) $(pkg-config --libs jansson) -lm -pthread
run "$temporary/catdog" --version
