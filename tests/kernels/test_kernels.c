/* SPDX-License-Identifier: MIT
 *
 * Every kernel of every table against a naive double-precision reference written here, over random
 * shapes: odd and prime sizes, 1 x 1, strides, paddings. Outputs that are overwritten start as NaN,
 * and guard values around them must survive. The seed is printed; CATDOG_TEST_SEED sets it. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"
#include "support/kernel_tables.h"
#include "support/random_arrays.h"

enum { ROUNDS = 60 };

static double *doubles(size_t n)
{
    double *values = calloc(n ? n : 1, sizeof *values);
    ck_assert_ptr_nonnull(values);
    return values;
}

/* Both errors that contracts state: the largest, in units of epsilon * (sum of absolute products, or
 * 1), and the squared one. */
static void compare(const char *what, const float *got, const double *want, const double *scale,
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

/* ---- matrix product ---- */

START_TEST(gemm)
{
    const struct cd_kernels *k = kernel_table(_i);
    for (int round = 0; round < 4 * ROUNDS; round++) {
        const size_t m = draw(1, 70), n = draw(1, 70), depth = draw(1, 90);
        const int ta = (int)draw(0, 1), tb = (int)draw(0, 1), add = (int)draw(0, 1);
        const size_t lda = (ta ? m : depth) + draw(0, 3), ldb = (tb ? depth : n) + draw(0, 3);
        float *a = guarded_array((ta ? depth : m) * lda, 1),
              *b = guarded_array((tb ? n : depth) * ldb, 1);
        float *c = guarded_array(m * n, add);
        double *want = doubles(m * n), *scale = doubles(m * n);
        for (size_t i = 0; i < m; i++)
            for (size_t j = 0; j < n; j++) {
                double sum = add ? c[i * n + j] : 0.0, size = fabs(sum);
                for (size_t p = 0; p < depth; p++) {
                    const double product = (double)(ta ? a[p * lda + i] : a[i * lda + p]) *
                                           (tb ? b[j * ldb + p] : b[p * ldb + j]);
                    sum += product;
                    size += fabs(product);
                }
                want[i * n + j] = sum;
                scale[i * n + j] = size;
            }
        k->enter();
        k->gemm(ta, tb, m, n, depth, a, lda, b, ldb, add, c, n);
        k->leave();
        compare("gemm", c, want, scale, m * n, 2.0 * (double)depth);
        release_guarded(a);
        release_guarded(b);
        release_guarded(c);
        free(want);
        free(scale);
    }
}
END_TEST

/* ---- convolution ---- */

static size_t padded_output(size_t size, size_t before, size_t after, size_t k, size_t stride)
{
    return (size + before + after - k) / stride + 1;
}

static struct cd_conv draw_conv(size_t channels)
{
    struct cd_conv conv = {.h = draw(1, 19), .w = draw(1, 23), .ci = draw(1, channels),
                           .co = draw(1, channels)};
    struct cd_window *w = &conv.window;
    do {
        w->kh = draw(1, 5);
        w->kw = draw(1, 5);
        w->top = draw(0, w->kh - 1);
        w->bottom = draw(0, w->kh - 1);
        w->left = draw(0, w->kw - 1);
        w->right = draw(0, w->kw - 1);
        if (draw(0, 2) == 0)
            w->top = w->bottom = w->left = w->right = 0;
    } while (conv.h + w->top + w->bottom < w->kh || conv.w + w->left + w->right < w->kw);
    w->sh = draw(1, 3);
    w->sw = draw(1, 3);
    conv.oh = padded_output(conv.h, w->top, w->bottom, w->kh, w->sh);
    conv.ow = padded_output(conv.w, w->left, w->right, w->kw, w->sw);
    return conv;
}

/* Calls visit(user, output, input, kernel) for each product of the convolution. */
static void visit_products(const struct cd_conv *c,
                           void (*visit)(void *user, size_t y, size_t x, size_t k), void *user)
{
    for (size_t r = 0; r < c->oh; r++)
        for (size_t q = 0; q < c->ow; q++)
            for (size_t i = 0; i < c->window.kh; i++)
                for (size_t j = 0; j < c->window.kw; j++) {
                    const long row = (long)(r * c->window.sh + i) - (long)c->window.top;
                    const long col = (long)(q * c->window.sw + j) - (long)c->window.left;
                    if (row < 0 || col < 0 || row >= (long)c->h || col >= (long)c->w)
                        continue;
                    for (size_t a = 0; a < c->ci; a++)
                        for (size_t b = 0; b < c->co; b++)
                            visit(user, (r * c->ow + q) * c->co + b,
                                  ((size_t)row * c->w + (size_t)col) * c->ci + a,
                                  ((i * c->window.kw + j) * c->ci + a) * c->co + b);
                }
}

struct products {
    const float *x, *k, *dy;
    double *y, *y_size, *dx, *dx_size, *dk, *dk_size;
};

static void add_products(void *user, size_t y, size_t x, size_t k)
{
    struct products *p = user;
    p->y[y] += (double)p->x[x] * p->k[k];
    p->y_size[y] += fabs((double)p->x[x] * p->k[k]);
    p->dx[x] += (double)p->dy[y] * p->k[k];
    p->dx_size[x] += fabs((double)p->dy[y] * p->k[k]);
    p->dk[k] += (double)p->dy[y] * p->x[x];
    p->dk_size[k] += fabs((double)p->dy[y] * p->x[x]);
}

static void check_conv(const struct cd_kernels *t, const struct cd_conv *conv)
{
    const size_t x_size = conv->h * conv->w * conv->ci, y_size = conv->oh * conv->ow * conv->co;
    const size_t k_size = conv->window.kh * conv->window.kw * conv->ci * conv->co;
    const struct cd_activation none = {0};
    float *x = guarded_array(x_size, 1), *kernel = guarded_array(k_size, 1),
          *bias = guarded_array(conv->co, 1);
    float *y = guarded_array(y_size, 0), *dy = guarded_array(y_size, 1),
          *dx = guarded_array(x_size, 0);
    float *dk = guarded_array(k_size, 1), *db = guarded_array(conv->co, 1);
    float *scratch = guarded_array(t->conv_scratch(conv), 0);
    double *want_db = doubles(conv->co), *db_size = doubles(conv->co);
    struct products p = {x, kernel, dy, doubles(y_size), doubles(y_size), doubles(x_size),
                         doubles(x_size), doubles(k_size), doubles(k_size)};

    for (size_t i = 0; i < y_size; i++) {
        p.y[i] = bias[i % conv->co];
        p.y_size[i] = fabs(p.y[i]);
    }
    for (size_t i = 0; i < k_size; i++) {
        p.dk[i] = dk[i];
        p.dk_size[i] = fabs(dk[i]);
    }
    for (size_t o = 0; o < conv->co; o++)
        want_db[o] = db[o];
    for (size_t i = 0; i < y_size; i++) {
        want_db[i % conv->co] += dy[i];
        db_size[i % conv->co] += fabs(dy[i]) + 1.0;
    }
    visit_products(conv, add_products, &p);

    t->enter();
    const size_t half = conv->oh / 2; /* in two pieces of rows, as threads do */
    t->conv_forward(conv, none, x, kernel, bias, half, conv->oh, y + half * conv->ow * conv->co,
                    scratch);
    t->conv_forward(conv, none, x, kernel, bias, 0, half, y, scratch);
    t->conv_backward_data(conv, dy, kernel, dx, scratch);
    t->conv_backward_kernel(conv, x, dy, dk, db, scratch);
    t->leave();

    const double window = (double)(conv->window.kh * conv->window.kw);
    compare("conv_forward", y, p.y, p.y_size, y_size, 2.0 * window * (double)conv->ci + 2.0);
    compare("conv_backward_data", dx, p.dx, p.dx_size, x_size, 2.0 * window * (double)conv->co);
    compare("conv_backward_kernel", dk, p.dk, p.dk_size, k_size,
            2.0 * (double)(conv->oh * conv->ow) + 2.0);
    compare("conv_backward_kernel (bias)", db, want_db, db_size, conv->co,
            2.0 * (double)(conv->oh * conv->ow) + 2.0);
    check_guards("scratch", scratch, t->conv_scratch(conv));

    double *all[] = {p.y, p.y_size, p.dx, p.dx_size, p.dk, p.dk_size, want_db, db_size};
    float *arrays[] = {x, kernel, bias, y, dy, dx, dk, db, scratch};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        release_guarded(arrays[i]);
}

START_TEST(convolution)
{
    const struct cd_kernels *table = kernel_table(_i);
    for (int round = 0; round < ROUNDS; round++) {
        const struct cd_conv conv = draw_conv(round % 4 == 0 ? 33 : 7);
        check_conv(table, &conv);
    }
    /* the first layer of every preset, narrower; and a pointwise one */
    const struct cd_conv first = {.h = 20, .w = 125, .ci = 3, .oh = 18, .ow = 123, .co = 24,
                                  .window = {.kh = 3, .kw = 3, .sh = 1, .sw = 1}};
    const struct cd_conv point = {.h = 7, .w = 5, .ci = 19, .oh = 7, .ow = 5, .co = 11,
                                  .window = {.kh = 1, .kw = 1, .sh = 1, .sw = 1}};
    check_conv(table, &first);
    check_conv(table, &point);
}
END_TEST

/* ---- pooling ---- */

static void check_pool(const struct cd_kernels *t, const struct cd_conv *pool)
{
    const size_t c = pool->ci, x_size = pool->h * pool->w * c, y_size = pool->oh * pool->ow * c;
    float *x = guarded_array(x_size, 1), *y = guarded_array(y_size, 0),
          *y2 = guarded_array(y_size, 0);
    float *mean = guarded_array(y_size, 0), *dy = guarded_array(y_size, 1);
    float *dx = guarded_array(x_size, 0), *dmean = guarded_array(x_size, 0);
    uint32_t *winner = malloc(y_size * sizeof *winner);
    double *want = doubles(y_size), *want_mean = doubles(y_size), *want_dx = doubles(x_size);
    double *want_dmean = doubles(x_size);

    for (size_t i = 0; i < x_size; i++) /* ties: the first of equal values wins */
        x[i] = roundf(4.0f * x[i]);
    for (size_t o = 0; o < y_size; o++) {
        const size_t r = o / c / pool->ow, q = o / c % pool->ow, k = o % c;
        size_t best = SIZE_MAX, count = 0;
        for (int pass = 0; pass < 2; pass++)
            for (size_t i = 0; i < pool->window.kh; i++)
                for (size_t j = 0; j < pool->window.kw; j++) {
                    const long row = (long)(r * pool->window.sh + i) - (long)pool->window.top;
                    const long col = (long)(q * pool->window.sw + j) - (long)pool->window.left;
                    if (row < 0 || col < 0 || row >= (long)pool->h || col >= (long)pool->w)
                        continue;
                    const size_t at = ((size_t)row * pool->w + (size_t)col) * c + k;
                    if (pass == 0) {
                        if (best == SIZE_MAX || x[at] > x[best])
                            best = at;
                        want_mean[o] += x[at];
                        count++;
                    } else {
                        want_dmean[at] += dy[o] / (double)count;
                    }
                }
        want[o] = x[best];
        want_dx[best] += dy[o];
        want_mean[o] /= (double)count;
    }
    t->max_pool_forward(pool, x, y, winner);
    t->max_pool_forward(pool, x, y2, NULL);
    t->max_pool_backward(pool, dy, winner, dx);
    t->average_pool_forward(pool, x, mean);
    t->average_pool_backward(pool, dy, dmean);
    compare("max_pool_forward", y, want, NULL, y_size, 0.0);
    compare("max_pool_forward without winners", y2, want, NULL, y_size, 0.0);
    compare("max_pool_backward", dx, want_dx, NULL, x_size, 64.0);
    compare("average_pool_forward", mean, want_mean, NULL, y_size, 256.0);
    compare("average_pool_backward", dmean, want_dmean, NULL, x_size, 64.0);

    float *arrays[] = {x, y, y2, mean, dy, dx, dmean};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        release_guarded(arrays[i]);
    free(winner);
    free(want);
    free(want_mean);
    free(want_dx);
    free(want_dmean);
}

START_TEST(pooling)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct cd_conv pool = draw_conv(20);
        pool.co = pool.ci;
        check_pool(kernel_table(_i), &pool);
    }
    for (int round = 0; round < ROUNDS; round++) { /* windows side by side, rows and columns left */
        const size_t side = round % 2 ? 2 : draw(1, 4), c = draw(1, 40);
        const size_t h = draw(side, 17), w = draw(side, 17);
        const struct cd_conv pool = {.h = h,
                                     .w = w,
                                     .ci = c,
                                     .oh = h / side,
                                     .ow = w / side,
                                     .co = c,
                                     .window = {.kh = side, .kw = side, .sh = side, .sw = side}};
        check_pool(kernel_table(_i), &pool);
    }
}
END_TEST

