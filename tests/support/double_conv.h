/* SPDX-License-Identifier: MIT
 *
 * A convolution layer (kernels/conv.h) and its derivatives by their definition, in double
 * precision, with the sum of absolute products beside each result: what errors are measured
 * against. */
#ifndef TESTS_DOUBLE_CONV_H
#define TESTS_DOUBLE_CONV_H

#include "kernels/conv.h"

/* Maps of one picture. doubtful: the winner of a window, or on which side of ReLU's corner it is,
 * hangs on rounding. */
struct double_conv {
    double *map, *map_scale; /* convolution + bias */
    double *y, *y_scale, *slope; /* output, and the activation's derivative there */
    size_t *winner;              /* index in the map of what each output stands for */
    unsigned char *doubtful;
};

void double_conv_forward(const struct cd_conv_layer *layer, const float *x, const float *kernel,
                         const float *bias, struct double_conv *of);

/* Gradient by the map (zeroed here) out of the gradient by the output. */
void double_conv_gradient(const struct cd_conv_layer *layer, const struct double_conv *of,
                          const float *dy, double *gradient);

/* Overwrites dx and its scale. */
void double_conv_backward_data(const struct cd_conv *conv, const double *gradient,
                               const float *kernel, double *dx, double *scale);

/* Adds to sums and scales of dkernel and dbias. */
void double_conv_backward_kernel(const struct cd_conv *conv, const float *x, const double *gradient,
                                 double *dkernel, double *scale, double *dbias,
                                 double *dbias_scale);

void double_conv_free(struct double_conv *of);

#endif
