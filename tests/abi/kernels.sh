#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks the list of kernels, CD_KERNEL_LIST in src/kernels/kernels.h. Each kernel in it must have a
# contract, definitions, a test, and an entry in the reference. Files that build kernel tables must
# not name single kernels, so that a new kernel needs no change there. The guides
# docs/internals/how-to-add-a-kernel.md and docs/internals/how-to-add-a-convolution-algorithm.md
# rely on these checks.
set -eu

failed=0

complain() {
    echo "$1"
    failed=1
}

header=src/kernels/kernels.h
page=docs/reference/kernels.md

documented() {
    grep -q "^|.*\`$1\`.*|" $page || complain "$page: \`$1\` is missing"
}

# defined_in NAME FILE...: checks that one of the files defines the function.
defined_in() {
    definition=$1
    shift
    grep -qE "(^| )$definition\(" "$@" || complain "$definition: not defined in any of: $*"
}

# The list of kernels as lines "GROUP NAME LEVEL".
rows=$(sed -nE 's/^ *KERNEL\(([a-z_]+), ([a-z_]+), ([A-Z0-9]+), [A-Z0-9]+\).*/\1 \2 \3/p' $header)
[ "$(echo "$rows" | wc -l)" -gt 20 ] || complain "$header: no list of kernels found"

temporary=$(mktemp)
trap 'rm -f "$temporary"' EXIT
echo "$rows" >"$temporary"
while read -r group name level; do
    documented "$group"
    grep -q " cd_${name}_fn(" $header || complain "$header: no contract for $name"
    case $level in
    PLAIN) defined_in "CD_LEVEL_NAME\($name\)" src/kernels/plain/*.c ;;
    VECTOR) defined_in "CD_LEVEL_NAME\($name\)" src/kernels/simd/*.c ;;
    esac
    [ "$level" = PLAIN ] || defined_in "cd_ref_$name" src/kernels/ref_*.c
    # The resize kernels are tested by tests/image/test_resize.c through src/image/resize.c.
    grep -rqE -- "(->|\.)$name\b" tests/kernels src/image ||
        complain "$name: no test in tests/kernels"
    for file in kernels reference blas_table kernel_choice simd/table; do
        ! grep -qE "\.$name = |cd_(ref|blas)_$name\b|\"$group\"" "src/kernels/$file.c" ||
            complain "src/kernels/$file.c names the kernel $name; the list is enough"
    done
done <"$temporary"

algorithms=$(sed -nE 's/^ *ALGORITHM\(([a-z_]+)\).*/\1/p' $header)
[ "$(echo "$algorithms" | wc -l)" -gt 2 ] || complain "$header: no list of algorithms found"
for name in $algorithms; do
    documented "$name"
    found=$(grep -rlF "cd_conv_algorithm CD_LEVEL_NAME($name) =" src/kernels)
    [ "$found" = "src/kernels/simd/$name.c" ] || complain "$name: it is defined in \"$found\""
done

exit $failed
