/* SPDX-License-Identifier: MIT */
#include "support/kernel_errors.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "support/random_arrays.h"

double *doubles(size_t n)
{
    double *values = calloc(n ? n : 1, sizeof *values);
    ck_assert_ptr_nonnull(values);
    return values;
}

void check_errors(const char *what, const float *got, const double *want, const double *scale,
                  size_t n, double limit)
{
    const double epsilon = 1.2e-7;
    double squares = 0, scales = 0;

    check_guards(what, got, n);
    for (size_t i = 0; i < n; i++) {
        const double one = scale ? scale[i] : 1.0, error = fabs(got[i] - want[i]);
        const double allowed = limit * epsilon * one + 1e-30;
        squares += error * error;
        scales += one * one;
        ck_assert_msg(error <= allowed,
                      "%s: element %zu of %zu is %.9g instead of %.9g (allowed difference %.3g)",
                      what, i, n, got[i], want[i], allowed);
    }
    ck_assert_msg(squares <= limit * epsilon * epsilon * scales + 1e-60,
                  "%s: squared error %.3g of %.3g", what, squares, scales);
}
