#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks that the documents agree with the code: links, paths, make targets, suites, public names,
# commands with their options, messages, environment variables, status codes, and C, C++ and JSON
# examples. Also checks the length of lines and paragraphs. Options in docs/measurements are not
# checked, because these documents quote old command lines.
set -eu

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
complaints=$temporary/complaints
: >"$complaints"

catdog=${CATDOG:-build/catdog}
programs=${CATDOG_PROGRAMS:-build/tests/programs}
documents="README.md $(find docs -name '*.md' | LC_ALL=C sort)"
current=$(echo "$documents" | tr ' ' '\n' | grep -vE '^docs/(measurements/|changelog\.md)')

complain() {
    echo "$*" >>"$complaints"
}

# Writes two files. prose has a line "FILE<TAB>PARAGRAPH" for each paragraph outside code blocks.
# code has a line "FILE<TAB>LANGUAGE<TAB>LINE" for each line inside code blocks; lines that end with
# a backslash are joined with the next one.
# shellcheck disable=SC2086
awk -v prose="$temporary/prose" -v code="$temporary/code" '
    function flush() { if (text != "") print file "\t" text >prose; text = "" }
    FNR == 1 { flush(); inside = 0; file = FILENAME }
    /^```/ { flush(); inside = !inside; language = substr($0, 4); joined = ""; next }
    inside && /\\$/ { joined = joined substr($0, 1, length($0) - 1); next }
    inside { print FILENAME "\t" language "\t" joined $0 >code; joined = ""; next }
    /^ *$/ || /^\|/ || /^#/ { flush() }
    { sub(/^ +/, ""); text = text == "" ? $0 : text " " $0 }
    END { flush() }' $documents

# Prints "FILE<TAB>SPAN" for each code span (`span`).
awk -F '\t' '{ text = $2
    while (match(text, /`[^`]+`/)) {
        print $1 "\t" substr(text, RSTART + 1, RLENGTH - 2)
        text = substr(text, RSTART + RLENGTH)
    } }' "$temporary/prose" >"$temporary/spans"

# Prints "FILE<TAB>COMMAND" for each possible command line: code spans, and lines of shell blocks
# without prompt and comment.
{
    cat "$temporary/spans"
    awk -F '\t' '$2 == "sh" { sub(/^ *(\$ )?/, "", $3); sub(/ +#.*/, "", $3); print $1 "\t" $3 }' \
        "$temporary/code"
} >"$temporary/commands"

tab=$(printf '\t')

# slugs FILE: prints the anchors that GitHub generates for the headings of a document.
slugs() {
    sed -n 's/^##* //p' "$1" | tr 'A-Z' 'a-z' | sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

check_links() {
    awk -F '\t' '{ text = $2
        while (match(text, /\]\([^)]*\)/)) {
            print $1 "\t" substr(text, RSTART + 2, RLENGTH - 3)
            text = substr(text, RSTART + RLENGTH)
        } }' "$temporary/prose" | grep -v "${tab}https*:" >"$temporary/links"
    while IFS=$tab read -r file target; do
        path=${target%%#*}
        path=${path:+$(dirname "$file")/$path}
        path=${path:-$file}
        [ -e "$path" ] || { complain "$file: the link $target leads nowhere"; continue; }
        realpath "$path" >>"$temporary/linked"
        case $target in
        *.md\#* | \#*) slugs "$path" | grep -qxF -- "${target#*#}" ||
            complain "$file: $target: there is no such heading" ;;
        esac
    done <"$temporary/links"
    for file in $documents; do
        [ "$file" = README.md ] || grep -qxF "$(realpath "$file")" "$temporary/linked" ||
            complain "$file: no other document links it"
    done
}

# Checks that the paths in the documents exist, and the paths of documents in the code. A path may
# be a pattern with *. Paths with NAME, which stands for a name that the reader chooses, are
# skipped.
check_paths() {
    {
        grep -E "$tab(src|tests|include|examples|docs|pkgconfig|lib|\.ci)/[A-Za-z0-9_.*/-]*\$" \
            "$temporary/spans" | grep -vE "${tab}lib/libcatdog|NAME"
        grep -roE 'docs/[a-z]+[a-z/-]*\.md' src include examples tests Makefile .ci |
            sed "s/:/$tab/"
    } | sort -u | while IFS=$tab read -r file path; do
        # shellcheck disable=SC2086
        set -- $path
        [ -e "$1" ] || complain "$file: there is no $path"
    done
}

