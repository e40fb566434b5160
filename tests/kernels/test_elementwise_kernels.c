/* SPDX-License-Identifier: MIT
 *
 * Tests activations, additions, batch normalisation and dropout of every table against double
 * precision. Arrays that a kernel must overwrite are first filled with NaN, and the guard elements
 * around them must not change. The seed is printed; CATDOG_TEST_SEED sets it. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"
#include "support/kernel_errors.h"
#include "support/kernel_tables.h"
#include "support/random_arrays.h"

enum { ROUNDS = 60 };

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

/* Returns the derivative of (sum over the row of dy activation(x)) with respect to element k, by
 * central differences. */
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
                x[i] *= round == 0 ? 200.0f : 4.0f; /* large inputs, because exp(200) overflows */
                in[i] = x[i] + (with_bias ? bias[i % c] : 0.0f);
            }
            for (size_t i = 0; i < n; i++) {
                want[i] = activated(a, in + i / c * c, c, i % c);
                want_dx[i] = slope(a, in + i / c * c, dy + i / c * c, c, i % c);
            }
            t->activation_forward(a, rows, c, with_bias ? bias : NULL, x, y);
            t->activation_backward(a, rows, c, y, dy, dx);
            check_errors("activation_forward", y, want, NULL, n, round == 0 ? 2000.0 : 64.0);
            check_errors("activation_backward", dx, want_dx, NULL, n, 1e4);
            if (!with_bias) { /* output and input are the same array */
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
        check_errors("add", sum, want, NULL, n, 2.0);
        check_errors("add_activated", activated_sum, want_activated, NULL, n, 64.0);
        t->add_activated(a, n, x, y, round % 2 ? x : y); /* output and input are the same array */
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
        check_errors("batch_norm_forward", y, want, NULL, m.n, 64.0);
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

/* Tests the backward pass without ReLU, with the mask of ReLU computed from its input, and with the
 * mask computed from its output. */
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
        check_errors("batch_norm_backward", dx, want, NULL, m.n, 6.0);
        /* output and input are the same array */
        t->batch_norm_backward(m.rows, m.c, m.x, input, m.factors, m.dy, m.dy);
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

/* ---- dropout ---- */

START_TEST(dropout)
{
    const struct cd_kernels *t = kernel_table(_i);
    enum { N = 20000 };
    float *x = guarded_array(N, 1), *y = guarded_array(N, 0), *pieces = guarded_array(N, 0);
    size_t dropped = 0;

    t->dropout(N, 77, 5, 0.3f, x, y);
    t->dropout(7001, 77, 5, 0.3f, x, pieces); /* one random stream in two calls */
    t->dropout(N - 7001, 77, 5 + 7001, 0.3f, x + 7001, pieces + 7001);
    ck_assert_int_eq(memcmp(y, pieces, N * sizeof *y), 0);
    for (size_t i = 0; i < N; i++) {
        if (y[i] == 0.0f)
            dropped++;
        else
            ck_assert_double_le(fabs(y[i] - x[i] / 0.7), 1e-6);
    }
    ck_assert_double_le(fabs((double)dropped / N - 0.3), 0.015); /* 4.6 standard deviations */
    release_guarded(x);
    release_guarded(y);
    release_guarded(pieces);
}
END_TEST

Suite *suite_elementwise_kernels(void)
{
    Suite *suite = suite_create("elementwise_kernels");
    TCase *tcase = tcase_create("against double precision");

    tcase_add_unchecked_fixture(tcase, seed_tests, NULL);
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, activations, 0, kernel_table_count());
    tcase_add_loop_test(tcase, activations_keep_nan, 0, kernel_table_count());
    tcase_add_loop_test(tcase, addition, 0, kernel_table_count());
    tcase_add_loop_test(tcase, batch_norm_forward, 0, kernel_table_count());
    tcase_add_loop_test(tcase, batch_norm_backward, 0, kernel_table_count());
    tcase_add_loop_test(tcase, dropout, 0, kernel_table_count());
    suite_add_tcase(suite, tcase);
    return suite;
}
