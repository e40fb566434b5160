#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Prints a random sample of code comments and documentation paragraphs, for a reader who judges
# whether each is clear at first reading. The same seed and source tree give the same sample.
#
#   reading_sample.sh [SEED [COMMENTS [PARAGRAPHS]]]      default: 1 30 10
set -eu

seed=${1:-1}
comments=${2:-30}
paragraphs=${3:-10}

# Prints each comment after a line "@ FILE:LINE", with an empty line between comments.
c_comments() {
    awk '
        function flush() {
            if (text ~ /[a-z]/ && text !~ /^[^\n]*SPDX[^\n]*\n$/)
                print "@ " place "\n" text
            text = ""
        }
        FNR == 1 { flush(); inside = 0 }
        !inside && match($0, /(^|[ \t])\/\*/) { flush(); inside = 1; place = FILENAME ":" FNR }
        inside { text = text $0 "\n" }
        inside && /\*\// { inside = 0; flush() }
        END { flush() }' "$@"
}

hash_comments() {
    awk '
        function flush() {
            if (text ~ /[a-z]/)
                print "@ " place "\n" text
            text = ""
        }
        FNR == 1 { flush() }
        /^[ \t]*#/ && !/SPDX|^#!|# shellcheck disable=|#include/ {
            if (text == "")
                place = FILENAME ":" FNR
            text = text $0 "\n"
            next
        }
        { flush() }
        END { flush() }' "$@"
}

# Prints the paragraphs of Markdown files, without headings, tables, code blocks, links and images.
document_paragraphs() {
    awk '
        function flush() {
            if (text ~ /[a-z].*[a-z]/)
                print "@ " place "\n" text
            text = ""
        }
        FNR == 1 { flush(); code = 0 }
        /^ *```/ { flush(); code = !code; next }
        code || /^#|^\||^ *$|^    |^!\[|^</ { flush(); next }
        /^[-*0-9]/ { flush() }
        { if (text == "") place = FILENAME ":" FNR; text = text $0 "\n" }
        END { flush() }' "$@"
}

# draw N: prints N random blocks of the input.
draw() {
    awk -v n="$1" -v seed="$seed" '
        /^@ / { block[++count] = $0; next }
        { block[count] = block[count] "\n" $0 }
        END {
            srand(seed)
            for (i = 1; i <= n && i <= count; i++) {
                k = i + int(rand() * (count - i + 1))
                chosen = block[k]
                block[k] = block[i]
                print chosen "\n"
            }
        }'
}

cd "$(dirname "$0")/../.."
code=$(find src include examples tests -name '*.[ch]' ! -name 'golden_*.h' | LC_ALL=C sort)
scripts=$(find Makefile .ci/run .ci examples tests -name '*.sh' -o -name Makefile -o -path .ci/run |
    LC_ALL=C sort -u)
documents=$(find README.md docs -name '*.md' ! -path '*/measurements/*' | LC_ALL=C sort)

echo "seed $seed"
echo
# shellcheck disable=SC2086 # a word each
{ c_comments $code && hash_comments $scripts; } | draw "$comments"
# shellcheck disable=SC2086
document_paragraphs $documents | draw "$paragraphs"
