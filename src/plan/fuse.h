/* SPDX-License-Identifier: MIT
 *
 * Fusing: a step also computes the nodes that follow its own node. The feature maps between these
 * nodes are then never stored. A feature map can be fused away only if a single node reads it. Each
 * layer kind calls the functions below for the nodes that it can fuse.
 *
 * needed[i] is 1 if node i gets a step of its own. */
#ifndef CD_PLAN_FUSE_H
#define CD_PLAN_FUSE_H

#include "plan/step.h"

/* Returns the only node that reads the step's output, if the node is of the given type and reads
 * the output directly, not through a flatten layer. Otherwise returns NULL. */
const struct cd_node *cd_fuse_candidate(const struct cd_plan *plan, const unsigned char *needed,
                                        const struct cd_step *step, enum cd_node_type type);

/* Fuses a node into a step: the node becomes the step's output and gets no step of its own. */
void cd_fuse_node(const struct cd_plan *plan, unsigned char *needed, const struct cd_node *node,
                  struct cd_step *step);

/* Fuses a following activation layer, unless it is a softmax. only: the only activation that the
 * step can compute, or CNN_ACTIVATION_NONE if it can compute all of them. */
void cd_fuse_activation(const struct cd_plan *plan, unsigned char *needed, cnn_activation_t only,
                        struct cd_step *step);

/* Fuses a following addition if its other operand is computed before the step runs. That operand
 * becomes the step's second input, in[1]. */
void cd_fuse_addition(const struct cd_plan *plan, unsigned char *needed, struct cd_step *step);

#endif
