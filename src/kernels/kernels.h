/* SPDX-License-Identifier: MIT
 *
 * Arithmetic on plain arrays, behind one table of functions that a context chooses when it is
 * created. The reference kernels, in plain C, are the definition. The table of a level replaces
 * every kernel by a faster one. The table "blas" uses OpenBLAS' matrix product and the reference
 * for everything else. Each kernel's contract stands above its type.
 *
 * Conventions of all contracts:
 *   - A feature map is h x w x c, channels fastest (NHWC). A contract is about one image unless it
 *     has an image count n.
 *   - Convolution kernels are kh x kw x ci x co, dense kernels inputs x units.
 *   - Pointers do not overlap unless the contract allows it. They need no alignment beyond their
 *     element's. Exactly the stated shapes are read and written.
 *   - No kernel allocates, locks or fails. Scratch belongs to the caller; a function beside the
 *     kernel returns its size in floats.
 *   - The order of a sum depends on the shapes only.
 *
 * Errors, against exact arithmetic, are bounded twice by one number E:
 *   largest   |error| <= E * epsilon * scale for every element
 *   squared   sum of error^2 <= E * epsilon^2 * sum of scale^2
 * epsilon is float's, 1.2e-7. scale is the sum of absolute products of the element; where a kernel
 * sums no products it is 1, for values of about 1. The second bound keeps large errors rare.
 * The tests of the kernels check both for every table. */
#ifndef CD_KERNELS_KERNELS_H
#define CD_KERNELS_KERNELS_H

#include "graph/graph.h"

/* A convolution or pooling of one image. */
struct cd_conv {
    size_t h, w, ci;   /* shape of the input */
    size_t oh, ow, co; /* shape of the output; for pooling co = ci */
    struct cd_window window;
};

struct cd_activation {
    cnn_activation_t kind;
    float alpha; /* slope of leaky ReLU below 0 */
};

/* C = op(A) op(B) + (accumulate ? C : 0), row-major. op(A) is m x k, op(B) is k x n, C is m x n
 * with rows ldc floats apart. op transposes if its flag is set. Error: 2 k. */
typedef void cd_gemm_fn(int transpose_a, int transpose_b, size_t m, size_t n, size_t k,
                        const float *a, size_t lda, const float *b, size_t ldb, int accumulate,
                        float *c, size_t ldc);

/* Computes rows first .. last-1 (of oh) of activation(convolution(x, kernel) + bias). y points at
 * row first. bias may be NULL. Softmax is over co. Error: 2 kh kw ci before the activation. */
typedef void cd_conv_forward_fn(const struct cd_conv *conv, struct cd_activation activation,
                                const float *x, const float *kernel, const float *bias,
                                size_t first, size_t last, float *y, float *scratch);

/* Overwrites dx (h x w x ci) by the gradient, from dy (oh x ow x co, before the activation).
 * Error: 2 kh kw co. */
typedef void cd_conv_backward_data_fn(const struct cd_conv *conv, const float *dy,
                                      const float *kernel, float *dx, float *scratch);

/* Adds the gradients to dkernel (kh x kw x ci x co) and, unless it is NULL, to dbias (co).
 * Error: 2 oh ow. */
typedef void cd_conv_backward_kernel_fn(const struct cd_conv *conv, const float *x, const float *dy,
                                        float *dkernel, float *dbias, float *scratch);

/* Returns the size in floats of the scratch that each of the three convolution kernels needs. */
typedef size_t cd_conv_scratch_fn(const struct cd_conv *conv);

/* y = maximum of each window. winner, unless NULL, receives the index in x of the first largest
 * element. Padding never wins; every window contains at least one element. NaN wins over numbers.
 * Exact. */
typedef void cd_max_pool_forward_fn(const struct cd_conv *pool, const float *x, float *y,
                                    uint32_t *winner);

