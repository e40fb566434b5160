#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every small example, the command and the program of the README, built against the installed library
# as a user would build them, shared and static.
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

step "the command, on the public header and the shared library alone"
# shellcheck disable=SC2046
${CC:-cc} -std=c11 -O1 $(catdog_pkg_config --cflags) $(pkg-config --cflags jansson) \
    examples/catdog/*.c -o "$temporary/catdog" $(catdog_pkg_config --libs) \
    $(pkg-config --libs jansson) -lm -pthread
run "$temporary/catdog" --version
