/* SPDX-License-Identifier: MIT */
#include "train/average.h"

#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/pool.h"
#include "core/size.h"

/* Number of values that one work item updates. */
enum { BLOCK = 65536 };

cnn_status_t cd_average_init(const cnn_model_t *model, double decay, size_t frozen_nodes,
                             struct cd_average *average)
{
    const cnn_graph_t *graph = model->graph;

    *average = (struct cd_average){.context = model->context, .decay = decay};
    if (decay == 0)
        return CNN_OK;
    average->n_weights = graph->trainable_size;
    average->n_statistics = graph->statistics_size;
    average->frozen_weights = cd_graph_floats_before(graph, frozen_nodes, 1);
    average->frozen_statistics = cd_graph_floats_before(graph, frozen_nodes, 0);
    average->weights = cd_alloc(average->context, average->n_weights, sizeof(float));
    average->statistics = cd_alloc(average->context, average->n_statistics, sizeof(float));
    if (!average->weights || !average->statistics)
        return cd_error_memory();
    memcpy(average->weights, model->weights, average->n_weights * sizeof(float));
    memcpy(average->statistics, model->statistics, average->n_statistics * sizeof(float));
    return CNN_OK;
}

void cd_average_release(struct cd_average *average)
{
    if (!average->context)
        return;
    cd_free(average->context, average->weights);
    cd_free(average->context, average->statistics);
    memset(average, 0, sizeof *average);
}

struct move {
    float rate; /* average += rate * (value - average) */
    const float *values;
    float *average;
    size_t n;
};

static void move_block(void *argument, size_t task, size_t worker)
{
    const struct move *move = argument;
    const size_t first = task * BLOCK;
    const size_t last = move->n - first < BLOCK ? move->n : first + BLOCK;

    (void)worker;
    for (size_t i = first; i < last; i++)
        move->average[i] += move->rate * (move->values[i] - move->average[i]);
}

/* Updates the averages of values[first] to values[n - 1]. The values before `first` are frozen. */
static void move_all(cnn_context_t *context, double rate, const float *values, float *average,
                     size_t first, size_t n)
{
    struct move move = {(float)rate, values + first, average + first, n - first};

    cd_parallel_for(context, cd_divide_up(n - first, BLOCK), move_block, &move);
}

void cd_average_step(struct cd_average *average, const cnn_model_t *model, uint64_t step)
{
    const double steps = (double)step + 1;
    const double rate = 1 - fmin(average->decay, (1 + steps) / (10 + steps));

    if (average->decay == 0)
        return;
    move_all(average->context, rate, model->weights, average->weights, average->frozen_weights,
             average->n_weights);
    move_all(average->context, rate, model->statistics, average->statistics,
             average->frozen_statistics, average->n_statistics);
}
