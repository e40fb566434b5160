/* SPDX-License-Identifier: MIT
 *
 * A random convolution layer with its inputs and the expected results of all passes, for tests of
 * convolution algorithms; and arrays with guards. */
#ifndef TESTS_SUPPORT_CONV_PROBLEM_H
#define TESTS_SUPPORT_CONV_PROBLEM_H

#include <stddef.h>

#include "kernels/conv.h"
#include "support/double_conv.h"

enum { IMAGES = 3 }; /* largest number of images of a problem */

/* Returns n floats with guards. They begin at an odd address (for floats). random: random values,
 * to be read; the block ends with them, so that the address sanitizer finds reads beyond the end.
 * Otherwise NaN, to be written, with guards on both sides. */
float *guarded_floats(size_t n, int random);

/* Checks the guards and frees the array. */
void release_floats(float *values, size_t n);

/* Returns n bytes with guards on both sides. */
unsigned char *guarded_bytes(size_t n);
void release_bytes(unsigned char *values, size_t n);

/* Expected gradients by the kernel are for n images, expected dx is for the first image. */
struct problem {
    struct cd_conv_layer layer;
    int equal; /* x is 0, so all elements of a pooling window are equal */
    size_t n, x_size, y_size, map_size, taps; /* images; floats of one image, of the kernel */
    float *x, *dy, *kernel, *bias; /* dy is 0 where the winner depends on rounding */
    struct double_conv of[IMAGES];
    double *gradient, *dx, *dx_scale;     /* results for the first image */
    double *dkernel, *dkernel_scale, *dbias, *dbias_scale;
};

/* Returns a convolution or pooling with its output size. */
struct cd_conv window_over(size_t h, size_t w, size_t ci, size_t co, struct cd_window window);

/* Draws a layer: mostly one that the fast algorithms support, sometimes any other. */
struct cd_conv_layer draw_conv_layer(void);

/* Draws the inputs for p->layer and computes the expected results. */
void fill_problem(struct problem *p);
void free_problem(struct problem *p);

#endif
