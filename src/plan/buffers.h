/* SPDX-License-Identifier: MIT
 *
 * The memory that each step of a plan needs, and the time for which it needs it. */
#ifndef CD_PLAN_BUFFERS_H
#define CD_PLAN_BUFFERS_H

#include "plan/step.h"

/* Makes the buffers of all steps, each for as long as it is needed. Returns -1 without memory. */
int cd_buffers_make(struct cd_plan *plan);

#endif
