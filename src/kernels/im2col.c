/* SPDX-License-Identifier: MIT
 *
 * The patch matrix has a row for each position of y. It is computed for a tile of some rows of y at
 * a time and multiplied by the kernel:
 *
 *            K = kh kw ci                co
 *        +---------------+          +---------+           co
 *   M =  | patch of y 0  |        K | kernel  |      +---------+
 *  rows  | patch of y 1  |    x     | (in its |  = M | rows of |
 *  x ow  |      ...      |          | layout) |      |    y    |
 *        +---------------+          +---------+      +---------+
 *
 * With channels innermost, a patch consists of kh runs of kw ci floats, each contiguous in x. The
 * kernel and y already have the layout of these matrices. */
#include "kernels/im2col.h"

#include <string.h>

#include "core/memory.h"
#include "core/size.h"

/* Intended number of rows of the patch matrix of one tile: enough for an efficient matrix product,
 * and few enough for the second-level cache (256 x 576 floats are 576 KiB). */
enum { PATCHES = 256 };

static size_t patch_size(const struct cd_conv *conv)
{
    return conv->window.kh * conv->window.kw * conv->ci;
}

static size_t rows_per_tile(const struct cd_conv *conv)
{
    const size_t rows = PATCHES / conv->ow;
    return rows == 0 ? 1 : rows < conv->oh ? rows : conv->oh;
}

size_t cd_im2col_conv_scratch(const struct cd_conv *conv)
{
    return cd_product(cd_product(rows_per_tile(conv), conv->ow), patch_size(conv));
}

/* Returns 1 for a 1 x 1 window with stride 1 and no padding. x is then the patch matrix. */
static int is_pointwise(const struct cd_conv *conv)
{
    const struct cd_window *w = &conv->window;
    return w->kh == 1 && w->kw == 1 && w->sh == 1 && w->sw == 1 && w->top == 0 && w->left == 0 &&
           w->bottom == 0 && w->right == 0;
}

/* The part of a window row that lies inside the feature map. */
struct run {
    size_t first, count; /* first column of the window that is inside, and number of columns */
    size_t column;       /* column of the feature map at window column `first` */
};

static struct run run_at(const struct cd_conv *conv, size_t q)
{
    const size_t start = q * conv->window.sw, left = conv->window.left, kw = conv->window.kw;
    struct run run = {0};

    run.first = start < left ? left - start : 0;
    if (run.first >= kw || start + run.first - left >= conv->w)
        return (struct run){0};
    run.column = start + run.first - left;
    run.count = kw - run.first;
    if (run.count > conv->w - run.column)
        run.count = conv->w - run.column;
    return run;
}

/* Copies n floats. Short runs are copied without a function call, because a run has only 9 floats
 * in the first layer of a network. */
static void copy(float *to, const float *from, size_t n)
{
    if (n >= 32)
        memcpy(to, from, n * sizeof *to);
    else
        for (size_t i = 0; i < n; i++)
            to[i] = from[i];
}

static void gather(const struct cd_conv *conv, const float *x, size_t first, size_t last,
                   float *patches)
{
    const size_t ci = conv->ci, line = conv->window.kw * ci;

    for (size_t r = first; r < last; r++)
        for (size_t q = 0; q < conv->ow; q++) {
            const struct run run = run_at(conv, q);
            for (size_t i = 0; i < conv->window.kh; i++, patches += line) {
                const size_t row = r * conv->window.sh + i; /* row of the padded feature map */
                if (row < conv->window.top || row - conv->window.top >= conv->h) {
                    memset(patches, 0, line * sizeof *patches);
                    continue;
                }
                const float *from = x + ((row - conv->window.top) * conv->w + run.column) * ci;
                if (run.count < conv->window.kw)
                    memset(patches, 0, line * sizeof *patches);
                copy(patches + run.first * ci, from, run.count * ci);
            }
        }
}

/* Adds each patch to the elements of dx that gather() would copy it from. */
static void scatter(const struct cd_conv *conv, const float *patches, size_t first, size_t last,
                    float *dx)
{
    const size_t ci = conv->ci, line = conv->window.kw * ci;

    for (size_t r = first; r < last; r++)
        for (size_t q = 0; q < conv->ow; q++) {
            const struct run run = run_at(conv, q);
            for (size_t i = 0; i < conv->window.kh; i++, patches += line) {
                const size_t row = r * conv->window.sh + i;
                if (row < conv->window.top || row - conv->window.top >= conv->h)
                    continue;
                float *to = dx + ((row - conv->window.top) * conv->w + run.column) * ci;
                const float *from = patches + run.first * ci;
                for (size_t k = 0; k < run.count * ci; k++)
                    to[k] += from[k];
            }
        }
}

void cd_im2col_forward(const struct cd_kernels *kernels, const struct cd_conv *conv,
                       struct cd_activation activation, const float *x, const float *kernel,
                       const float *bias, size_t first, size_t last, float *y, float *scratch)
{
    const size_t k = patch_size(conv), co = conv->co, step = rows_per_tile(conv);

    for (size_t r = first; r < last; r += step) {
        const size_t end = r + step < last ? r + step : last;
        const size_t m = (end - r) * conv->ow;
        const float *patches = scratch;
        float *out = y + (r - first) * conv->ow * co;
        if (is_pointwise(conv))
            patches = x + r * conv->ow * k;
        else
            gather(conv, x, r, end, scratch);
        kernels->gemm(0, 0, m, co, k, patches, k, kernel, co, 0, out, co);
        kernels->activation_forward(activation, m, co, bias, out, out);
    }
}

void cd_im2col_backward_data(const struct cd_kernels *kernels, const struct cd_conv *conv,
                             const float *dy, const float *kernel, float *dx, float *scratch)
{
    const size_t k = patch_size(conv), co = conv->co, step = rows_per_tile(conv);

    if (is_pointwise(conv)) {
        kernels->gemm(0, 1, conv->h * conv->w, k, co, dy, co, kernel, co, 0, dx, k);
        return;
    }
    memset(dx, 0, conv->h * conv->w * conv->ci * sizeof *dx);
    for (size_t r = 0; r < conv->oh; r += step) {
        const size_t end = r + step < conv->oh ? r + step : conv->oh;
        kernels->gemm(0, 1, (end - r) * conv->ow, k, co, dy + r * conv->ow * co, co, kernel, co, 0,
                     scratch, k);
        scatter(conv, scratch, r, end, dx);
    }
}

void cd_im2col_backward_kernel(const struct cd_kernels *kernels, const struct cd_conv *conv,
                               const float *x, const float *dy, float *dkernel, float *dbias,
                               float *scratch)
{
    const size_t k = patch_size(conv), co = conv->co, step = rows_per_tile(conv);

    for (size_t r = 0; r < conv->oh; r += step) {
        const size_t end = r + step < conv->oh ? r + step : conv->oh;
        const size_t m = (end - r) * conv->ow;
        const float *patches = scratch, *out = dy + r * conv->ow * co;
        if (is_pointwise(conv))
            patches = x + r * conv->ow * k;
        else
            gather(conv, x, r, end, scratch);
        kernels->gemm(1, 0, k, co, m, patches, k, out, co, 1, dkernel, co);
        for (size_t i = 0; dbias && i < m; i++)
            for (size_t o = 0; o < co; o++)
                dbias[o] += out[i * co + o];
    }
}
