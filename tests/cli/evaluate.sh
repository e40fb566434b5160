#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog evaluate
. "$(dirname "$0")/common.sh"

test_prints_figures() {
    need photos model
    run 0 evaluate folders --model model.safetensors --predictions predictions.csv
    has out "ROC AUC"
    has out "threshold"
    has err "empty.jpg"
    [ "$(wc -l <predictions.csv)" -eq 25 ] || fail "not a line for each photo in predictions.csv"
    has predictions.csv "path,class,predicted,dog,cat"
}

test_json() {
    need photos model
    run 0 evaluate folders --model model.safetensors --json
    holds mse:number binary_cross_entropy:number pearson auc:number accuracy:number \
        best_threshold:number best_accuracy:number thresholds.#=10 thresholds.9.threshold=0.9 \
        thresholds.9.accuracy:number confusion.classes.1=cat confusion.matrix.1.1:number \
        photos=24 skipped.#=1 skipped.0.path:string skipped.0.reason:string
}

test_builtin_model() {
    need photos
    run_builtin 0 evaluate folders --json || return 0
    holds photos=24 mse:number
}

test_undefined_figures_are_null() {
    need photos model
    mkdir one && cp -r folders/cats one/cats
    run 0 evaluate one --layout folders --model model.safetensors --json
    holds photos=12 auc:null pearson:null mse:number
}

test_refuses_bad_arguments() {
    need photos model
    run 1 evaluate folders --model model.safetensors --strict
    run 1 evaluate folders --model "$catdog"
    run 1 evaluate folders --model nowhere
    has err nowhere
    run 1 evaluate folders --model model.safetensors --predictions nowhere/p.csv
    run 2 evaluate folders --model model.safetensors --mistakes 0
    has err --mistakes
    run 1 evaluate folders --model model.safetensors --mistakes-out nowhere/x
    run 2 evaluate folders --model model.safetensors --reliability table.gif
    run 1 evaluate folders --model model.safetensors --reliability nowhere/table.csv
}

test_mistakes() {
    need photos model
    set -- evaluate folders --model model.safetensors
    run 0 "$@" --predictions p.csv --mistakes 1000 --json
    awk -F, 'NR > 1 && $2 != $3 { n++ } END { exit !(n > 1) }' p.csv ||
        fail "this model makes too few mistakes"
    n=$(awk -F, 'NR > 1 && $2 != $3' p.csv | wc -l)
    holds mistakes.#="$n" mistakes.0.path:string mistakes.0.class:string \
        mistakes.0.predicted:string mistakes.0.probability:number
    run 0 "$@" --mistakes-out wrong.txt --json
    holds photos=24
    [ "$(wc -l <wrong.txt)" -eq "$n" ] || fail "not a line for each mistake"
    awk -F '\t' '
        NF != 5 || $1 != "mistake" || $3 == $4 || $5 > 0.5 || $5 < p { exit 1 }
        { p = $5 }' wrong.txt || fail "not subset, path, class, predicted, rising probability"
    awk -F '\t' '{ print $2 "," $3 "," $4 }' wrong.txt | sort >a
    awk -F, 'NR > 1 && $2 != $3 { print $1 "," $2 "," $3 }' p.csv | sort | cmp -s - a ||
        fail "other mistakes than predictions show"
    run 0 "$@" --mistakes 1
    has out "$n photos are misclassified"
    has out "$(head -n 1 wrong.txt | cut -f 2)"
    [ "$(grep -c ', predicted' out)" -eq 1 ] || fail "not one mistake: $last"
    run 0 sheet folders --split wrong.txt --subset mistake --out wrong.jpg --count 1000
    has out "wrong.jpg: $n of $n mistake photos"
}

# Checks the calibration error against the one computed from the rows of the CSV file.
test_reliability() {
    need photos model
    run 0 evaluate folders --model model.safetensors --reliability table.csv --json
    holds calibration_error:number accuracy_low:number accuracy_high:number reliability.#=15 \
        reliability.0.photos=0 reliability.0.confidence:null reliability.14.high=1
    awk -F, 'NR > 1 { n += $3; e += $3 * ($4 > $5 ? $4 - $5 : $5 - $4) } END { print n, e / n }' \
        table.csv >a
    sed -n 's/.*"calibration_error": \([0-9.e-]*\).*/\1/p' out >b
    awk 'NR == 1 { n = $1; e = $2 }
        NR == 2 { exit !(n == 24 && e - $1 < 1e-5 && $1 - e < 1e-5) }' a b ||
        fail "another calibration error than the table's"
    run 0 evaluate folders --model model.safetensors
    has out "95 % interval"
    has out "calibration error"
}

test_reliability_diagram() {
    command -v gnuplot >/dev/null || return 0
    need photos model
    run 0 evaluate folders --model model.safetensors --reliability table.svg
    has table.svg "<svg"
    has table.svg "expected calibration error"
}

test_subset_of_a_split_list() {
    need few
    printf 'a\tx/cat.1.jpg\nb\tdog.1.jpg\nb\ty/cat.2.jpg\n' >list
    run 0 evaluate flat --model few.model --split list --subset b --predictions p.csv
    has p.csv flat/dog.1.jpg
    has p.csv flat/cat.2.jpg
    [ "$(wc -l <p.csv)" -eq 3 ] || fail "other photos than listed: $last"
    run 0 survey flat --split list --subset b --json
    holds photos=2
    run 2 evaluate few --model few.model --split list
    run 2 evaluate few --model few.model --subset a
    has err "go together"
    run 2 survey few --subset a
    has err "go together"
}

# listed STATUS FOLDER SUBSET LINE...: writes the lines to a split list and evaluates its subset
# SUBSET.
listed() {
    status=$1 folder=$2 subset=$3
    shift 3
    printf '%b\n' "$@" >list
    run "$status" evaluate "$folder" --model few.model --split list --subset "$subset"
}

test_photo_in_two_subsets() {
    need few
    listed 0 few a 'a\tcats/1.jpg' 'a\tfew/cats/1.jpg' # two lines, one subset
    listed 1 few a 'a\tcats/1.jpg' 'b\tfew/cats/1.jpg'
    has err 'list: few/cats/1.jpg is in two subsets, "a" (line 1) and "b" (line 2)'
    mkdir -p own/cats own/dogs
    cp few/cats/1.jpg own/cats/cat.1.jpg
    cp few/dogs/1.jpg own/dogs/dog.1.jpg
    listed 1 own a 'a\tcats/cat.1.jpg' 'b\tcat.1.jpg'
    has err 'list: own/cats/cat.1.jpg is in two subsets, "a" (line 1) and "b" (line 2)'
    listed 0 own a 'a\tcats/cat.1.jpg' 'b\tdogs/cat.1.jpg'
}

test_refuses_bad_split_lists() {
    need few
    listed 1 few a 'a\tcats/1.jpg' 'a\tx/4.jpg'
    has err "list: line 2: x/4.jpg may be few/cats/4.jpg or few/dogs/4.jpg"
    for bad in 'a cats/1.jpg' 'a\t' '\tcats/1.jpg' 'a\tx\0y'; do
        listed 1 few a 'a\tcats/1.jpg' "$bad"
        has err 'is not "subset<TAB>path"'
    done
    listed 1 few b 'a\tcats/1.jpg'
    has err 'list: no photo of the folder is in subset "b"'
}

run_cases "$@"
