/* SPDX-License-Identifier: MIT
 *
 * Peak throughput of all threads of a context: multiply-adds on registers, and memory bandwidth. A
 * profile is compared with these figures. */
#ifndef CD_MEASURE_MACHINE_H
#define CD_MEASURE_MACHINE_H

#include "core/context.h"

/* Floats that are read: more than fit in the caches. */
enum { CD_MACHINE_FLOATS = 1 << 26 };

/* fma_gflops and bandwidth_gbs of cnn_profile_summary_t. memory: CD_MACHINE_FLOATS floats,
 * overwritten. */
double cd_machine_fma_gflops(cnn_context_t *context);
double cd_machine_bandwidth_gbs(cnn_context_t *context, float *memory);

#endif
