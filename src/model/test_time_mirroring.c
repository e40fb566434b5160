/* SPDX-License-Identifier: MIT */
#include "model/test_time_mirroring.h"

#include <string.h>

#include "image/mirror.h"

void cd_mirroring_flip(const cnn_graph_t *graph, float *x, size_t n)
{
    const struct cd_shape in = graph->nodes[0].shape;

    for (size_t i = 0; i < n; i++)
        cd_mirror(x + i * cd_shape_size(in), in.h, in.w);
}

void cd_mirroring_predict(struct cd_plan *plan, const cnn_graph_t *graph, const float *weights,
                          const float *statistics, float *x, size_t n, float *y)
{
    const size_t count = n * cd_shape_size(cd_graph_output(graph)->shape);

    memcpy(y, cd_plan_predict(plan, weights, statistics, x, n), count * sizeof *y);
    cd_mirroring_flip(graph, x, n);
    const float *mirrored = cd_plan_predict(plan, weights, statistics, x, n);
    for (size_t i = 0; i < count; i++)
        y[i] = (y[i] + mirrored[i]) / 2;
}