/* One NaN at each place of a window, in each of many channels. */
START_TEST(pooling_lets_nan_win)
{
    enum { C = 37, SIZE = 3 * 3 * C };
    const struct cd_kernels *t = kernel_table(_i);
    for (size_t side = 2; side <= 3; side++)
        for (size_t at = 0; at < side * side * C; at++) {
            const struct cd_conv pool = {
                .h = side, .w = side, .ci = C, .oh = 1, .ow = 1, .co = C,
                .window = {.kh = side, .kw = side, .sh = side, .sw = side}};
            float x[SIZE], y[C], only_y[C];
            uint32_t winner[C];
            for (size_t i = 0; i < side * side * C; i++)
                x[i] = draw_value();
            x[at] = NAN;
            t->max_pool_forward(&pool, x, y, winner);
            t->max_pool_forward(&pool, x, only_y, NULL);
            ck_assert_msg(isnan(y[at % C]) && isnan(only_y[at % C]) && winner[at % C] == at,
                          "window of %zu, NaN at %zu did not win", side, at);
            for (size_t k = 0; k < C; k++)
                ck_assert(isnan(y[k]) == (k == at % C) && isnan(only_y[k]) == (k == at % C));
        }
}
END_TEST

/* ---- activations ---- */

static double activated(struct cd_activation a, const double *row, size_t c, size_t k)
{
    double sum = 0.0, largest = row[0];
    switch (a.kind) {
    case CNN_ACTIVATION_RELU:
        return row[k] > 0.0 ? row[k] : 0.0;
    case CNN_ACTIVATION_LEAKY_RELU:
        return row[k] > 0.0 ? row[k] : a.alpha * row[k];
    case CNN_ACTIVATION_SIGMOID:
        return 1.0 / (1.0 + exp(-row[k]));
    case CNN_ACTIVATION_SOFTMAX:
        for (size_t i = 1; i < c; i++)
            largest = fmax(largest, row[i]);
        for (size_t i = 0; i < c; i++)
            sum += exp(row[i] - largest);
        return exp(row[k] - largest) / sum;
    default:
        return row[k];
    }
}

