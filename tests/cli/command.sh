#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The command as a whole: help, usage errors, a full disk.
. "$(dirname "$0")/common.sh"

test_help_lists_commands() {
    run 0 --help
    for command in survey split sheet train evaluate calibrate predict info convert explain \
        filters edges plot article bench; do
        has out "$command"
    done
}

test_version() {
    run 0 --version
    has out libcatdog
}

test_no_or_unknown_command() {
    run 2
    run 2 nonsense
    has err nonsense
}

test_every_command_has_help() {
    for command in survey split sheet train evaluate calibrate predict info convert explain \
        filters edges plot article bench; do
        run 0 $command --help
        has out "Usage: catdog $command"
        has out "--help"
        quiet_err
        run 0 $command --version
    done
}

test_every_command_refuses_unknown_options() {
    for command in survey split sheet train evaluate calibrate predict info convert explain \
        filters edges plot article; do
        run 2 $command --no-such-option
        has err "--no-such-option"
        has err "--help"
        [ $command = info ] || run 2 $command # info shows the built-in model
        run 2 $command -x
    done
}

test_too_many_arguments() {
    run 2 survey a b
    has err "\"b\""
}

test_option_without_value() {
    run 2 train d --preset mlp --epochs
    has err "--epochs needs a value"
}

test_full_disk() {
    need photos
    [ -c /dev/full ] || return 0
    last="catdog survey to a full disk"
    "$catdog" survey drawings >/dev/full 2>err
    [ $? -eq 1 ] || fail "a full standard output is no failure"
    "$catdog" survey drawings --json >/dev/full 2>err
    [ $? -eq 1 ] || fail "a full standard output is no failure with --json"
}

run_cases "$@"
