/* SPDX-License-Identifier: MIT
 *
 * Kernels: the arithmetic of the layers, on plain arrays. A table (struct cd_kernels) holds one
 * implementation of each kernel, and a context selects a table when it is created. The reference
 * table is plain C and defines the results. The table of a level has faster implementations for
 * some instruction set. The table "blas" calls OpenBLAS for matrix products and is otherwise the
 * reference. The comment above each function type is the contract of that kernel.
 *
 * Conventions of all contracts:
 *   - x and y are the input and the output of a layer. dx, dy and dkernel are the gradients of the
 *     loss with respect to x, y and the kernel.
 *   - A feature map is h x w x c with channels innermost (NHWC). A kernel function processes one
 *     image unless it has an image count n.
 *   - A convolution's weights are kh x kw x ci x co: window rows, window columns, input channels,
 *     output channels. A dense layer's weights are inputs x units.
 *   - Pointers do not overlap unless the contract allows it. They need no alignment beyond that of
 *     their elements. Nothing outside the stated shapes is read or written.
 *   - No kernel allocates, locks or fails. The caller provides scratch memory; a companion function
 *     returns its size in floats.
 *   - The order of the terms of a sum depends on the shapes only.
 *
 * Each contract states a number E, which bounds the errors relative to exact arithmetic:
 *   - For every element, |error| <= E * epsilon * scale.
 *   - The sum of error^2 over an array is at most E * epsilon^2 * (the sum of scale^2). This bound
 *     keeps large errors rare.
 * epsilon is 1.2e-7, the machine epsilon of float. scale is the sum of the absolute products that
 * an element is computed from. For a kernel that sums no products, scale is 1 and its inputs are
 * assumed to be of magnitude 1. The tests check both bounds for every table. */
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

/* Computes C = op(A) op(B) + (accumulate ? C : 0), row-major. op(A) is m x k, op(B) is k x n, C is
 * m x n. op transposes its matrix if transpose_a or transpose_b is set. lda, ldb and ldc are the
 * distances of two rows, in floats. Error: 2 k. */
typedef void cd_gemm_fn(int transpose_a, int transpose_b, size_t m, size_t n, size_t k,
                        const float *a, size_t lda, const float *b, size_t ldb, int accumulate,
                        float *c, size_t ldc);

/* Computes rows first .. last-1 of y = activation(convolution(x, kernel) + bias), which has oh
 * rows. The argument y points at row `first`. bias may be NULL. Softmax is over co. Error: 2 kh kw
 * ci before the activation. */
typedef void cd_conv_forward_fn(const struct cd_conv *conv, struct cd_activation activation,
                                const float *x, const float *kernel, const float *bias,
                                size_t first, size_t last, float *y, float *scratch);

/* Computes dx (h x w x ci), which is overwritten. dy (oh x ow x co) is the gradient before the
 * activation. Error: 2 kh kw co. */
typedef void cd_conv_backward_data_fn(const struct cd_conv *conv, const float *dy,
                                      const float *kernel, float *dx, float *scratch);

/* Adds the gradients of one image to dkernel (kh x kw x ci x co) and to dbias (co). dbias may be
 * NULL. Error: 2 oh ow. */
typedef void cd_conv_backward_kernel_fn(const struct cd_conv *conv, const float *x, const float *dy,
                                        float *dkernel, float *dbias, float *scratch);

/* Returns the size in floats of the scratch memory that any of the three convolution kernels
 * needs. */
typedef size_t cd_conv_scratch_fn(const struct cd_conv *conv);

/* Computes the maximum of each window. winner receives the index in x of the maximum, the first one
 * if several elements are equal; it may be NULL. Padding is never the maximum, and every window
 * contains at least one element of x. NaN counts as larger than every number. Exact. */
typedef void cd_max_pool_forward_fn(const struct cd_conv *pool, const float *x, float *y,
                                    uint32_t *winner);

/* Computes dx, which is overwritten: adds each dy to the winner of its window. All other elements
 * are 0. Error: 64. */
typedef void cd_max_pool_backward_fn(const struct cd_conv *pool, const float *dy,
                                     const uint32_t *winner, float *dx);

/* Computes the mean of the elements of each window, without the padding, and the gradient dx of
 * that mean. Error: 256 forward, 64 backward. */
typedef void cd_average_pool_forward_fn(const struct cd_conv *pool, const float *x, float *y);
typedef void cd_average_pool_backward_fn(const struct cd_conv *pool, const float *dy, float *dx);

/* Computes y = activation(x + bias) for `rows` rows of c channels. bias (c) may be NULL; y may be
 * x. Softmax is over c. Error: 64 for |x + bias| up to 5, 2000 for |x + bias| up to 200. */