/* Derivative of sum over the row of dy activation(x), by central differences in double. */
static double slope(struct cd_activation a, double *row, const float *dy, size_t c, size_t k)
{
    const double h = 1e-6, at = row[k];
    double sum[2] = {0.0, 0.0};
    for (int side = 0; side < 2; side++) {
        row[k] = side ? at + h : at - h;
        for (size_t i = 0; i < c; i++)
            sum[side] += dy[i] * activated(a, row, c, i);
    }
    row[k] = at;
    return (sum[1] - sum[0]) / (2.0 * h);
}

START_TEST(activations)
{
    const struct cd_kernels *t = kernel_table(_i);
    for (int kind = CNN_ACTIVATION_NONE; kind <= CNN_ACTIVATION_SOFTMAX; kind++)
        for (int round = 0; round < 8; round++) {
            const struct cd_activation a = {.kind = (cnn_activation_t)kind, .alpha = 0.2f};
            const size_t rows = draw(1, 5), c = draw(1, 37), n = rows * c;
            const int with_bias = (int)draw(0, 1);
            float *x = guarded_array(n, 1), *bias = guarded_array(c, 1), *y = guarded_array(n, 0);
            float *dy = guarded_array(n, 1), *dx = guarded_array(n, 0);
            double *in = doubles(n), *want = doubles(n), *want_dx = doubles(n);
            for (size_t i = 0; i < n; i++) {
                x[i] *= round == 0 ? 200.0f : 4.0f; /* far out: nothing overflows */
                in[i] = x[i] + (with_bias ? bias[i % c] : 0.0f);
            }
            for (size_t i = 0; i < n; i++) {
                want[i] = activated(a, in + i / c * c, c, i % c);
                want_dx[i] = slope(a, in + i / c * c, dy + i / c * c, c, i % c);
            }
            t->activation_forward(a, rows, c, with_bias ? bias : NULL, x, y);
            t->activation_backward(a, rows, c, y, dy, dx);
            compare("activation_forward", y, want, NULL, n, round == 0 ? 2000.0 : 64.0);
            compare("activation_backward", dx, want_dx, NULL, n, 1e4);
            if (!with_bias) { /* in place */
                t->activation_forward(a, rows, c, NULL, x, x);
                ck_assert_int_eq(memcmp(x, y, n * sizeof *x), 0);
            }
            t->activation_backward(a, rows, c, y, dy, dy);
            ck_assert_int_eq(memcmp(dx, dy, n * sizeof *x), 0);
            float *arrays[] = {x, bias, y, dy, dx};
            for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
                release_guarded(arrays[i]);
            free(in);
            free(want);
            free(want_dx);
        }
}
END_TEST

