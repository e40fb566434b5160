/* SPDX-License-Identifier: MIT */
#include "measure/machine.h"

#include "core/clock.h"
#include "core/pool.h"
#include "kernels/kernels.h"

enum {
    FMA_TRIES = 16,
    FMA_ROUNDS = 1 << 19, /* take 1 to 2 ms */
    READ_TRIES = 5,
    READ_CHUNK = 1 << 18 /* floats that a work item reads */
};

/* Arguments and results of the tasks. The results are stored so that the compiler cannot remove the
 * computation. */
struct job {
    const struct cd_kernels *kernels;
    float *memory;
    double multiply_adds[CD_POOL_MAX_THREADS];
    float results[CD_POOL_MAX_THREADS];
};

/* Returns the kernels that are measured: the kernels of the context. "blas" and "reference" have no
 * kernels for measuring; the best kernels for this CPU are used instead. */
static const struct cd_kernels *level_of(const cnn_context_t *context)
{
    return context->kernels->multiply_adds ? context->kernels : cd_kernels_find(NULL);
}

static void multiply_add_task(void *argument, size_t task, size_t worker)
{
    struct job *job = argument;

    (void)worker;
    job->multiply_adds[task] = job->kernels->multiply_adds(FMA_ROUNDS, &job->results[task]);
}

double cd_machine_fma_gflops(cnn_context_t *context)
{
    const size_t threads = cd_pool_threads(context->pool);
    struct job job = {.kernels = level_of(context)};
    double best = 0.0;

    for (int i = 0; i < FMA_TRIES; i++) {
        const double start = cd_clock_seconds();
        cd_parallel_for(context, threads, multiply_add_task, &job);
        const double seconds = cd_clock_seconds() - start;
        const double gflops = 2e-9 * job.multiply_adds[0] * (double)threads / seconds;
        best = gflops > best ? gflops : best;
    }
    return best;
}

static void write_task(void *argument, size_t task, size_t worker)
{
    struct job *job = argument;

    (void)worker;
    for (size_t i = 0; i < READ_CHUNK; i++)
        job->memory[task * READ_CHUNK + i] = 1.0f;
}

static void read_task(void *argument, size_t task, size_t worker)
{
    struct job *job = argument;

    job->results[worker] += job->kernels->read(READ_CHUNK, job->memory + task * READ_CHUNK);
}

double cd_machine_bandwidth_gbs(cnn_context_t *context, float *memory)
{
    const size_t chunks = CD_MACHINE_FLOATS / READ_CHUNK;
    struct job job = {.kernels = level_of(context), .memory = memory};
    double best = 0.0;

    cd_parallel_for(context, chunks, write_task, &job);
    for (int i = 0; i < READ_TRIES; i++) {
        const double start = cd_clock_seconds();
        cd_parallel_for(context, chunks, read_task, &job);
        const double seconds = cd_clock_seconds() - start;
        const double gbs = 1e-9 * CD_MACHINE_FLOATS * sizeof *memory / seconds;
        best = gbs > best ? gbs : best;
    }
    return best;
}
