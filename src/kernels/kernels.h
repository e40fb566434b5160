/* SPDX-License-Identifier: MIT
 *
 * Arithmetic on plain arrays, behind one table that is chosen when a context is made. The plain C
 * functions are the definition. A faster table has a kernel of its own for each entry; "blas" has
 * OpenBLAS' matrix product and theirs for the rest.
 *
 * Conventions: maps are h x w x c, channels fastest (NHWC with one picture at a time unless a count
 * n is given); kernels kh x kw x ci x co; dense kernels inputs x units. Pointers do not overlap
 * unless a contract allows it, need no alignment beyond float's, and are read and written exactly
 * within the shapes given. No function allocates, locks or fails; scratch is the caller's, and its
 * size in floats comes from a function beside. Sums are taken in an order that depends on the
 * shapes only. Errors allowed against exact arithmetic are stated as largest absolute error over
 * the largest sum of absolute products (where no products are summed: over values of about 1), in
 * units of the float epsilon (1.2e-7). The sum of squared errors, over the sum of the squares of
 * what they are measured by, is allowed the same number in units of epsilon squared: so errors of
 * that size are rare. tests/kernels/test_kernels.c holds every table to both. */
#ifndef CD_KERNELS_KERNELS_H
#define CD_KERNELS_KERNELS_H

#include "graph/graph.h"

/* A convolution or pooling of one picture. */
struct cd_conv {
    size_t h, w, ci;   /* input */
    size_t oh, ow, co; /* output; pooling: co = ci */
    struct cd_window window;
};

struct cd_activation {
    cnn_activation_t kind;
    float alpha;
};

/* C (m x n, rows ldc apart) = op(A) (m x k) * op(B) (k x n) + (accumulate ? C : 0), row-major; op
 * transposes if its flag is set. Error: 2 k. */
typedef void cd_gemm_fn(int transpose_a, int transpose_b, size_t m, size_t n, size_t k,
                        const float *a, size_t lda, const float *b, size_t ldb, int accumulate,
                        float *c, size_t ldc);

/* Rows first .. last-1 (of oh) of activation(conv(x, kernel) + bias); y points at row first. bias
 * may be NULL. Softmax runs over co. Error: 2 kh kw ci before the activation. */
typedef void cd_conv_forward_fn(const struct cd_conv *conv, struct cd_activation activation,
                                const float *x, const float *kernel, const float *bias,
                                size_t first, size_t last, float *y, float *scratch);

/* dx (h x w x ci, overwritten) from dy (oh x ow x co, before the activation). Error: 2 kh kw co. */
typedef void cd_conv_backward_data_fn(const struct cd_conv *conv, const float *dy,
                                      const float *kernel, float *dx, float *scratch);

/* Adds to dkernel (kh x kw x ci x co) and, unless NULL, dbias (co). Error: 2 oh ow. */
typedef void cd_conv_backward_kernel_fn(const struct cd_conv *conv, const float *x, const float *dy,
                                        float *dkernel, float *dbias, float *scratch);

/* Floats of scratch that each of the three needs at most. */
typedef size_t cd_conv_scratch_fn(const struct cd_conv *conv);

/* y = maximum of each window; winner (unless NULL) = index in x of its first largest element.
 * Padding never wins; every window holds at least one element. Exact. NaN wins over numbers. */
typedef void cd_max_pool_forward_fn(const struct cd_conv *pool, const float *x, float *y,
                                    uint32_t *winner);

/* dx overwritten: dy goes to the winners, adding where windows overlap. Error: 64. */
typedef void cd_max_pool_backward_fn(const struct cd_conv *pool, const float *dy,
                                     const uint32_t *winner, float *dx);

/* Mean of the elements of each window that are not padding. Error: 256, backward 64. */
typedef void cd_average_pool_forward_fn(const struct cd_conv *pool, const float *x, float *y);
typedef void cd_average_pool_backward_fn(const struct cd_conv *pool, const float *dy, float *dx);

/* y = activation(x + bias) for rows x c values; bias may be NULL; y may be x. Softmax over c.
 * Error: 64 for x + bias of up to 5, 2000 of up to 200. */
typedef void cd_activation_forward_fn(struct cd_activation activation, size_t rows, size_t c,
                                      const float *bias, const float *x, float *y);

/* dx = dy * activation'(x), told from y = activation(x). dx may be dy.
 * Error: 1e4. */
typedef void cd_activation_backward_fn(struct cd_activation activation, size_t rows, size_t c,
                                       const float *y, const float *dy, float *dx);

/* Batch normalisation, per channel, over rows x c. sums: 2 c values, in double.
 * Forward: sums += sum of x, then sum of x x. Error: a double's. */
typedef void cd_batch_norm_sums_fn(size_t rows, size_t c, const float *x, double *sums);

/* y = activation(x * scale[c] + shift[c] + other); scale_shift: scale, then shift; other (rows x c)
 * may be NULL. Not softmax. y may be x or other. Error: 64. */
typedef void cd_batch_norm_forward_fn(struct cd_activation activation, size_t rows, size_t c,
                                      const float *x, const float *scale_shift, const float *other,
                                      float *y);

/* Backward: sums += sum of dy, then sum of x dy. If ReLU lies between: told from its output y, dy
 * becomes 0 where y is not above 0; or else from scale_shift, dy counts as 0 where
 * x * scale[c] + shift[c] is not. Both may be NULL. */
typedef void cd_batch_norm_backward_sums_fn(size_t rows, size_t c, const float *x, const float *y,
                                            const float *scale_shift, float *dy, double *sums);

