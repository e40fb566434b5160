/* SPDX-License-Identifier: MIT
 *
 * Determines how much memory each step of a plan needs, and how long. */
#ifndef CD_PLAN_BUFFERS_H
#define CD_PLAN_BUFFERS_H

#include "plan/step.h"

/* Creates the buffers of all steps. Returns -1 if out of memory. */
int cd_buffers_make(struct cd_plan *plan);

#endif