/* Overwrites dx: each dy is added to the winner of its window, everything else is 0. Error: 64. */
typedef void cd_max_pool_backward_fn(const struct cd_conv *pool, const float *dy,
                                     const uint32_t *winner, float *dx);

/* y = mean of the elements of each window, without padding. Error: 256, backward 64. */
typedef void cd_average_pool_forward_fn(const struct cd_conv *pool, const float *x, float *y);
typedef void cd_average_pool_backward_fn(const struct cd_conv *pool, const float *dy, float *dx);

/* y = activation(x + bias) for rows x c values. bias (c) may be NULL; y may be x. Softmax is over
 * c. Error: 64 for |x + bias| up to 5, 2000 up to 200. */
typedef void cd_activation_forward_fn(struct cd_activation activation, size_t rows, size_t c,
                                      const float *bias, const float *x, float *y);

/* dx = dy * activation'(x). The derivative is computed from y = activation(x). dx may be dy.
 * Error: 1e4. */
typedef void cd_activation_backward_fn(struct cd_activation activation, size_t rows, size_t c,
                                       const float *y, const float *dy, float *dx);

/* Batch normalisation, forward: adds the sum of x and the sum of x^2 of each of c channels, over
 * rows, to sums (2 c values). The sums are in double precision. */
typedef void cd_batch_norm_sums_fn(size_t rows, size_t c, const float *x, double *sums);

/* y = activation(x * scale[c] + shift[c] + other). scale_shift is scale (c), then shift (c). other
 * (rows x c) may be NULL. y may be x or other. Softmax is not supported. Error: 64. */
typedef void cd_batch_norm_forward_fn(struct cd_activation activation, size_t rows, size_t c,
                                      const float *x, const float *scale_shift, const float *other,
                                      float *y);

/* Batch normalisation, backward: adds the sum of dy and the sum of x dy of each channel to sums
 * (2 c values). With a fused ReLU, at most one of y and scale_shift is given:
 *   y            the output of ReLU; dy is set to 0 where y <= 0
 *   scale_shift  dy counts as 0 where x * scale[c] + shift[c] <= 0, but is not changed
 * Without ReLU both are NULL. */
typedef void cd_batch_norm_backward_sums_fn(size_t rows, size_t c, const float *x, const float *y,
                                            const float *scale_shift, float *dy, double *sums);

/* dx = a[c] * dy + b[c] * x + d[c]. factors is a, b, d (c values each). If scale_shift is not NULL,
 * dy counts as 0 where x * scale[c] + shift[c] <= 0. dx may be dy. Error: 6. */
typedef void cd_batch_norm_backward_fn(size_t rows, size_t c, const float *x,
                                       const float *scale_shift, const float *factors,
                                       const float *dy, float *dx);

/* y = a + b, n values. y may be a or b. Error: 2. */
typedef void cd_add_fn(size_t n, const float *a, const float *b, float *y);

/* y = activation(a + b), n values. y may be a or b. Softmax is not supported. Error: 64. */
typedef void cd_add_activated_fn(struct cd_activation activation, size_t n, const float *a,
                                 const float *b, float *y);

/* y[i] = u(key, first + i) < rate ? 0 : x[i] / (1 - rate), where u(key, k) is number k of the
 * random stream key (core/random.h). y may be x. Error: 2. */
typedef void cd_dropout_fn(size_t n, uint64_t key, uint64_t first, float rate, const float *x,
                           float *y);

/* One step of Adam on n values (Kingma and Ba 2015, algorithm 1), with decoupled weight decay:
 *   m = beta1 m + (1 - beta1) g
 *   v = beta2 v + (1 - beta2) g^2
 *   w = w - decay w - rate (m / correction1) / (sqrt(v / correction2) + epsilon)
 * Error: m and v 8, w 32. */
struct cd_adam {
    float rate, beta1, beta2, epsilon;
    float decay;                    /* rate * weight decay; 0: none */
    float correction1, correction2; /* 1 - beta1^step, 1 - beta2^step */
};
typedef void cd_adam_fn(const struct cd_adam *adam, size_t n, const float *g, float *w, float *m,
                        float *v);

