/* SPDX-License-Identifier: MIT
 *
 * Which memory each step of a plan needs, and from when to when. */
#ifndef CD_PLAN_BUFFERS_H
#define CD_PLAN_BUFFERS_H

#include "plan/step.h"

/* Makes the buffers of all steps, each for as long as it is needed. Returns -1 without memory. */
int cd_buffers_make(struct cd_plan *plan);

#endif