START_TEST(activations_keep_nan)
{
    enum { C = 37 };
    const struct cd_kernels *t = kernel_table(_i);
    for (int kind = CNN_ACTIVATION_NONE; kind <= CNN_ACTIVATION_SIGMOID; kind++)
        for (size_t at = 0; at < 2 * C; at++) {
            const struct cd_activation a = {.kind = (cnn_activation_t)kind, .alpha = 0.2f};
            float x[2 * C], bias[C], y[2 * C];
            for (size_t i = 0; i < 2 * C; i++) {
                x[i] = draw_value();
                bias[i % C] = draw_value();
            }
            x[at] = NAN;
            t->activation_forward(a, 2, C, at % 2 ? bias : NULL, x, y);
            for (size_t i = 0; i < 2 * C; i++)
                ck_assert_msg(isnan(y[i]) == (i == at), "activation %d, NaN at %zu", kind, at);
        }
}
END_TEST

/* ---- elementwise ---- */

START_TEST(addition)
{
    const struct cd_kernels *t = kernel_table(_i);
    for (int round = 0; round < ROUNDS; round++) {
        const struct cd_activation a = {.kind = (cnn_activation_t)(round % CNN_ACTIVATION_SOFTMAX),
                                        .alpha = 0.2f};
        const size_t n = draw(1, 900);
        float *x = guarded_array(n, 1), *y = guarded_array(n, 1);
        float *sum = guarded_array(n, 0), *activated_sum = guarded_array(n, 0);
        double *want = doubles(n), *want_activated = doubles(n);
        for (size_t i = 0; i < n; i++)
            want[i] = (double)x[i] + y[i];
        for (size_t i = 0; i < n; i++)
            want_activated[i] = activated(a, want + i, 1, 0);
        t->add(n, x, y, sum);
        t->add_activated(a, n, x, y, activated_sum);
        compare("add", sum, want, NULL, n, 2.0);
        compare("add_activated", activated_sum, want_activated, NULL, n, 64.0);
        t->add_activated(a, n, x, y, round % 2 ? x : y); /* in place */
        ck_assert_int_eq(memcmp(round % 2 ? x : y, activated_sum, n * sizeof *x), 0);
        float *arrays[] = {x, y, sum, activated_sum};
        for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
            release_guarded(arrays[i]);
        free(want);
        free(want_activated);
    }
}
END_TEST

