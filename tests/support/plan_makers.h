/* SPDX-License-Identifier: MIT
 *
 * Makes plans. */
#ifndef TESTS_SUPPORT_PLAN_MAKERS_H
#define TESTS_SUPPORT_PLAN_MAKERS_H

#include "plan/plan.h"

/* Creates a plan whose options are 0 or NULL, except for batch and training. Errors: MEMORY. */
cnn_status_t plan_of(const cnn_graph_t *graph, size_t batch, int training, struct cd_plan **plan);

#endif