# Checks that the targets of quoted make commands exist.
check_make() {
    targets=" $(sed -e ':a' -e '/\\$/N; s/\\\n//; ta' Makefile | sed -n 's/^\.PHONY://p' |
        tr '\t\n' '  ') "
    assignment="[A-Z_]+=(\"[^\"]*\"|'[^']*'|[^ ]*)"
    grep -E "$tab(.*&& )?make( |\$)" "$temporary/commands" |
        sed -E "s/$tab.*&& make/${tab}make/; s/(;|&&|\|).*//; s/$assignment//g" |
        while IFS=$tab read -r file command; do
            for target in ${command#make}; do
                case $targets in
                *" $target "*) continue ;;
                esac
                [ "$target" != "${target#-}" ] || complain "$file: make has no target $target"
            done
        done
}

check_suites() {
    {
        grep -rhoE 'SUITES="[^"]*"' README.md Makefile .ci/run docs | sed 's/SUITES=//; s/"//g'
        sed -nE 's/.*build\/tests\/check ([^;&|]*).*/\1/p' "$temporary/commands"
    } | tr ' ' '\n' | sed '/^$/d' | sort -u | while read -r suite; do
        [ -n "$(find tests -name "test_$suite.c")" ] || complain "there is no suite $suite"
    done
}

# Checks that the public headers have each public name in the documents, and the struct fields that
# are written as cnn_..._t.field.
check_names() {
    cat include/catdog/*.h | grep -oE '[A-Za-z0-9_]+' | sort -u >"$temporary/words"
    # shellcheck disable=SC2086
    grep -noE '(cnn|CNN)_[A-Za-z0-9_]+(_t\.[a-z0-9_]+)?' $(echo "$documents" | tr ' ' '\n' |
        grep -v changelog) | sed 's/:[0-9]*:/\t/' | sort -u | while IFS=$tab read -r file name; do
        case $name in
        *_) continue ;;
        *.*) words="${name%%.*} ${name#*.}" ;;
        *) words=$name ;;
        esac
        for word in $words; do
            grep -qxF "$word" "$temporary/words" || complain "$file: the header has no $name"
        done
    done
}

# Checks that each "catdog COMMAND" exists and has the options quoted with it. An option that is
# quoted alone must belong to any command.
check_commands() {
    "$catdog" --commands >"$temporary/names"
    while read -r name; do
        "$catdog" "$name" --help >"$temporary/help.$name"
    done <"$temporary/names"
    "$catdog" --help >"$temporary/help.catdog"
    grep -vE '^docs/(measurements/|changelog)' "$temporary/commands" |
        grep -E "$tab(.* )?catdog [a-z]" | sed -E "s/$tab.*catdog /$tab/; s/ *[|;>].*//" |
        while IFS=$tab read -r file command; do
            name=${command%% *}
            [ -e "$temporary/help.$name" ] || {
                complain "$file: catdog has no command $name"
                continue
            }
            for option in $(echo "$command" | grep -oE -- '--[a-z0-9-]+' || :); do
                grep -qE -- "^ *$option( |\$)" "$temporary/help.$name" ||
                    complain "$file: catdog $name has no option $option"
            done
        done
    grep -vE '^docs/(measurements/|changelog)' "$temporary/spans" | grep -E "$tab--[a-z]" |
        sed -E "s/$tab(--[a-z0-9-]*).*/$tab\1/" | sort -u | while IFS=$tab read -r file option; do
        cat "$temporary"/help.* | grep -qE -- "^ *$option( |\$)" ||
            [ "$option" = --version ] || complain "$file: no command has the option $option"
    done
}

# Checks that the table of rooms lists each folder of src.
check_rooms() {
    for room in src/*/; do
        grep -qF "| \`$room\` |" docs/internals/design.md ||
            complain "docs/internals/design.md: $room is missing"
    done
}

# Checks that the documents name each environment variable that the code reads, and no other ones.
check_environment() {
    page=docs/reference/environment.md
    for name in $(grep -rhoE 'getenv\("[A-Z_]*"' src examples tests | cut -d'"' -f2 | sort -u); do
        case $name in
        CATDOG_* | TMPDIR) grep -q "\`$name\`" $page || complain "$page: $name is missing" ;;
        esac
    done
    # shellcheck disable=SC2086
    for name in $(grep -ohE 'CATDOG_[A-Z_]+' $current | sort -u); do
        grep -rqE "$name" src examples tests Makefile || complain "nothing reads $name"
    done
}

# Checks that the reference has each status code with its value and text.
check_status_codes() {
    page=docs/reference/status-codes.md
    sed -nE 's/^    (CNN_(OK|ERROR_[A-Z_]+)) = (-?[0-9]+),? .*/\1 \3/p' include/catdog/base.h |
        while read -r name value; do
            sentence=$(grep -A 1 "case $name:" src/core/error.c |
                sed -n 's/.*return "\(.*\)";/\1/p')
            echo "| \`$name\` | $value | $sentence |"
        done >"$temporary/codes"
    [ "$(wc -l <"$temporary/codes")" -gt 10 ] || complain "$page: the header's table is not found"
    while read -r row; do
        grep -qF -- "$row" $page || complain "$page: this row is missing: $row"
    done <"$temporary/codes"
}