/* One step of SGD with momentum: v = momentum v - rate g; w = w - decay w + v. Error: 8. */
typedef void cd_sgd_fn(float rate, float momentum, float decay, size_t n, const float *g, float *w,
                       float *v);

/* The backward pass of a dense layer y (n x units) = x (n x inputs) w (inputs x units). */
struct cd_dense_backward {
    size_t n, inputs, units;
    const float *x;        /* n x inputs */
    const float *dy;       /* n x units, before the activation */
    const float *prepared; /* dy as dense_prepare has packed it */
    float *w;              /* inputs x units; not written if adam is NULL */
    float *dx;             /* n x inputs; NULL: not computed */
    float *dw;             /* inputs x units: the gradient; not used if adam is given */
    /* If adam is given, the gradient is applied to w, m and v at once and not stored. */
    const struct cd_adam *adam;
    float *m, *v; /* inputs x units */
};

/* dense_prepare packs dy for dense_backward, which reads it many times. dense_prepared returns the
 * size of the packed dy in floats. Both read n and units of the layer, and dense_prepare dy. */
typedef size_t cd_dense_prepared_fn(const struct cd_dense_backward *layer);
typedef void cd_dense_prepare_fn(const struct cd_dense_backward *layer, float *prepared);

/* Computes rows first .. last-1 (of inputs) of the gradient x^T dy. Stores them in dw, or applies
 * them to w, m and v by Adam. Also computes columns first .. last-1 of dx = dy w^T, with w from
 * before the step. Calls for different rows may run concurrently.
 * Error: dw 2 n, dx 2 units; w, m, v: as adam's with that gradient. */
typedef void cd_dense_backward_fn(const struct cd_dense_backward *layer, size_t first, size_t last);

struct cd_resize_axis; /* kernels/resize_axis.h */

/* Resizes n rows horizontally: axis->n RGB pixels at in[y] become axis->m RGB pixels at out[y].
 * Integers: the result is exact, and the same in every table. */
typedef void cd_resize_rows_fn(const struct cd_resize_axis *axis, const uint8_t *const *in,
                               size_t n, uint8_t *const *out);

/* Resizes vertically: out (length bytes) is the weighted sum of the rows of target sample i of
 * axis. rows are its source rows in order, each of length bytes; the array continues with valid
 * pointers up to the next multiple of CD_RESIZE_GROUP. Exact, as above. */
typedef void cd_resize_column_fn(const struct cd_resize_axis *axis, size_t i,
                                 const uint8_t *const *rows, size_t length, uint8_t *out);

/* Measures peak arithmetic: `rounds` rounds of independent multiply-adds on registers. Returns the
 * number of multiply-adds. result receives their sum, which keeps them from being optimised out. */
typedef double cd_multiply_adds_fn(size_t rounds, float *result);

/* Measures memory bandwidth: reads n floats, except at most the last 127, and returns the sum of
 * some of them. */
typedef float cd_read_fn(size_t n, const float *x);

/* ---- the table ---- */

/* The list of all kernels, the only one. The members of struct cd_kernels, the declarations of
 * their implementations, the rows of all tables and the names in CATDOG_KERNELS are made from it.
 *
 *   KERNEL(group, name, level, blas)
 *
 *   group   the name in CATDOG_KERNELS; kernels of a group are always taken from one table
 *   name    member of struct cd_kernels; its type is cd_NAME_fn, its reference cd_ref_NAME
 *   level   its implementation in the table of each level:
 *             VECTOR     simd/, written over vectors
 *             PLAIN      plain/, plain C that is compiled once more for the level
 *             IM2COL     im2col.h, with the level's own matrix product
 *   blas    its implementation in the table "blas": BLAS (blas.h), IM2COL, or REFERENCE */
