#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks that each public header compiles without warnings if it is the only header of a file, and
# if it is included twice. All language standards that a host program may use are tried. Also checks
# CNN_INIT for each struct with a struct_size, that catdog.h includes all other headers, and that
# no comment above a field documents another field.
set -eu

failed=0
tried=0
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
warnings="-Wall -Wextra -Wpedantic -Wshadow -Wundef -Werror"

# knows COMPILER LANGUAGE STANDARD: succeeds if the compiler is installed and supports the standard.
knows() {
    command -v "$1" >/dev/null && : | "$1" -x "$2" -std="$3" -fsyntax-only - 2>/dev/null
}

# refused WHAT COMPILER STANDARD: reports that WHAT does not compile.
refused() {
    echo "$1: $2 -std=$3 refuses it"
    failed=1
}

# compile COMPILER LANGUAGE STANDARD: compiles each header, then compiles and runs the program that
# tests CNN_INIT. Does nothing if the compiler does not support the standard.
compile() {
    knows "$@" || return 0
    tried=$((tried + 1))
    for header in include/catdog/*.h; do
        name=catdog/${header##*/}
        printf '#include <%s>\n#include <%s>\n' "$name" "$name" >"$temporary/header.$2"
        # shellcheck disable=SC2086
        "$1" -x "$2" -std="$3" $warnings -Iinclude -fsyntax-only "$temporary/header.$2" ||
            refused "$header" "$1" "$3"
    done
    # shellcheck disable=SC2086
    { "$1" -x "$2" -std="$3" $warnings -Iinclude "$temporary/init" -o "$temporary/program" &&
        "$temporary/program"; } || refused CNN_INIT "$1" "$3"
}

# Writes a program that exits with 0 if CNN_INIT sets struct_size and zeroes all other fields.
{
    echo '#include <catdog/catdog.h>'
    echo '#include <string.h>'
    echo 'int main(void) { int wrong = 0;'
    awk '/^typedef/ { sized = 0 }
        /^    size_t struct_size;/ { sized = 1 }
        /^} cnn_[a-z0-9_]*_t;/ && sized { sub(/^} /, ""); sub(/;.*/, ""); print }' \
        include/catdog/*.h >"$temporary/structs"
    while read -r type; do
        echo "{ static $type of_program = CNN_INIT($type); const $type one = CNN_INIT($type);"
        echo "$type zero; memset(&zero, 0, sizeof zero); of_program.struct_size -= sizeof zero;"
        echo "wrong += one.struct_size != sizeof($type);"
        echo "wrong += memcmp(&of_program, &zero, sizeof zero) != 0; }"
    done <"$temporary/structs"
    echo 'return wrong; }'
} >"$temporary/init"
[ "$(wc -l <"$temporary/structs")" -gt 30 ] || {
    echo "fewer structs in the headers than expected"
    failed=1
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

# gcc and g++, which `make deps` installs, support at least three of the standards.
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

# Doxygen gives a comment that begins with "/**<" to what stands before it.
if grep -n '^ *\/\*\*<' include/catdog/*.h; then
    echo 'these comments document the line above; a comment above its field begins with "/**"'
    failed=1
fi
exit $failed
