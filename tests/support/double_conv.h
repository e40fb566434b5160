/* SPDX-License-Identifier: MIT
 *
 * A convolution layer (kernels/conv.h) and its gradients by the definition, in double precision.
 * Each result comes with its sum of absolute products, relative to which errors are bounded. */
#ifndef TESTS_DOUBLE_CONV_H
#define TESTS_DOUBLE_CONV_H

#include "kernels/conv.h"

/* The feature maps of one image. doubtful: rounding decides which element of a window wins, or on
 * which side of ReLU's corner it is. */
struct double_conv {
    double *map, *map_scale; /* convolution + bias */
    double *y, *y_scale, *slope; /* output, and the activation's derivative */
    size_t *winner;              /* index of each output's element in the map */
    unsigned char *doubtful;
};

void double_conv_forward(const struct cd_conv_layer *layer, const float *x, const float *kernel,
                         const float *bias, struct double_conv *of);

/* Overwrites gradient by the gradient by the map, from dy, the gradient by the output. */
void double_conv_gradient(const struct cd_conv_layer *layer, const struct double_conv *of,
                          const float *dy, double *gradient);

/* Computes dx and its scale, overwriting both. */
void double_conv_backward_data(const struct cd_conv *conv, const double *gradient,
                               const float *kernel, double *dx, double *scale);

/* Adds an image's gradients to dkernel, dbias and their scales. */
void double_conv_backward_kernel(const struct cd_conv *conv, const float *x, const double *gradient,
                                 double *dkernel, double *scale, double *dbias,
                                 double *dbias_scale);

void double_conv_free(struct double_conv *of);

#endif