/* ---- batch normalisation ---- */

struct norm {
    size_t rows, c, n;
    float *x, *other, *dy, *scale_shift, *factors;
};

static struct norm draw_norm(void)
{
    const size_t rows = draw(1, 40), c = draw(1, 40), n = rows * c;
    return (struct norm){.rows = rows, .c = c, .n = n,
                         .x = guarded_array(n, 1), .other = guarded_array(n, 1),
                         .dy = guarded_array(n, 1), .scale_shift = guarded_array(2 * c, 1),
                         .factors = guarded_array(3 * c, 1)};
}

static void release_norm(const struct norm *norm)
{
    float *arrays[] = {norm->x, norm->other, norm->dy, norm->scale_shift, norm->factors};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        release_guarded(arrays[i]);
}

START_TEST(batch_norm_forward)
{
    const struct cd_kernels *t = kernel_table(_i), *reference = cd_kernels_find("reference");
    for (int round = 0; round < 2 * ROUNDS; round++) {
        const struct norm m = draw_norm();
        const struct cd_activation a = {.kind = (cnn_activation_t)(round % CNN_ACTIVATION_SOFTMAX),
                                        .alpha = 0.2f};
        float *other = draw(0, 1) ? m.other : NULL;
        float *y = guarded_array(m.n, 0), *again = guarded_array(m.n, 0);
        double *want = doubles(m.n), *sums = doubles(2 * m.c), *got = doubles(2 * m.c);
        for (size_t i = 0; i < m.n; i++) {
            const size_t k = i % m.c;
            double in = (double)m.x[i] * m.scale_shift[k] + m.scale_shift[m.c + k] +
                        (other ? other[i] : 0.0);
            want[i] = activated(a, &in, 1, 0);
            sums[k] += m.x[i];
            sums[m.c + k] += (double)m.x[i] * m.x[i];
        }
        t->batch_norm_forward(a, m.rows, m.c, m.x, m.scale_shift, other, y);
        compare("batch_norm_forward", y, want, NULL, m.n, 64.0);
        reference->batch_norm_forward(a, m.rows, m.c, m.x, m.scale_shift, other, again);
        ck_assert_int_eq(memcmp(y, again, m.n * sizeof *y), 0);
        t->batch_norm_sums(m.rows, m.c, m.x, got);
        for (size_t k = 0; k < 2 * m.c; k++)
            ck_assert_double_le(fabs(sums[k] - got[k]), 1e-12);
        float *place = other && round % 2 ? other : m.x;
        t->batch_norm_forward(a, m.rows, m.c, m.x, m.scale_shift, other, place);
        ck_assert_int_eq(memcmp(place, y, m.n * sizeof *y), 0);
        release_guarded(y);
        release_guarded(again);
        free(want);
        free(sums);
        free(got);
        release_norm(&m);
    }
}
END_TEST

