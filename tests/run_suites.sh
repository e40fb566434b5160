#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs test suites in parallel, each in a separate process. Prints the output of each suite when the
# suite ends, and then a line that sums up all suites. Exits with status 1 if a suite failed.
#
#   run_suites.sh COMMAND SUITE...
#
#   COMMAND  the command that runs a suite: build/tests/check, or an emulator and this program
#   JOBS     the number of suites to run in parallel; default: one for each CPU
set -u

command=$1
shift
jobs=${JOBS:-$(nproc)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2016 # the inner shell expands
printf '%s\n' "$@" | xargs -P "$jobs" -I SUITE sh -c '
    $1 SUITE >"$2/SUITE.log" 2>&1 || touch "$2/SUITE.failed"
    cat "$2/SUITE.log"' sh "$command" "$work"

# Adds up the results. For each suite, Check prints "95%: Checks: 20, Failures: 1, Errors: 0".
cat "$work"/*.log | awk '
    /^[0-9]+%: Checks: / {
        gsub(/[^0-9 ]/, "")
        checks += $2
        failures += $3
        errors += $4
    }
    END {
        printf "%d%%: Checks: %d, Failures: %d, Errors: %d\n",
               checks ? 100 * (checks - failures - errors) / checks : 0, checks, failures, errors
    }'
failed=$(find "$work" -name '*.failed' -exec basename {} .failed \; | tr '\n' ' ')
[ -z "$failed" ] || { echo "failed: $failed" >&2; exit 1; }
