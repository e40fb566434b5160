/* SPDX-License-Identifier: MIT
 *
 * Tests max pooling and average pooling of every table against double precision, over random
 * windows, strides and paddings. Arrays that a kernel must overwrite are first filled with NaN, and
 * the guard elements around them must not change. The seed is printed; CATDOG_TEST_SEED sets it. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "kernels/kernels.h"
#include "support/kernel_errors.h"
#include "support/kernel_tables.h"
#include "support/random_arrays.h"
#include "support/random_conv.h"

enum { ROUNDS = 60 };

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

    for (size_t i = 0; i < x_size; i++) /* many elements are equal: the first one must win */
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
    check_errors("max_pool_forward", y, want, NULL, y_size, 0.0);
    check_errors("max_pool_forward without winners", y2, want, NULL, y_size, 0.0);
    check_errors("max_pool_backward", dx, want_dx, NULL, x_size, 64.0);
    check_errors("average_pool_forward", mean, want_mean, NULL, y_size, 256.0);
    check_errors("average_pool_backward", dmean, want_dmean, NULL, x_size, 64.0);

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
    /* windows that touch but do not overlap, with rows and columns in no window */
    for (int round = 0; round < ROUNDS; round++) {
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

/* A single NaN wins its window, at each position of a window and in each of many channels. */
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

Suite *suite_pool_kernels(void)
{
    Suite *suite = suite_create("pool_kernels");
    TCase *tcase = tcase_create("against double precision");

    tcase_add_unchecked_fixture(tcase, seed_tests, NULL);
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, pooling, 0, kernel_table_count());
    tcase_add_loop_test(tcase, pooling_lets_nan_win, 0, kernel_table_count());
    suite_add_tcase(suite, tcase);
    return suite;
}