/* Without ReLU, with it told from its input, and from its output (which other stands for). */
START_TEST(batch_norm_backward)
{
    const struct cd_kernels *t = kernel_table(_i);
    for (int round = 0; round < 2 * ROUNDS; round++) {
        const struct norm m = draw_norm();
        const float *y = round % 3 == 1 ? m.other : NULL;
        const float *input = round % 3 == 2 ? m.scale_shift : NULL;
        float *dx = guarded_array(m.n, 0), *dy = guarded_array(m.n, 1);
        double *want = doubles(m.n), *sums = doubles(2 * m.c), *got = doubles(2 * m.c);
        for (size_t i = 0; i < m.n; i++) {
            const size_t k = i % m.c;
            const float in = m.x[i] * m.scale_shift[k] + m.scale_shift[m.c + k];
            const float g = (y && !(y[i] > 0)) || (input && !(in > 0)) ? 0.0f : m.dy[i];
            dy[i] = y ? g : m.dy[i];
            sums[k] += g;
            sums[m.c + k] += (double)m.x[i] * g;
            want[i] = (double)m.factors[k] * g + (double)m.factors[m.c + k] * m.x[i] +
                      m.factors[2 * m.c + k];
        }
        t->batch_norm_backward_sums(m.rows, m.c, m.x, y, input, m.dy, got);
        ck_assert_int_eq(memcmp(dy, m.dy, m.n * sizeof *dy), 0);
        check_guards("batch_norm_backward_sums", m.dy, m.n);
        for (size_t k = 0; k < 2 * m.c; k++)
            ck_assert_double_le(fabs(sums[k] - got[k]), 1e-12);
        t->batch_norm_backward(m.rows, m.c, m.x, input, m.factors, m.dy, dx);
        compare("batch_norm_backward", dx, want, NULL, m.n, 6.0);
        t->batch_norm_backward(m.rows, m.c, m.x, input, m.factors, m.dy, m.dy); /* in place */
        ck_assert_int_eq(memcmp(dx, m.dy, m.n * sizeof *dx), 0);
        release_guarded(dx);
        release_guarded(dy);
        free(want);
        free(sums);
        free(got);
        release_norm(&m);
    }
}
END_TEST

