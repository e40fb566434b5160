/* SPDX-License-Identifier: MIT
 *
 * Fusing: a step computes nodes behind its own, so that the feature maps in between are never
 * stored. A feature map is fused away only if one node alone reads it. Each layer kind fuses what
 * it can with the functions here. */
#ifndef CD_PLAN_FUSE_H
#define CD_PLAN_FUSE_H

#include "plan/step.h"

/* The node that alone reads the values of node index; n_nodes if no node or several nodes read
 * them, or if they are the output or watched. needed: nodes that get a step. */
size_t cd_fuse_only_reader(const struct cd_plan *plan, const unsigned char *needed, size_t index);

/* The node of a kind that alone reads the step's output in the shape that it has; NULL if there is
 * none. A reader behind a flatten sees another shape. */
const struct cd_node *cd_fuse_candidate(const struct cd_plan *plan, const unsigned char *needed,
                                        const struct cd_step *step, enum cd_node_type type);

/* Fuses a candidate: it becomes the step's output and gets no step. */
void cd_fuse_node(const struct cd_plan *plan, unsigned char *needed, const struct cd_node *node,
                  struct cd_step *step);

/* Fuses an activation that works value by value. only: the one activation that the step supports;
 * NONE: it supports all of them. */
void cd_fuse_activation(const struct cd_plan *plan, unsigned char *needed, cnn_activation_t only,
                        struct cd_step *step);

/* Fuses an addition whose other operand is known when the step runs; in[1] becomes that operand. */
void cd_fuse_addition(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step);

#endif