#define CD_KERNEL_LIST(KERNEL)                                         \
    KERNEL(gemm, gemm, VECTOR, BLAS)                                   \
    KERNEL(dense, dense_prepared, VECTOR, REFERENCE)                   \
    KERNEL(dense, dense_prepare, VECTOR, REFERENCE)                    \
    KERNEL(dense, dense_backward, VECTOR, BLAS)                        \
    KERNEL(conv, conv_scratch, IM2COL, IM2COL)                         \
    KERNEL(conv, conv_forward, IM2COL, IM2COL)                         \
    KERNEL(conv, conv_backward_data, IM2COL, IM2COL)                   \
    KERNEL(conv, conv_backward_kernel, IM2COL, IM2COL)                 \
    KERNEL(max_pool, max_pool_forward, VECTOR, REFERENCE)              \
    KERNEL(max_pool, max_pool_backward, VECTOR, REFERENCE)             \
    KERNEL(average_pool, average_pool_forward, PLAIN, REFERENCE)       \
    KERNEL(average_pool, average_pool_backward, PLAIN, REFERENCE)      \
    KERNEL(activation, activation_forward, PLAIN, REFERENCE)           \
    KERNEL(activation, activation_backward, PLAIN, REFERENCE)          \
    KERNEL(batch_norm, batch_norm_sums, PLAIN, REFERENCE)              \
    KERNEL(batch_norm, batch_norm_forward, PLAIN, REFERENCE)           \
    KERNEL(batch_norm, batch_norm_backward_sums, PLAIN, REFERENCE)     \
    KERNEL(batch_norm, batch_norm_backward, PLAIN, REFERENCE)          \
    KERNEL(add, add, PLAIN, REFERENCE)                                 \
    KERNEL(add, add_activated, PLAIN, REFERENCE)                       \
    KERNEL(dropout, dropout, PLAIN, REFERENCE)                         \
    KERNEL(adam, adam, VECTOR, REFERENCE)                              \
    KERNEL(sgd, sgd, VECTOR, REFERENCE)                                \
    KERNEL(resize, resize_rows, VECTOR, REFERENCE)                     \
    KERNEL(resize, resize_column, VECTOR, REFERENCE)

/* What measures the peak of a CPU, at each level: PEAK(name). The other tables have NULL. */
#define CD_PEAK_LIST(PEAK) \
    PEAK(multiply_adds)    \
    PEAK(read)

/* The convolution algorithms of each level: ALGORITHM(name) is the struct cd_conv_algorithm of that
 * name in simd/. Of two algorithms with equal costs the first is selected. */
#define CD_CONV_ALGORITHM_LIST(ALGORITHM) \
    ALGORITHM(direct)                     \
    ALGORITHM(winograd)                   \
    ALGORITHM(blocked)

struct cd_conv_algorithm; /* kernels/conv.h */

#define CD_KERNEL_MEMBER(group, kernel, level, blas) cd_##kernel##_fn *kernel;
#define CD_PEAK_MEMBER(kernel) cd_##kernel##_fn *kernel;

struct cd_kernels {
    const char *name;
    CD_KERNEL_LIST(CD_KERNEL_MEMBER)
    CD_PEAK_LIST(CD_PEAK_MEMBER) /* NULL in a table that is not a level's */
    /* The convolution algorithms of this table, ended by NULL. */
    const struct cd_conv_algorithm *const *conv_algorithms;
    /* Called around a run of kernels, for process-wide settings of a kernel library. */
    void (*enter)(void);
    void (*leave)(void);
};

#undef CD_KERNEL_MEMBER
#undef CD_PEAK_MEMBER

/* Returns the table of that name, or the best one if name is NULL. Returns NULL if the name is
 * unknown or this CPU cannot run the table. */
const struct cd_kernels *cd_kernels_find(const char *name);

/* All tables of this build, best first, and whether this CPU can run each. */
size_t cd_kernels_count(void);
const struct cd_kernels *cd_kernels_at(size_t index);
int cd_kernels_run_here(size_t index);

#endif
