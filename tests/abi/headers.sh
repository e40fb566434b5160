#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The public header compiles alone, without a warning, in every language that a host may be written
# in; twice in one file too.
set -eu

failed=0
tried=0

# compile COMPILER LANGUAGE STANDARD
compile() {
    command -v "$1" >/dev/null || return 0
    tried=$((tried + 1))
    printf '#include <catdog/catdog.h>\n#include <catdog/catdog.h>\n' |
        "$1" -x "$2" -std="$3" -Wall -Wextra -pedantic -Werror -Iinclude -fsyntax-only - || {
        echo "include/catdog/catdog.h: $1 -std=$3 refuses it"
        failed=1
    }
}

for compiler in gcc clang; do
    compile $compiler c c99
    compile $compiler c c11
done
for compiler in g++ clang++; do
    compile $compiler c++ c++17
done

# gcc and g++ are what `make deps` brings.
[ "$tried" -ge 3 ] || {
    echo "only $tried of the compilers could be asked: run make deps"
    failed=1
}
exit $failed
