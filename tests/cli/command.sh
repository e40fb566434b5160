#!/bin/sh
# SPDX-License-Identifier: MIT
#
# The command as a whole: help, usage errors, a full disk.
. "$(dirname "$0")/common.sh"

test_help_lists_commands() {
    run 0 --help
    for command in $("$catdog" --commands); do
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
    for command in $("$catdog" --commands); do
        run 0 $command --help
        has out "Usage: catdog $command"
        has out "--help"
        quiet_err
        run 0 $command --version
    done
}

test_every_command_refuses_unknown_options() {
    for command in $("$catdog" --commands); do
        run 2 $command --no-such-option
        has err "--no-such-option"
        has err "--help"
        run 2 $command -x
        case $command in
        info | bench) ;; # need no arguments
        *) run 2 $command ;;
        esac
    done
}

test_every_command_has_a_test_file() {
    for command in $("$catdog" --commands); do
        [ -f "$source_tree/tests/cli/$command.sh" ] || fail "tests/cli/$command.sh is missing"
    done
}

# `make command-reference` writes the pages anew.
test_reference_pages_match_the_tables() {
    pages=$source_tree/docs/reference/command
    run 0 --help=markdown
    same out "$pages/README.md" "README.md is out of date"
    for command in $("$catdog" --commands); do
        run 0 $command --help=markdown
        same out "$pages/$command.md" "$command.md is out of date"
    done
    [ "$("$catdog" --commands | wc -l)" -eq "$(($(ls "$pages" | wc -l) - 1))" ] ||
        fail "docs/reference/command has a page without a command"
}

test_man_pages_have_the_text_of_the_help() {
    run 0 --help=man
    has out ".TH CATDOG 1"
    for command in $("$catdog" --commands); do
        run 0 $command --help=man
        has out ".SH EXIT STATUS"
        sed 's/\\-/-/g; s/\\&//g' out >plain
        says plain "$("$catdog" $command --help | sed -n 3p)"
    done
}

test_groff_takes_a_man_page() {
    command -v groff >/dev/null || return 0
    run 0 train --help=man
    groff -man -Tascii -ww out >formatted 2>err || fail "groff fails"
    quiet_err
    has formatted "The command succeeded."
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
