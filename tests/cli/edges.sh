#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog edges
. "$(dirname "$0")/common.sh"

test_draws_both_directions() {
    need photos
    run 0 edges folders/cats/1.jpg --out "an edge"
    for name in vertical horizontal; do
        [ -s "an edge-$name.jpg" ] || fail "no $name edges"
    done
    differ "an edge-vertical.jpg" "an edge-horizontal.jpg" "both kernels see the same"
}

test_refuses_bad_arguments() {
    need photos
    run 2 edges p.jpg
    run 1 edges text.jpg --out e
    run 1 edges folders/cats/1.jpg --out nowhere/e
}

run_cases "$@"