# Checks the messages that the guide quotes in the first column of its tables. In a quoted message,
# "..." stands for a part that varies. Each text between two "..." must be part of a string of the
# library or the command.
check_messages() {
    page=docs/guide/troubleshooting.md
    [ -e $page ] || return 0
    cat $(find src examples/catdog include -name '*.[ch]') | tr '\n' ' ' |
        sed -E "s/\\\\\"/\x01/g; s/\" *\"//g; s/\" *PRI[a-z0-9A-Z]+ *\"/%d/g; s/\x01/\"/g" |
        sed -E 's/%[-0-9.*]*(zu|llu|lu|ld|u|d|s|g|f|x)/.../g' >"$temporary/strings"
    awk '/^\| `/ { sub(/^\| `/, ""); sub(/` \|.*/, ""); gsub(/`, `/, "\n"); print }' $page \
        >"$temporary/messages"
    while read -r message; do
        echo "$message" | sed 's/ *\.\.\. */\n/g' | while read -r piece; do
            [ ${#piece} -lt 4 ] || grep -qF -- "$piece" "$temporary/strings" ||
                complain "$page: no message has \"$piece\""
        done
    done <"$temporary/messages"
}

# Checks that lines have at most 100 characters, except in tables and links, and that paragraphs
# have at most six lines.
check_layout() {
    for file in $documents; do
        LC_ALL=C sed 's/[\x80-\xBF]//g' "$file" | LC_ALL=C awk -v file="$file" '
            /^```/ { inside = !inside }
            !/^\|/ && !/\]\(/ && !/https?:/ && !(inside && /,/) && length($0) > 100 {
                print file ":" NR ": over 100 characters" }
            inside || /^ *$/ || /^[|#!<]/ || /^    / { n = 0; next }
            /^ *([-*]|[0-9]+\.) / { n = 0 }
            ++n == 7 { print file ":" NR ": a paragraph of more than six lines" }' >>"$complaints"
    done
}

# wrap FRAGMENT INCLUDE...: prints a source file that has the fragment inside a function. The
# handles that fragments use are parameters of the function.
wrap() {
    handles='cnn_context_t *context, cnn_model_t *model, cnn_dataset_t *dataset,
        cnn_session_t *session'
    fragment=$1
    shift
    printf '#include <%s>\n' catdog/catdog.h "$@"
    echo "void fragment($handles); void fragment($handles)"
    echo '{ (void)context; (void)model; (void)dataset; (void)session;'
    cat "$fragment"
    echo '}'
}

# compile SOURCE COMPILER FLAG...: checks that a source compiles. A complaint names $place, the file
# and line of the code block.
compile() {
    source=$1
    shift
    "$@" -Wall -Wextra -Wno-unused -Werror -Iinclude -fsyntax-only "$source" \
        >"$temporary/errors" 2>&1 ||
        complain "$place does not compile: $(grep error "$temporary/errors" | head -n 1)"
}

# Checks that code blocks in C and C++ compile. A block that includes the header is a program and is
# compiled unchanged. Other blocks are compiled inside a function.
check_examples() {
    # shellcheck disable=SC2086
    awk -v folder="$temporary" '
        /^```(c|cpp)$/ { inside = 1; n++; name = sprintf("%s/block%d.%s", folder, n, substr($0, 4))
            print "/* " FILENAME ":" FNR " */" >name; next }
        /^```/ { inside = 0 }
        inside { print >name }' $current
    for block in "$temporary"/block*.c*; do
        place=$(sed -n '1s/[/* ]*\(.*\) .*/\1/p' "$block")
        case $block in
        *.c) suffix=c includes=stdio.h compiler="${CC:-cc} -std=c11" ;;
        *) suffix=cpp includes=memory compiler="${CXX:-c++} -std=c++17" ;;
        esac
        if grep -q 'include <catdog' "$block"; then
            cp "$block" "$temporary/whole.$suffix"
        else
            wrap "$block" $includes >"$temporary/whole.$suffix"
        fi
        # shellcheck disable=SC2086
        compile "$temporary/whole.$suffix" $compiler
    done
}

# Checks that each JSON document in a code block is valid.
check_json() {
    awk -F '\t' -v folder="$temporary" '
        $2 == "json" { if ($3 ~ /^{/) n++; print $3 >(folder "/block" n ".json") }' \
        "$temporary/code"
    for block in "$temporary"/block*.json; do
        "$programs/json_check" <"$block" || complain "this is no JSON: $(cat "$block")"
    done
}

check_links
check_paths
check_make
check_suites
check_names
check_commands
check_rooms
check_environment
check_status_codes
check_messages
check_layout
check_examples
check_json

cat "$complaints"
[ ! -s "$complaints" ]
