/* SPDX-License-Identifier: MIT
 *
 * Reports the memory that a plan needs for each node. */
#ifndef CD_PLAN_NEEDS_H
#define CD_PLAN_NEEDS_H

#include "plan/plan.h"

/* Memory for a node in bytes. output is 0 if the feature map is fused away. gradient is 0 if the
 * gradient uses the memory of a later node's gradient. */
struct cd_plan_needs {
    const char *algorithm;   /* algorithm of a convolution; "" for other layers */
    size_t output, gradient; /* the node's output and the gradient of the output */
    size_t kept;             /* data that the forward pass keeps for the backward pass */
    size_t scratch;  /* scratch of the forward or of the backward pass, whichever is larger */
    size_t prepared; /* the kernel in the layout that the forward pass reads */
};
struct cd_plan_needs cd_plan_needs(const struct cd_plan *plan, size_t node);

/* Returns the size of all buffers in bytes, as if none of them shared memory. */
size_t cd_plan_unshared_bytes(const struct cd_plan *plan);

#endif
