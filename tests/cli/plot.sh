#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog plot
. "$(dirname "$0")/common.sh"

test_draws_curves() {
    if ! command -v gnuplot >/dev/null; then
        echo "gnuplot is absent: skipped" >&2
        return
    fi
    need model
    cp history.csv "my history.csv"
    for kind in svg png; do
        run 0 plot "my history.csv" --out "my 'curves'.$kind"
        [ -s "my 'curves'.$kind" ] || fail "no curves in $kind"
    done
    has "my 'curves'.svg" "<svg"
    has "my 'curves'.svg" "validation"
    quiet_err
    awk 'NR == 1
        NR == 2 { for (i = 1; i <= 41; i++) { sub(/^[0-9]+/, i); print } }' history.csv >long.csv
    run 0 plot long.csv --out long.svg # a long history is drawn without points
    quiet_err
}

test_without_gnuplot() {
    need model
    last="catdog plot without gnuplot"
    PATH=/nowhere "$catdog" plot history.csv --out x.svg >out 2>err
    [ $? -eq 1 ] || fail "plot without gnuplot"
    has err "gnuplot is not installed"
    [ ! -e x.svg ] || fail "plot without gnuplot left a file"
}

test_refuses_bad_histories() {
    need model
    echo "epoch,loss" >bad.csv
    run 1 plot bad.csv --out x.svg
    has err "line 1"
    { sed -n 1,2p history.csv && echo "2,x,0,0,0,0,0,0,0,0,0,0"; } >bad.csv
    run 1 plot bad.csv --out x.svg
    has err "line 3"
    sed 1q history.csv >bad.csv
    run 1 plot bad.csv --out x.svg
    run 1 plot nowhere.csv --out x.svg
}

test_refuses_bad_arguments() {
    need model
    run 2 plot h.csv --out h.gif
    run 1 plot history.csv --out nowhere/x.svg
}

run_cases "$@"
