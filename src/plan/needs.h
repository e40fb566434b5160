/* SPDX-License-Identifier: MIT
 *
 * The memory that a plan needs, node by node. */
#ifndef CD_PLAN_NEEDS_H
#define CD_PLAN_NEEDS_H

#include "plan/plan.h"

/* Bytes for a node. values is 0 if the feature map is fused away. gradient is 0 if the gradient
 * lies in the memory of a later node's gradient. */
struct cd_plan_needs {
    const char *algorithm;   /* a convolution's algorithm, else "" */
    size_t values, gradient; /* the node's output and its gradient */
    size_t kept;             /* data that forward keeps for backward */
    size_t scratch;          /* the larger scratch of the node's forward and backward step */
    size_t prepared;         /* the kernel in the form that forward reads */
};
struct cd_plan_needs cd_plan_needs(const struct cd_plan *plan, size_t node);

/* Bytes of all buffers if none of them shared memory. */
size_t cd_plan_unshared_bytes(const struct cd_plan *plan);

#endif
