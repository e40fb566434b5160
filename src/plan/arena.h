/* SPDX-License-Identifier: MIT
 *
 * The memory of a plan: an arena that its buffers share, and its prepared kernels (prepared.h). */
#ifndef CD_PLAN_ARENA_H
#define CD_PLAN_ARENA_H

#include "plan/step.h"

/* Appends a buffer that is in use from moment `first` to moment `last` (step.h defines moments).
 * Returns its number, or CD_NO_BUFFER if out of memory. */
int cd_arena_buffer(struct cd_plan *plan, size_t floats, size_t first, size_t last);

/* Appends a buffer for a prepared kernel. It keeps its contents between runs. Returns its number,
 * or CD_NO_BUFFER if out of memory. */
int cd_arena_prepared_buffer(struct cd_plan *plan, size_t floats);

/* Assigns every buffer an offset in the arena. Buffers that are in use at the same moment do not
 * overlap. Errors: MEMORY. */
cnn_status_t cd_arena_place(struct cd_plan *plan);

/* Allocates the arena. Also takes the prepared kernels from the model's list, or allocates them.
 * Errors: MEMORY. */
cnn_status_t cd_arena_allocate(struct cd_plan *plan);

#endif
