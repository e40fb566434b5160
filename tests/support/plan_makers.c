/* SPDX-License-Identifier: MIT */
#include "support/plan_makers.h"

cnn_status_t plan_of(const cnn_graph_t *graph, size_t batch, int training, struct cd_plan **plan)
{
    const struct cd_plan_options options = {.batch = batch, .training = training};

    return cd_plan_create(graph, &options, plan);
}