typedef void cd_activation_forward_fn(struct cd_activation activation, size_t rows, size_t c,
                                      const float *bias, const float *x, float *y);

/* Computes dx = dy * activation'(x). The derivative is computed from y = activation(x). dx may be
 * dy. Error: 1e4. */
typedef void cd_activation_backward_fn(struct cd_activation activation, size_t rows, size_t c,
                                       const float *y, const float *dy, float *dx);

/* Batch normalisation, forward: adds the sum of x and the sum of x^2 over `rows` rows, for each of
 * c channels, to sums (2 c elements). The sums are in double precision. */
typedef void cd_batch_norm_sums_fn(size_t rows, size_t c, const float *x, double *sums);

/* Computes y = activation(x * scale[c] + shift[c] + other). scale_shift holds scale (c elements),
 * then shift (c elements). other (rows x c) may be NULL. y may be x or other. Softmax is not
 * supported. Error: 64. */
typedef void cd_batch_norm_forward_fn(struct cd_activation activation, size_t rows, size_t c,
                                      const float *x, const float *scale_shift, const float *other,
                                      float *y);

/* Batch normalisation, backward: adds the sum of dy and the sum of x dy, for each channel, to sums
 * (2 c elements). If a ReLU is fused, the gradient is 0 where ReLU's output is 0. At most one of y
 * and scale_shift tells where that is; without ReLU both are NULL:
 *   y             the output of ReLU: dy is set to 0 where y <= 0
 *   scale_shift   ReLU's input is x * scale[c] + shift[c]: where it is <= 0, dy counts as 0 in the
 *                 sums but is not changed */
typedef void cd_batch_norm_backward_sums_fn(size_t rows, size_t c, const float *x, const float *y,
                                            const float *scale_shift, float *dy, double *sums);

/* Computes dx = a[c] * dy + b[c] * x + d[c]. factors holds a, b and d (c elements each). If
 * scale_shift is not NULL, dy counts as 0 where x * scale[c] + shift[c] <= 0. dx may be dy. Error:
 * 6. */
typedef void cd_batch_norm_backward_fn(size_t rows, size_t c, const float *x,
                                       const float *scale_shift, const float *factors,
                                       const float *dy, float *dx);

/* Computes y = a + b for n elements. y may be a or b. Error: 2. */
typedef void cd_add_fn(size_t n, const float *a, const float *b, float *y);

/* Computes y = activation(a + b) for n elements. y may be a or b. Softmax is not supported. Error:
 * 64. */
typedef void cd_add_activated_fn(struct cd_activation activation, size_t n, const float *a,
                                 const float *b, float *y);

/* Computes dropout: y[i] = u(key, first + i) < rate ? 0 : x[i] / (1 - rate), where u(key, k) is
 * number k of the random stream `key` (core/random.h). y may be x. Error: 2. */
typedef void cd_dropout_fn(size_t n, uint64_t key, uint64_t first, float rate, const float *x,
                           float *y);

/* Makes a step of Adam on n weights (Kingma and Ba 2015, algorithm 1), with decoupled weight decay:
 *   m = beta1 m + (1 - beta1) g
 *   v = beta2 v + (1 - beta2) g^2
 *   w = w - decay w - rate (m / correction1) / (sqrt(v / correction2) + epsilon)
 * g is the gradient, m the first moment and v the second moment. Error: m and v 8, w 32. */
struct cd_adam {
    float rate, beta1, beta2, epsilon;
    float decay;                    /* rate * weight decay; 0 if there is none */
    float correction1, correction2; /* 1 - beta1^step, 1 - beta2^step */
};
typedef void cd_adam_fn(const struct cd_adam *adam, size_t n, const float *g, float *w, float *m,
                        float *v);

/* Makes a step of SGD with momentum on n weights: v = momentum v - rate g, then w = w - decay w +
 * v. Error: 8. */
typedef void cd_sgd_fn(float rate, float momentum, float decay, size_t n, const float *g, float *w,
                       float *v);

/* The backward pass of a dense layer, which computes y (n x units) = x (n x inputs) w (inputs x
 * units) for n images. */
struct cd_dense_backward {
    size_t n, inputs, units;
    const float *x;        /* n x inputs */
    const float *dy;       /* n x units; the gradient before the activation */
    const float *prepared; /* dy as packed by dense_prepare */
    float *w;              /* inputs x units; not written if adam is NULL */
    float *dx;             /* n x inputs, or NULL if dx is not needed */
    float *dw;             /* inputs x units: the gradient; unused if adam is not NULL */
    /* If not NULL, the gradient is applied to w, m and v at once instead of being stored in dw. */
    const struct cd_adam *adam;
    float *m, *v; /* inputs x units */
};

