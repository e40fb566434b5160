/* SPDX-License-Identifier: MIT
 *
 * Measures the peak throughput of all threads of a context: multiply-adds on registers, and
 * memory bandwidth. A profile lists these peaks for comparison with the times of the layers. */
#ifndef CD_MEASURE_MACHINE_H
#define CD_MEASURE_MACHINE_H

#include "core/context.h"

/* Number of floats that the measurement of the bandwidth reads, more than fit in the caches. */
enum { CD_MACHINE_FLOATS = 1 << 26 };

/* Measure the peaks that cnn_profile_summary_t reports as fma_gflops and bandwidth_gbs. memory:
 * CD_MACHINE_FLOATS floats, overwritten. */
double cd_machine_fma_gflops(cnn_context_t *context);
double cd_machine_bandwidth_gbs(cnn_context_t *context, float *memory);

#endif
