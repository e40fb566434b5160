/* SPDX-License-Identifier: MIT
 *
 * Results of kernels against results in double precision, with the error bounds that
 * kernels/kernels.h defines. */
#ifndef TESTS_SUPPORT_KERNEL_ERRORS_H
#define TESTS_SUPPORT_KERNEL_ERRORS_H

#include <stddef.h>

/* Returns n zeros, to be freed with free. */
double *doubles(size_t n);

/* Checks both error bounds of a contract, and the guards around got. limit: the contract's error.
 * scale: the sum of absolute products of each element, or NULL for 1. */
void check_errors(const char *what, const float *got, const double *want, const double *scale,
                  size_t n, double limit);

#endif
