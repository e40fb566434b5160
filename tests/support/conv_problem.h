/* SPDX-License-Identifier: MIT
 *
 * Draws random convolution layers and computes the expected results of all passes, for tests of
 * convolution algorithms. Also allocates arrays with guards, which detect writes outside. */
#ifndef TESTS_SUPPORT_CONV_PROBLEM_H
#define TESTS_SUPPORT_CONV_PROBLEM_H

#include <stddef.h>

#include "kernels/conv.h"
#include "support/double_conv.h"

enum { IMAGES = 3 }; /* largest number of images of a problem */

/* Returns an array of n floats whose address is a multiple of 4 bytes only, as kernels must accept.
 * random = 1: an input of random numbers. It has guards before the array only, so that
 * AddressSanitizer reports reads beyond its end. random = 0: an output, filled with NaN, with
 * guards on both sides. Free it with release_floats. */
float *guarded_floats(size_t n, int random);

/* Checks the guards of an array from guarded_floats(n, ...) and frees it. */
void release_floats(float *values, size_t n);

/* Returns n bytes with guards on both sides. release_bytes checks them and frees the bytes. */
unsigned char *guarded_bytes(size_t n);
void release_bytes(unsigned char *values, size_t n);

/* A layer, its inputs and its expected results. dkernel and dbias are sums over all n images; dx is
 * for the first image. A field NAME_scale is the scale of NAME: see double_conv.h. */
struct problem {
    struct cd_conv_layer layer;
    int equal; /* 1: x is 0, so all elements of a pooling window are equal */
    size_t n;                        /* number of images */
    size_t x_size, y_size, map_size; /* floats per image of x, y and of[].map */
    size_t taps;                     /* floats of the kernel */
    float *x, *dy, *kernel, *bias; /* dy is 0 at doubtful outputs, unless equal */
    struct double_conv of[IMAGES];        /* results of the forward pass, for each image */
    double *gradient, *dx, *dx_scale;     /* for the first image */
    double *dkernel, *dkernel_scale, *dbias, *dbias_scale;
};

/* Returns a convolution or pooling of an h x w x ci input, with oh and ow computed. */
struct cd_conv window_over(size_t h, size_t w, size_t ci, size_t co, struct cd_window window);

/* Returns a random layer. Most of the layers are supported by the fast algorithms. */
struct cd_conv_layer draw_conv_layer(void);

/* Draws random inputs for p->layer and computes the expected results. p->equal must be set too. */
void fill_problem(struct problem *p);
void free_problem(struct problem *p);

#endif