START_TEST(dropout)
{
    const struct cd_kernels *t = kernel_table(_i);
    enum { N = 20000 };
    float *x = guarded_array(N, 1), *y = guarded_array(N, 0), *pieces = guarded_array(N, 0);
    size_t dropped = 0;

    t->dropout(N, 77, 5, 0.3f, x, y);
    t->dropout(7001, 77, 5, 0.3f, x, pieces); /* the same stream in two pieces */
    t->dropout(N - 7001, 77, 5 + 7001, 0.3f, x + 7001, pieces + 7001);
    ck_assert_int_eq(memcmp(y, pieces, N * sizeof *y), 0);
    for (size_t i = 0; i < N; i++) {
        if (y[i] == 0.0f)
            dropped++;
        else
            ck_assert_double_le(fabs(y[i] - x[i] / 0.7), 1e-6);
    }
    ck_assert_double_le(fabs((double)dropped / N - 0.3), 0.015); /* 4.6 deviations */
    release_guarded(x);
    release_guarded(y);
    release_guarded(pieces);
}
END_TEST

START_TEST(optimizers)
{
    const struct cd_kernels *t = kernel_table(_i);
    for (int round = 0; round < 8; round++) {
        const size_t n = draw(1, 100);
        const struct cd_adam adam = {.rate = 0.01f, .beta1 = 0.9f, .beta2 = 0.999f,
                                     .epsilon = 1e-8f, .decay = round % 2 ? 0.002f : 0.0f,
                                     .correction1 = 0.271f, .correction2 = 0.002997f};
        float *g = guarded_array(n, 1), *w = guarded_array(n, 1), *m = guarded_array(n, 1),
              *v = guarded_array(n, 1);
        float *w2 = guarded_array(n, 1), *v2 = guarded_array(n, 1);
        double *want_w = doubles(n), *want_m = doubles(n), *want_v = doubles(n);
        double *want_w2 = doubles(n), *want_v2 = doubles(n);
        for (size_t i = 0; i < n; i++) {
            v[i] = fabsf(v[i]) * 0.01f;
            want_m[i] = 0.9f * (double)m[i] + (1.0 - 0.9f) * g[i];
            want_v[i] = 0.999f * (double)v[i] + (1.0 - 0.999f) * g[i] * (double)g[i];
            want_w[i] = w[i] - (double)adam.decay * w[i] -
                        0.01f * (want_m[i] / adam.correction1) /
                            (sqrt(want_v[i] / adam.correction2) + 1e-8);
            want_v2[i] = 0.9f * (double)v2[i] - 0.1f * (double)g[i];
            want_w2[i] = w2[i] - 0.003f * (double)w2[i] + want_v2[i];
        }
        t->adam(&adam, n, g, w, m, v);
        t->sgd(0.1f, 0.9f, 0.003f, n, g, w2, v2);
        compare("adam m", m, want_m, NULL, n, 8.0);
        compare("adam v", v, want_v, NULL, n, 8.0);
        compare("adam w", w, want_w, NULL, n, 32.0);
        compare("sgd v", v2, want_v2, NULL, n, 8.0);
        compare("sgd w", w2, want_w2, NULL, n, 8.0);
        float *arrays[] = {g, w, m, v, w2, v2};
        double *all[] = {want_w, want_m, want_v, want_w2, want_v2};
        for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
            release_guarded(arrays[i]);
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            free(all[i]);
    }
}
END_TEST