/* dx = a[c] * dy + b[c] * x + d[c], where dy counts as above if scale_shift is not NULL. factors:
 * a, b, d. dx may be dy. Error: 6. */
typedef void cd_batch_norm_backward_fn(size_t rows, size_t c, const float *x,
                                       const float *scale_shift, const float *factors,
                                       const float *dy, float *dx);

/* y = a + b, n values; y may be a or b. Error: 2. */
typedef void cd_add_fn(size_t n, const float *a, const float *b, float *y);

/* y = activation(a + b), not softmax; y may be a or b. Error: 64. */
typedef void cd_add_activated_fn(struct cd_activation activation, size_t n, const float *a,
                                 const float *b, float *y);

/* y[i] = number first + i of the stream is below rate ? 0 : x[i] / (1 - rate). y may be x.
 * Error: 2. */
typedef void cd_dropout_fn(size_t n, uint64_t key, uint64_t first, float rate, const float *x,
                           float *y);

/* One step of Adam on n values (Kingma and Ba 2015, algorithm 1), decay (= rate * weight decay, 0
 * for none) decoupled: m = b1 m + (1-b1) g; v = b2 v + (1-b2) g g;
 * w = w - decay w - rate (m / correction1) / (sqrt(v / correction2) + epsilon).
 * Error: m and v 8, w 32. */
struct cd_adam {
    float rate, beta1, beta2, epsilon, decay;
    float correction1, correction2; /* 1 - beta^step */
};
typedef void cd_adam_fn(const struct cd_adam *adam, size_t n, const float *g, float *w, float *m,
                        float *v);

/* v = momentum v - rate g; w = w - decay w + v. Error: 8. */
typedef void cd_sgd_fn(float rate, float momentum, float decay, size_t n, const float *g, float *w,
                       float *v);

/* For measuring what a core can do. multiply_adds: so many rounds of independent multiply-adds on
 * registers; returns how many values were multiplied. result keeps the compiler from leaving them
 * out.
 * read: reads n floats, but for the last 127 perhaps, and returns the sum of some of them. */
typedef double cd_multiply_adds_fn(size_t rounds, float *result);
typedef float cd_read_fn(size_t n, const float *x);

/* A dense layer y (n x units) = x (n x inputs) w (inputs x units), backward. */
struct cd_dense_backward {
    size_t n, inputs, units;
    const float *x;        /* n x inputs */
    const float *dy;       /* n x units, before the activation */
    const float *prepared; /* dy as dense_prepare leaves it */
    float *w;              /* inputs x units; read only without adam */
    float *dx;             /* n x inputs; NULL: not wanted */
    float *dw;             /* inputs x units; for the gradient without adam */
    /* with it the gradient is not stored: it moves w, m and v at once */
    const struct cd_adam *adam;
    float *m, *v;               /* as w */
};

/* Floats that dense_prepare writes (layer's n and units count); dy in the order in which
 * dense_backward reads it again and again. */
typedef size_t cd_dense_prepared_fn(const struct cd_dense_backward *layer);
typedef void cd_dense_prepare_fn(const struct cd_dense_backward *layer, float *prepared);

/* Rows first .. last-1 (of inputs) of w: their gradient x^T dy, stored in dw or used as adam does,
 * and those columns of dx = dy w^T with the w from before. Calls with other rows may run at the
 * same time. Error: dw 2 n, dx 2 units; w, m, v: as adam's with that gradient. */
typedef void cd_dense_backward_fn(const struct cd_dense_backward *layer, size_t first, size_t last);

struct cd_conv_algorithm;

/* Functions that only one table can have together are neighbours (kernel_choice.c). */
struct cd_kernels {
    const char *name;
    cd_gemm_fn *gemm;
    cd_dense_prepared_fn *dense_prepared;
    cd_dense_prepare_fn *dense_prepare;
    cd_dense_backward_fn *dense_backward;
    cd_conv_scratch_fn *conv_scratch;
    cd_conv_forward_fn *conv_forward;
    cd_conv_backward_data_fn *conv_backward_data;
    cd_conv_backward_kernel_fn *conv_backward_kernel;
    /* Better ways for layers that they can do (conv.h), up to NULL. */
    const struct cd_conv_algorithm *const *conv_algorithms;
    cd_max_pool_forward_fn *max_pool_forward;
    cd_max_pool_backward_fn *max_pool_backward;
    cd_average_pool_forward_fn *average_pool_forward;
    cd_average_pool_backward_fn *average_pool_backward;
    cd_activation_forward_fn *activation_forward;
    cd_activation_backward_fn *activation_backward;
    cd_batch_norm_sums_fn *batch_norm_sums;
    cd_batch_norm_forward_fn *batch_norm_forward;
    cd_batch_norm_backward_sums_fn *batch_norm_backward_sums;
    cd_batch_norm_backward_fn *batch_norm_backward;
    cd_add_fn *add;
    cd_add_activated_fn *add_activated;
    cd_dropout_fn *dropout;
    cd_adam_fn *adam;
    cd_sgd_fn *sgd;
    cd_multiply_adds_fn *multiply_adds; /* NULL in a table that is not of a level */
    cd_read_fn *read;                   /* likewise */
    /* Around a run of calls: a kernel library with process-wide settings puts them right. */
    void (*enter)(void);
    void (*leave)(void);
};

/* The table of that name, or the best one for NULL; NULL if it is unknown or not for this CPU. */
const struct cd_kernels *cd_kernels_find(const char *name);

/* All tables of this build, the best first, and whether this CPU can run them. */
size_t cd_kernels_count(void);
const struct cd_kernels *cd_kernels_at(size_t index);
int cd_kernels_run_here(size_t index);

#endif
