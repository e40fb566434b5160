#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Checks that errors are logged in one place. A public function that returns a status must return
# through the macros of src/api/boundary.h, which log the message. No other code may log an error.
# The parameters of a public function must have the names that the header gives them, because
# messages name parameters.
set -eu

failed=0

awk '
    /^cnn_status_t cnn_/ { public = $2 }
    /^}/ { public = "" }
    public && (/[^_]CD_TRY\(/ || /return / && !/return cd_api_result\(/ && !/return CNN_OK;/) {
        print FILENAME ":" FNR ": leaves without src/api/boundary.h: " $0
        found = 1
    }
    END { exit found }
' src/api/api_*.c || failed=1

if grep -rn 'CNN_LOG_ERROR' src --include='*.c' | grep -v '^src/api/boundary.c:'; then
    echo 'only src/api/boundary.c logs errors'
    failed=1
fi

# prototypes BEGIN END FILES: the text between lines that match BEGIN and END, one line each.
prototypes() {
    begin=$1
    end=$2
    shift 2
    awk -v begin="$begin" -v end="$end" '
        $0 ~ begin { text = ""; inside = 1 }
        inside { text = text " " $0 }
        inside && $0 ~ end {
            gsub(/CNN_API|[;{]/, "", text)
            gsub(/ +/, " ", text)
            print text
            inside = 0
        }' "$@" | sed 's/^ //; s/ $//' | sort
}

declared=$(mktemp)
prototypes '^CNN_API ' ';$' include/catdog/*.h >"$declared"
if [ "$(wc -l <"$declared")" -lt 100 ] ||
    ! prototypes '^[a-z].* [*]*cnn_[a-z0-9_]*[(]' '^{' src/api/api_*.c | diff "$declared" -; then
    echo 'the definitions of src/api (>) differ from the declarations of the header (<)'
    failed=1
fi
rm "$declared"
exit $failed
