#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests that concern all commands: help, usage errors, a full disk, the structure of the sources.
. "$(dirname "$0")/common.sh"

# Creates the file `commands` with the names of all commands, and COMMAND.help with each one's help.
make_help() {
    "$catdog" --commands >commands
    while read -r command; do
        "$catdog" "$command" --help >"$command.help" || return
    done <commands
}

test_help_lists_commands() {
    need help
    run 0 --help
    for command in $(cat commands); do
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
    need help
    for command in $(cat commands); do
        has $command.help "Usage: catdog $command"
        has $command.help "--help"
        run 0 $command --version
        quiet_err
    done
}

test_short_help() {
    need help
    run 0 info -h
    quiet_err
    same out info.help "-h is not --help"
}

test_every_command_refuses_unknown_options() {
    need help
    for command in $(cat commands); do
        run 2 $command --no-such-option
        has err "--no-such-option"
        has err "--help"
        run 2 $command -x
    done
}

# Arguments that are not in brackets in the usage line are required.
test_too_few_arguments() {
    need help
    for command in $(cat commands); do
        needed=$(sed "s/Usage: catdog $command//; s/\[[^]]*\]//g; s/ //g; 1q" $command.help)
        [ -z "$needed" ] || run 2 $command
    done
}

test_every_command_has_a_test_file() {
    need help
    for command in $(cat commands); do
        [ -f "$source_tree/tests/cli/$command.sh" ] || fail "tests/cli/$command.sh is missing"
    done
}

# If this fails after a change of an option table, `make command-reference` updates the pages.
test_reference_pages_match_the_tables() {
    need help
    pages=$source_tree/docs/reference/command
    run 0 --help=markdown
    same out "$pages/README.md" "README.md is out of date"
    for command in $(cat commands); do
        run 0 $command --help=markdown
        same out "$pages/$command.md" "$command.md is out of date"
    done
    [ "$(wc -l <commands)" -eq "$(($(ls "$pages" | wc -l) - 1))" ] ||
        fail "docs/reference/command has a page without a command"
}

test_man_pages_have_the_text_of_the_help() {
    need help
    run 0 --help=man
    has out ".TH CATDOG 1"
    for command in $(cat commands); do
        run 0 $command --help=man
        has out ".SH EXIT STATUS"
        sed 's/\\-/-/g; s/\\&//g' out >plain
        says plain "$(sed -n 3p $command.help)"
    done
}

test_groff_takes_a_man_page() {
    command -v groff >/dev/null || return 0
    run 0 train --help=man
    groff -man -Tascii -ww out >formatted 2>err || fail "groff fails"
    quiet_err
    has formatted "The command succeeded."
}

test_folders_include_downwards() {
    cd "$source_tree/examples/catdog" || return
    last="#include in examples/catdog"
    for rule in base:base photos:base,photos training:base,photos,training \
        report:base,photos,report images:base,images; do
        used=$(sed -n 's|^#include "\(.*\)"|\1|p' "${rule%%:*}"/*.[ch] | grep -vE \
            "^($(echo "${rule#*:}" | tr , '|'))/")
        [ -z "$used" ] || fail "${rule%%:*} includes $used"
    done
    cd "$work" || exit 1
}

# Prints "USER DEFINER" for each object file that uses a function or variable of another one.
print_uses() {
    find . -name '*.o' | while read -r object; do
        [ -e "$source_tree/examples/catdog/${object%.o}.c" ] || continue
        nm -g "$object" | sed -n "s|^[0-9a-f]* [TDRBC] \(.*\)|defines \1 $object|p; \
            s|^ *U \(.*\)|uses \1 $object|p"
    done | awk '
        $1 == "defines" { file[$2] = $3 }
        $1 == "uses" { name[++n] = $2; by[n] = $3 }
        END { for (i = 1; i <= n; i++)
                  if (file[name[i]] != "" && file[name[i]] != by[i]) print by[i], file[name[i]] }'
}

test_no_circle_of_files() {
    objects=$(dirname "$catdog")/examples/catdog
    last="calls in examples/catdog"
    command -v nm >/dev/null && [ -d "$objects" ] || return 0
    (cd "$objects" && print_uses) | sort -u >uses
    tsort uses >/dev/null 2>circle || fail "a circle: $(cat circle)"
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
