#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Keeps the error path in one place: a public function that returns a status leaves through
# src/api/boundary.h, which logs the message, and no inner function logs an error.
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
exit $failed