/* What measures a CPU: really multiplied, really read, and not beyond the end. */
START_TEST(peaks)
{
    const struct cd_kernels *k = kernel_table(_i);
    float ones[1024], result;

    if (!k->multiply_adds)
        return;
    const double once = k->multiply_adds(1, &result);
    ck_assert_double_eq(k->multiply_adds(1000, &result), 1000 * once);
    ck_assert_float_eq_tol(result, 5.0f, 1e-3f); /* ten chains that go to 1/2 */
    for (size_t i = 0; i < 1024; i++)
        ones[i] = i < 768 ? 1.0f : NAN;
    const float sum = k->read(768, ones);
    ck_assert_float_ge(sum, 768 / 16);
    ck_assert_float_eq(k->read(384, ones), sum / 2);
}
END_TEST

START_TEST(tables)
{
    ck_assert_ptr_nonnull(cd_kernels_find(NULL));
    ck_assert_ptr_null(cd_kernels_find("no such table"));
    for (int i = 0; i < kernel_table_count(); i++)
        ck_assert_ptr_eq(cd_kernels_find(kernel_table(i)->name), kernel_table(i));
    ck_assert_ptr_nonnull(cd_kernels_find("blas"));
    ck_assert_ptr_nonnull(cd_kernels_find("reference"));
}
END_TEST

Suite *suite_kernels(void)
{
    Suite *suite = suite_create("kernels");
    TCase *tcase = tcase_create("against double precision");

    tcase_add_unchecked_fixture(tcase, seed_tests, NULL);
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, tables);
    tcase_add_loop_test(tcase, gemm, 0, kernel_table_count());
    tcase_add_loop_test(tcase, convolution, 0, kernel_table_count());
    tcase_add_loop_test(tcase, pooling, 0, kernel_table_count());
    tcase_add_loop_test(tcase, pooling_lets_nan_win, 0, kernel_table_count());
    tcase_add_loop_test(tcase, activations, 0, kernel_table_count());
    tcase_add_loop_test(tcase, activations_keep_nan, 0, kernel_table_count());
    tcase_add_loop_test(tcase, addition, 0, kernel_table_count());
    tcase_add_loop_test(tcase, batch_norm_forward, 0, kernel_table_count());
    tcase_add_loop_test(tcase, batch_norm_backward, 0, kernel_table_count());
    tcase_add_loop_test(tcase, dropout, 0, kernel_table_count());
    tcase_add_loop_test(tcase, optimizers, 0, kernel_table_count());
    tcase_add_loop_test(tcase, peaks, 0, kernel_table_count());
    suite_add_tcase(suite, tcase);
    return suite;
}
