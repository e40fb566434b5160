/* SPDX-License-Identifier: MIT
 *
 * What the threads of a context can do at most: the figures that a profile is held against. */
#ifndef CD_MEASURE_MACHINE_H
#define CD_MEASURE_MACHINE_H

#include "core/context.h"

/* Floats to be read: more than the caches that a process has to itself. */
enum { CD_MACHINE_FLOATS = 1 << 26 };

/* As cnn_profile_summary_t has them. memory: CD_MACHINE_FLOATS floats, overwritten. */
double cd_machine_fma_gflops(cnn_context_t *context);
double cd_machine_bandwidth_gbs(cnn_context_t *context, float *memory);

#endif
