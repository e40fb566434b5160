/* SPDX-License-Identifier: MIT
 *
 * Compares results of kernels with results in double precision, within the error bounds that
 * kernels/kernels.h defines. */
#ifndef TESTS_SUPPORT_KERNEL_ERRORS_H
#define TESTS_SUPPORT_KERNEL_ERRORS_H

#include <stddef.h>

/* Returns an array of n zeros. Free it with free(). */
double *doubles(size_t n);

/* Checks that got, n elements from guarded_array, equals want within both error bounds, and that
 * the guards around got are intact. what: the name for messages; limit: the kernel's error bound in
 * kernels/kernels.h; scale: the sum of absolute products of each element, or NULL for 1. */
void check_errors(const char *what, const float *got, const double *want, const double *scale,
                  size_t n, double limit);

#endif
