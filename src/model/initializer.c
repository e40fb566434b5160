/* SPDX-License-Identifier: MIT */
#include "model/initializer.h"

#include <math.h>

#include "core/pool.h"
#include "core/random.h"
#include "core/size.h"

enum { VALUES_PER_ITEM = 1 << 16 }; /* values of one work item */

struct fill {
    uint64_t seed;
    size_t index; /* number of the parameter */
    size_t count;
    double scale; /* Glorot: the limit; He: the standard deviation before truncation */
    float *values;
};

static size_t item_end(const struct fill *fill, size_t task)
{
    const size_t end = (task + 1) * VALUES_PER_ITEM;
    return end < fill->count ? end : fill->count;
}

/* Uniform in [-limit, limit). */
static void fill_uniform(void *argument, size_t task, size_t worker)
{
    const struct fill *fill = argument;
    const uint64_t key = cd_random_key(fill->seed, CD_STREAM_INITIALIZER, fill->index, 0);
    const size_t end = item_end(fill, task);

    (void)worker;
    for (size_t i = task * VALUES_PER_ITEM; i < end; i++)
        fill->values[i] = (float)((2 * cd_random_double(key, i) - 1) * fill->scale);
}

/* A normal number from two uniform ones (Box and Muller). 1 - u keeps the logarithm finite. */
static double normal(uint64_t key, size_t i)
{
    const double two_pi = 6.283185307179586;
    const double radius = sqrt(-2 * log(1 - cd_random_double(key, 2 * (uint64_t)i)));
    return radius * cos(two_pi * cd_random_double(key, 2 * (uint64_t)i + 1));
}

/* Normal numbers within two standard deviations. A number outside is drawn again from the next
 * stream. */
static void fill_truncated_normal(void *argument, size_t task, size_t worker)
{
    const struct fill *fill = argument;
    const size_t end = item_end(fill, task);

    (void)worker;
    for (size_t i = task * VALUES_PER_ITEM; i < end; i++) {
        double value;
        uint64_t attempt = 0;
        do {
            value =
                normal(cd_random_key(fill->seed, CD_STREAM_INITIALIZER, fill->index, attempt++), i);
        } while (fabs(value) > 2);
        fill->values[i] = (float)(value * fill->scale);
    }
}

static void fill_constant(float *values, size_t count, float value)
{
    for (size_t i = 0; i < count; i++)
        values[i] = value;
}

static void fill_kernel(const cnn_graph_t *graph, size_t index, cnn_initializer_t initializer,
                        uint64_t seed, float *values)
{
    /* The standard deviation of the standard normal distribution truncated at 2. */
    const double truncated_deviation = .87962566103423978;
    const struct cd_param *param = &graph->params[index];
    struct fill fill = {seed, index, param->count, 0, values};
    const size_t tasks = cd_divide_up(param->count, VALUES_PER_ITEM);

    if (initializer == CNN_INITIALIZER_HE_NORMAL) {
        fill.scale = sqrt(2.0 / (double)param->fan_in) / truncated_deviation;
        cd_parallel_for(graph->context, tasks, fill_truncated_normal, &fill);
    } else {
        fill.scale = sqrt(6.0 / ((double)param->fan_in + (double)param->fan_out));
        cd_parallel_for(graph->context, tasks, fill_uniform, &fill);
    }
}

void cd_initialize(const cnn_graph_t *graph, size_t index, cnn_initializer_t otherwise,
                   uint64_t seed, float *values)
{
    const struct cd_param *param = &graph->params[index];
    const cnn_initializer_t own = graph->nodes[param->node].initializer;

    if (param->role == CD_PARAM_KERNEL)
        fill_kernel(graph, index, own != CNN_INITIALIZER_DEFAULT ? own : otherwise, seed, values);
    else
        fill_constant(values, param->count,
                      param->role == CD_PARAM_GAMMA || param->role == CD_PARAM_MOVING_VARIANCE);
}