/* dense_prepare packs dy into the layout that dense_backward reads. dense_prepared returns the size
 * of the packed dy in floats. Both read layer->n and layer->units; dense_prepare also reads
 * layer->dy. */
typedef size_t cd_dense_prepared_fn(const struct cd_dense_backward *layer);
typedef void cd_dense_prepare_fn(const struct cd_dense_backward *layer, float *prepared);

/* Computes rows first .. last-1 of the gradient x^T dy, which has `inputs` rows. Stores them in dw,
 * or applies them to w, m and v by Adam. Also computes columns first .. last-1 of dx = dy w^T with
 * the weights before the step. Calls for different rows may run concurrently. Error: dw 2 n, dx 2
 * units; w, m and v as stated for Adam. */
typedef void cd_dense_backward_fn(const struct cd_dense_backward *layer, size_t first, size_t last);

struct cd_resize_axis; /* kernels/resize_axis.h */

/* Resizes n rows horizontally: row y has axis->n RGB pixels at in[y] and becomes axis->m RGB pixels
 * at out[y]. The arithmetic is in integers, so every table computes the same bytes. */
typedef void cd_resize_rows_fn(const struct cd_resize_axis *axis, const uint8_t *const *in,
                               size_t n, uint8_t *const *out);

/* Resizes vertically: computes the weighted sum of the source rows of target row i of axis. out has
 * `length` bytes. rows points at the source rows in order, each of `length` bytes. The array `rows`
 * is padded with valid pointers to a multiple of CD_RESIZE_GROUP. Every table computes the same
 * bytes. */
typedef void cd_resize_column_fn(const struct cd_resize_axis *axis, size_t i,
                                 const uint8_t *const *rows, size_t length, uint8_t *out);

/* Measures the peak of arithmetic: executes `rounds` rounds of independent multiply-adds on
 * registers and returns the number of multiply-adds. *result receives their sum, so that the
 * compiler cannot remove them. */
typedef double cd_multiply_adds_fn(size_t rounds, float *result);

/* Measures memory bandwidth: reads n floats, except at most the last 127. Returns a sum that
 * depends on them, so that the compiler cannot remove the loads. */
typedef float cd_read_fn(size_t n, const float *x);

/* ---- the table ---- */

/* The list of all kernels. These are generated from it: the members of struct cd_kernels, the
 * declarations of the implementations, the tables, and the names in CATDOG_KERNELS.
 *
 *   KERNEL(group, name, level, blas)
 *
 *   group   the name in CATDOG_KERNELS; all kernels of a group are taken from the same table
 *   name    the member of struct cd_kernels; its type is cd_NAME_fn, its reference cd_ref_NAME
 *   level   the implementation in the table of each level:
 *             VECTOR     simd/, written with vectors
 *             PLAIN      plain/, plain C that is compiled again for the level
 *             IM2COL     im2col.h, with the matrix product of the level
 *   blas    the implementation in the table "blas": BLAS (blas.h), IM2COL or REFERENCE */
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

/* The list of the kernels that measure the peak of the CPU, PEAK(name). The tables of the levels
 * have them; in other tables they are NULL. */
#define CD_PEAK_LIST(PEAK) \
    PEAK(multiply_adds)    \
    PEAK(read)

/* The list of the convolution algorithms of each level, ALGORITHM(name); simd/ defines a struct
 * cd_conv_algorithm for each. If two algorithms have the same cost, the earlier one is selected. */
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
    CD_PEAK_LIST(CD_PEAK_MEMBER) /* NULL unless the table belongs to a level */
    /* Convolution algorithms of this table; NULL ends the list. */
    const struct cd_conv_algorithm *const *conv_algorithms;
    /* Functions to call before the first and after the last kernel of a pass. They change
     * process-wide settings of a kernel library. */
    void (*enter)(void);
    void (*leave)(void);
};

#undef CD_KERNEL_MEMBER
#undef CD_PEAK_MEMBER

/* Returns the table called `name`, or the best one if `name` is NULL. Returns NULL if there is no
 * such table or this CPU cannot run it. */
const struct cd_kernels *cd_kernels_find(const char *name);

/* Return the number of tables in this build, table `index` (best first), and whether this CPU can
 * run it. */
size_t cd_kernels_count(void);
const struct cd_kernels *cd_kernels_at(size_t index);
int cd_kernels_run_here(size_t index);

#endif
