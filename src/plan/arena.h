/* SPDX-License-Identifier: MIT
 *
 * The memory of a plan: buffers that share an arena, and the block of prepared kernels. */
#ifndef CD_PLAN_ARENA_H
#define CD_PLAN_ARENA_H

#include "plan/step.h"

/* Appends a buffer that lives from moment first to moment last. Returns its number, or CD_NO_BUFFER
 * without memory. */
int cd_arena_buffer(struct cd_plan *plan, size_t floats, size_t first, size_t last);

/* Appends a buffer for a prepared kernel, which stays from run to run. Returns its number, or
 * CD_NO_BUFFER without memory. */
int cd_arena_prepared_buffer(struct cd_plan *plan, size_t floats);

/* Gives every buffer its offset. Errors: MEMORY. */
cnn_status_t cd_arena_place(struct cd_plan *plan);

/* Allocates the arena, and takes or makes the block of prepared kernels. Errors: MEMORY. */
cnn_status_t cd_arena_allocate(struct cd_plan *plan);

#endif
