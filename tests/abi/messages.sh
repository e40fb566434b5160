#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks that the guide explains each message of the library and of the command. The first column of
# a table in troubleshooting.md must quote the message, whole or in part, with "..." for the parts
# that vary. Messages about invalid arguments of a call are not checked: they explain themselves.
# docs.sh checks the opposite: that each quoted message exists.
set -eu

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
page=docs/guide/troubleshooting.md

# Regular expressions for the functions that take a message.
library='cd_(error|warn|info|file_error|jpeg_errors_escape)|refuse|wrong|complain|not_finite'
command='output_(failure|message)|command_usage|usage|refuse(_range)?|failed|bad'

# strings FUNCTIONS FILE...: prints "FILE<TAB>MESSAGE" for each string of several words that is
# passed to one of the functions, printed to stderr, or assigned to `reason`. Strings in branches of
# ?: are left out. Adjacent strings are joined. printf conversions and macros become "...".
strings() {
    functions=$1
    shift
    awk -v functions="(^|[^a-z_])($functions)[(]|[(]stderr,|reason = *$" '
        function flush(   n, i, part, before, text) {
            gsub(/\\"/, "\001", all)
            gsub(/\047"\047/, "", all)
            n = split(all, part, "\"")
            for (i = 2; i <= n; i += 2) {
                before = before part[i - 1]
                text = part[i]
                for (; part[i + 1] ~ /^ *([A-Z][A-Za-z0-9_]*)? *$/ && i + 2 <= n; i += 2)
                    text = text (part[i + 1] ~ /[A-Z]/ ? "..." : "") part[i + 2]
                sub(/.*[;{}]/, "", before)
                if (before !~ functions || before ~ /[?:] *$/ || text !~ / /)
                    continue
                gsub(/\001/, "\"", text)
                gsub(/\\n|WIPE/, "", text)
                gsub(/%[-0-9.*]*(zu|llu|lld|ld|lu|u|d|s|g|f|x)/, "...", text)
                gsub(/\.\.\.(\.\.\.)+/, "...", text)
                gsub(/^ +/, "", text)
                print file "\t" text
            }
            all = before = ""
        }
        FNR == 1 { flush(); file = FILENAME }
        /^#/ { next }
        { all = all " " $0 }
        END { flush() }' "$@"
}

# shellcheck disable=SC2046 # no name of a source has a space
{
    strings "$library" $(find src -name '*.[ch]')
    strings "$command" $(find examples/catdog -name '*.[ch]')
} | awk -F '\t' '$2 ~ /[a-z][a-z].*[^a-z][a-z][a-z]/ && $2 !~ /^cnn_/ &&
    $1 !~ /^src\/(api\/|core\/(check|options)\.)/' | LC_ALL=C sort -u >"$temporary/messages"
[ "$(wc -l <"$temporary/messages")" -gt 300 ] || { echo "the messages are not found"; exit 1; }

awk -F '\t' '
    NR == FNR {
        if (sub(/^\| `/, "")) {
            sub(/ \|.*/, "")
            n = split($0, part, "`")
            for (i = 1; i <= n; i += 2)
                if (length(part[i]) > 5)
                    quotes[++count] = part[i]
        }
        next
    }
    {
        for (i = 1; i <= count; i++)
            if (index(quotes[i], $2) || index($2, quotes[i]))
                next
        print $1 ": the guide does not explain: " $2
    }' $page "$temporary/messages" >"$temporary/missing"
cat "$temporary/missing"
[ ! -s "$temporary/missing" ]
