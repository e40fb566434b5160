#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog explain
. "$(dirname "$0")/common.sh"

test_draws_a_heat_map() {
    need photos conv
    run 0 explain folders/cats/1.jpg --out heat.jpg --model conv.safetensors
    quiet_err
    has out "heat.jpg: "
    has out "by the 9 x 12 places of max_pool2d"
    [ "$(size_of heat.jpg)" = "$(size_of folders/cats/1.jpg)" ] ||
        fail "the heat map has another size"
    cp heat.jpg again.jpg
    run 0 explain folders/cats/1.jpg --out heat.jpg --model conv.safetensors --threads 1
    same heat.jpg again.jpg "another number of threads, another heat map"
    run 0 explain folders/cats/1.jpg --out heat.jpg --model conv.safetensors --layer conv2d \
        --opacity 1
    has out "by the 18 x 24 places of conv2d"
    differ heat.jpg again.jpg "another layer, the same heat map"
}

test_json_of_each_class() {
    need photos conv
    for class in cat dog; do
        run 0 explain folders/cats/1.jpg --out $class.jpg --model conv.safetensors \
            --class $class --json
        quiet_err
        holds path=folders/cats/1.jpg class=$class probability:number drawing=$class.jpg \
            layer=max_pool2d map.#=9 map.8.#=12 map.8.11:number
    done
    differ cat.jpg dog.jpg "both classes have the same heat map"
}

test_builtin_model() {
    need photos
    run_builtin 0 explain folders/cats/1.jpg --out heat.jpg
}

test_refuses_bad_arguments() {
    need photos conv model
    run 2 explain p.jpg
    has err "--out FILE.jpg is required"
    run 2 explain p.jpg --out h.jpg --opacity 2
    set -- explain folders/cats/1.jpg --out heat.jpg
    run 1 "$@" --model conv.safetensors --class bird
    has err 'there is no class "bird"'
    run 1 "$@" --model conv.safetensors --layer conv
    has err 'there is no layer "conv"'
    run 1 "$@" --model conv.safetensors --layer dense
    has err 'layer "dense" is flat'
    run 1 "$@" --model model.safetensors
    has err "no layer of this network has a map"
    run 1 explain text.jpg --out heat.jpg --model conv.safetensors
    has err text.jpg
    run 1 "$@" --model nowhere
    run 1 explain folders/cats/1.jpg --out nowhere/heat.jpg
}

run_cases "$@"
