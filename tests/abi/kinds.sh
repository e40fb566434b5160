#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A layer kind is a row in src/graph/kind_list.h and two definitions: what it is and how it runs.
# This script checks that each row has both, that the file formats document it, and that no other
# code asks for the type of a node. docs/internals/how-to-add-a-layer.md relies on it.
set -eu

failed=0

complain() {
    echo "$1"
    failed=1
}

# defined NAME FOLDER: the definition of the row is in one file of the folder, and nowhere else.
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

# Only the code that fuses layers may search for a node of a certain type.
grep -rnE '(type *[!=]= *CD_NODE_|case CD_NODE_|CD_NODE_[A-Z0-9_]+ *[!=]=)' src &&
    complain "a comparison of node types: make it a property of struct cd_kind or struct cd_layer"
found=$(grep -rlE 'node(s\[[^]]*\])?(->|\.)type *[!=]= ' src)
[ "$found" = src/plan/fuse.c ] || complain "node types are compared in: $found"

exit $failed
