#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every public header compiles alone, twice in one file, without a warning, in every language that a
# host program may be written in. The umbrella includes them all.
set -eu

failed=0
tried=0
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

# knows COMPILER LANGUAGE STANDARD
knows() {
    command -v "$1" >/dev/null && : | "$1" -x "$2" -std="$3" -fsyntax-only - 2>/dev/null
}

# compile COMPILER LANGUAGE STANDARD
compile() {
    knows "$@" || return 0
    tried=$((tried + 1))
    for header in include/catdog/*.h; do
        name=catdog/${header##*/}
        printf '#include <%s>\n#include <%s>\n' "$name" "$name" >"$temporary/header.$2"
        "$1" -x "$2" -std="$3" -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only \
            "$temporary/header.$2" || {
            echo "$header: $1 -std=$3 refuses it"
            failed=1
        }
    done
}

for compiler in gcc clang; do
    compile $compiler c c99
    compile $compiler c c11
    compile $compiler c c2x
    compile $compiler c c23
done
for compiler in g++ clang++; do
    compile $compiler c++ c++17
    compile $compiler c++ c++20
done

# gcc and g++ are what `make deps` brings.
[ "$tried" -ge 3 ] || {
    echo "only $tried of the compilers could be asked: run make deps"
    failed=1
}

for header in include/catdog/*.h; do
    name=${header##*/}
    [ "$name" = catdog.h ] || grep -qx "#include <catdog/$name>" include/catdog/catdog.h || {
        echo "$header: not included by catdog.h"
        failed=1
    }
done
exit $failed
