#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Tests of catdog info
. "$(dirname "$0")/common.sh"

test_model() {
    need model
    run 0 info model.safetensors
    has out "dog cat"
    has out "16 x 20"
    has out "parameters"
    run 0 info model.safetensors --json
    holds classes.0=dog classes.1=cat preprocess.fit=squash layers.0.type=input \
        parameter_count:number parameters.0.name:string training:object
}

test_damaged_model() {
    need model
    head -c 100 model.safetensors >cut.safetensors
    run 1 info cut.safetensors
    has err cut.safetensors
}

test_preset() {
    run 0 info conv24 --size 20x24
    has out "20 x 24 x 3"
    run 0 info conv24 --size 20x24 --json
    holds layers.0.height=20 layers.1.type=conv2d parameter_count:number
}

test_builtin_model() {
    run_builtin 0 info --json || return 0
    quiet_err
    holds classes.0=dog classes.1=cat parameter_count:number adapted_from.training.epochs:number
    run 0 info --memory --cpu --json
    holds memory.batch_size=32 memory.layers.1.name=stem cpu.kernels:string
}

test_cpu() {
    run 0 info --cpu
    quiet_err
    has out "CPU:"
    has out "the best that run here"
    has out "reference   runs here"
    run 0 info --cpu --json --threads 3
    quiet_err
    holds cpu.features:string cpu.threads=3 cpu.cpus:number cpu.kernels:string cpu.chosen_by=cpu \
        cpu.available.0.name:string cpu.convolutions:null
    run 0 info --cpu conv48x2 --json
    holds cpu.convolutions.#=2 cpu.convolutions.1.layer=conv2d_1 \
        cpu.convolutions.1.training:string cpu.convolutions.0.predicting:string
}

test_kernels_by_environment() {
    need model
    last="catdog info --cpu with CATDOG_KERNELS"
    CATDOG_KERNELS=reference,gemm=blas "$catdog" info --cpu conv24 >out 2>err || fail "$last"
    has out "reference,gemm=blas (chosen by CATDOG_KERNELS)"
    has out "im2col"
    CATDOG_KERNELS=reference "$catdog" info --cpu --json model.safetensors >out 2>err ||
        fail "$last"
    holds cpu.kernels=reference cpu.chosen_by=environment cpu.convolutions.#=0
    CATDOG_KERNELS=reference,gem=blas "$catdog" info --cpu >out 2>err && fail "$last: gem is taken"
    has err '"gem=blas"'
}

test_memory() {
    need model
    run 0 info --memory --training conv24 --batch-size 5
    quiet_err
    has out "training, batches of 5"
    has out "optimizer"
    run 0 info --memory mlp --batch-size 2 --size 10x10 --json
    holds memory.batch_size=2 memory.optimizer=0 memory.images=3000 memory.arena:number \
        memory.total:number memory.layers.#:number memory.layers.1.name=flatten \
        memory.layers.1.output=0
    run 0 info --memory model.safetensors --cpu --json
    holds memory.batch_size=32 cpu.kernels:string
    run 0 info mlp --memory --training --clip-norm 1 --average-decay 0.9 --json
    holds memory.average_weights:number
    run 0 info mlp --memory --training --json
    holds memory.average_weights=0
}

test_refuses_bad_arguments() {
    run 2 info --memory --batch-size 0 mlp
    run 1 info --memory nowhere
    has err nowhere
}

run_cases "$@"
