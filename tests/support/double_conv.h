/* SPDX-License-Identifier: MIT
 *
 * Reference convolution layer (kernels/conv.h) with its gradients, computed in double precision by
 * the definition. The scale of a result is the sum of the absolute values of its summands; tests
 * bound the error of a float result relative to it. */
#ifndef TESTS_DOUBLE_CONV_H
#define TESTS_DOUBLE_CONV_H

#include "kernels/conv.h"

/* Results of the forward pass for one image. The winner of an output is the element of map that the
 * output is computed from: the maximum of its pooling window, or the element at the same index if
 * the layer has no pooling. An output is doubtful if rounding may change its winner, or the sign of
 * an activation's input: its gradient is then ambiguous. */
struct double_conv {
    double *map, *map_scale; /* convolution + bias, before pooling; its scale */
    double *y, *y_scale, *slope; /* output; its scale; derivative of the activation */
    size_t *winner;              /* index in map, for each output */
    unsigned char *doubtful;     /* 1 if the output is doubtful, else 0 */
};

/* Computes the forward pass for one image. bias may be NULL. Free *of with double_conv_free. */
void double_conv_forward(const struct cd_conv_layer *layer, const float *x, const float *kernel,
                         const float *bias, struct double_conv *of);

/* Computes gradient, the gradient with respect to of->map, from dy, the gradient with respect to
 * the output of the layer. */
void double_conv_gradient(const struct cd_conv_layer *layer, const struct double_conv *of,
                          const float *dy, double *gradient);

/* Computes dx, the gradient with respect to the input, and its scale. */
void double_conv_backward_data(const struct cd_conv *conv, const double *gradient,
                               const float *kernel, double *dx, double *scale);

/* Adds the gradients of one image to dkernel and dbias, and their scales to scale and
 * dbias_scale. */
void double_conv_backward_kernel(const struct cd_conv *conv, const float *x, const double *gradient,
                                 double *dkernel, double *scale, double *dbias,
                                 double *dbias_scale);

void double_conv_free(struct double_conv *of);

#endif
