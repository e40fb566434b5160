#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Keeps code readable by a few limits: no line over 100 columns, no file over 500 lines, no function
# over 60. Files of golden values, which scripts write, are left out.
set -eu

max_columns=100
max_file=500
max_function=60
failed=0

files=$(find Makefile .ci src include examples tests -type f \
    \( -name Makefile -o -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -path '.ci/run' \) \
    ! -name 'golden_*.h' | sort)

# Bytes that continue a character of UTF-8 are no columns.
# shellcheck disable=SC2086 # a word each
LC_ALL=C awk -v columns=$max_columns -v lines=$max_file '
    function end_of_file() {
        if (length_of_file > lines)
            print file ": " length_of_file " lines; the limit is " lines
    }
    FNR == 1 { end_of_file(); file = FILENAME }
    {
        length_of_file = FNR
        text = $0
        gsub(/\t/, "        ", text)
        gsub(/[\200-\277]/, "", text)
        if (length(text) > columns)
            print FILENAME ":" FNR ": " length(text) " columns; the limit is " columns
    }
    END { end_of_file() }' $files | grep . && failed=1

# A function begins with a brace in the first column and ends with one.
# shellcheck disable=SC2086
LC_ALL=C awk -v lines=$max_function '
    /^\{/ { start = FNR }
    /^\}/ {
        if (start && FNR - start + 1 > lines)
            print FILENAME ":" start ": a function of " FNR - start + 1 " lines; the limit is " \
                lines
        start = 0
    }' $(echo "$files" | grep '\.[ch]$') | grep . && failed=1

exit $failed
