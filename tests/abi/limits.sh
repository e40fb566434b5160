#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks limits that keep the code readable: at most 100 columns a line, 500 lines a file and 60
# lines a function. Files of golden values, which scripts write, are not checked.
set -eu

max_columns=100
max_file=500
max_function=60
failed=0

files=$(find Makefile .ci src include examples tests -type f \
    \( -name Makefile -o -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -path '.ci/run' \) \
    ! -name 'golden_*.h' | sort)

# Counts columns, not bytes: the second and later bytes of a UTF-8 character are not counted.
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

# The body of a function begins and ends with a brace in the first column.
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
