#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks the list of layer kinds in src/graph/kind_list.h. Each kind must have two definitions, its
# properties (struct cd_kind) and its execution (struct cd_layer), and an entry in the page about
# file formats. Other code must not compare node types, so that a new kind needs no change there.
# The guide docs/internals/how-to-add-a-layer.md relies on these checks.
set -eu

failed=0

complain() {
    echo "$1"
    failed=1
}

# defined NAME FOLDER: checks that exactly one file defines NAME, and that it is in the folder.
defined() {
    found=$(grep -rlE "^const struct [a-z_]+ $1 = " src)
    case $found in
    *.c*.c | "") complain "$1: it is defined in \"$found\", not in one file" ;;
    "$2"/*.c) ;;
    *) complain "$1: it is defined in $found, not in $2" ;;
    esac
}

kinds=$(sed -n 's/^ *X([A-Z0-9_]*, *\([a-z0-9_]*\)).*/\1/p' src/graph/kind_list.h)
[ "$(echo "$kinds" | wc -l)" -gt 5 ] || complain "src/graph/kind_list.h: no list of kinds found"

for kind in $kinds; do
    defined "cd_kind_$kind" src/graph/kinds
    defined "cd_layer_$kind" src/plan/layers
    grep -qE "^\|.*\`$kind\`.*\|.*\|" docs/reference/file-formats.md ||
        complain "docs/reference/file-formats.md: the kind $kind is missing"
done

# Only src/plan/fuse.c, which fuses layers, may compare the type of a node.
grep -rnE '(type *[!=]= *CD_NODE_|case CD_NODE_|CD_NODE_[A-Z0-9_]+ *[!=]=)' src &&
    complain "a comparison of node types: make it a property of struct cd_kind or struct cd_layer"
found=$(grep -rlE 'node(s\[[^]]*\])?(->|\.)type *[!=]= ' src)
[ "$found" = src/plan/fuse.c ] || complain "node types are compared in: $found"

exit $failed
