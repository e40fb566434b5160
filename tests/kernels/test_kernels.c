/* SPDX-License-Identifier: MIT
 *
 * Tests matrix product, convolution, optimizers and peak measurement of every table, and the list
 * of tables. Results are compared with double precision, over random shapes: odd and prime sizes, 1
 * x 1, strides, paddings. Arrays that a kernel must overwrite are first filled with NaN, and the
 * guard elements around them must not change. The seed is printed; CATDOG_TEST_SEED sets it. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "kernels/kernels.h"
#include "support/kernel_errors.h"
#include "support/kernel_tables.h"
#include "support/random_arrays.h"
#include "support/random_conv.h"

enum { ROUNDS = 60 };

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
        check_errors("gemm", c, want, scale, m * n, 2.0 * (double)depth);
        release_guarded(a);
        release_guarded(b);
        release_guarded(c);
        free(want);
        free(scale);
    }
}
END_TEST

/* ---- convolution ---- */

/* Calls visit(user, y, x, k) for each product of the convolution, where y, x and k are the indices
 * of the output, of the input and of the kernel element. */
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
    const size_t half = conv->oh / 2; /* two work items */
    t->conv_forward(conv, none, x, kernel, bias, half, conv->oh, y + half * conv->ow * conv->co,
                    scratch);
    t->conv_forward(conv, none, x, kernel, bias, 0, half, y, scratch);
    t->conv_backward_data(conv, dy, kernel, dx, scratch);
    t->conv_backward_kernel(conv, x, dy, dk, db, scratch);
    t->leave();

    const double window = (double)(conv->window.kh * conv->window.kw);
    check_errors("conv_forward", y, p.y, p.y_size, y_size, 2.0 * window * (double)conv->ci + 2.0);
    check_errors("conv_backward_data", dx, p.dx, p.dx_size, x_size,
                 2.0 * window * (double)conv->co);
    check_errors("conv_backward_kernel", dk, p.dk, p.dk_size, k_size,
                 2.0 * (double)(conv->oh * conv->ow) + 2.0);
    check_errors("conv_backward_kernel (bias)", db, want_db, db_size, conv->co,
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
    /* narrow versions of the first layer of the presets and of a pointwise layer */
    const struct cd_conv first = {.h = 20, .w = 125, .ci = 3, .oh = 18, .ow = 123, .co = 24,
                                  .window = {.kh = 3, .kw = 3, .sh = 1, .sw = 1}};
    const struct cd_conv point = {.h = 7, .w = 5, .ci = 19, .oh = 7, .ow = 5, .co = 11,
                                  .window = {.kh = 1, .kw = 1, .sh = 1, .sw = 1}};
    check_conv(table, &first);
    check_conv(table, &point);
}
END_TEST

/* ---- optimizers ---- */

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
        check_errors("adam m", m, want_m, NULL, n, 8.0);
        check_errors("adam v", v, want_v, NULL, n, 8.0);
        check_errors("adam w", w, want_w, NULL, n, 32.0);
        check_errors("sgd v", v2, want_v2, NULL, n, 8.0);
        check_errors("sgd w", w2, want_w2, NULL, n, 8.0);
        float *arrays[] = {g, w, m, v, w2, v2};
        double *all[] = {want_w, want_m, want_v, want_w2, want_v2};
        for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
            release_guarded(arrays[i]);
        for (size_t i = 0; i < sizeof all / sizeof *all; i++)
            free(all[i]);
    }
}
END_TEST

/* ---- peak ---- */

/* multiply_adds() executes all multiply-adds. read() reads all numbers, and none beyond the end. */
START_TEST(peaks)
{
    const struct cd_kernels *k = kernel_table(_i);
    float ones[1024], result;

    if (!k->multiply_adds)
        return;
    const double once = k->multiply_adds(1, &result);
    ck_assert_double_eq(k->multiply_adds(1000, &result), 1000 * once);
    ck_assert_float_eq_tol(result, 5.0f, 1e-3f); /* ten chains that converge to 1/2 */
    for (size_t i = 0; i < 1024; i++)
        ones[i] = i < 768 ? 1.0f : NAN;
    const float sum = k->read(768, ones);
    ck_assert_float_ge(sum, 768 / 16);
    ck_assert_float_eq(k->read(384, ones), sum / 2);
}
END_TEST

/* ---- the list of tables ---- */

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
    tcase_add_loop_test(tcase, optimizers, 0, kernel_table_count());
    tcase_add_loop_test(tcase, peaks, 0, kernel_table_count());
    suite_add_tcase(suite, tcase);
    return suite;
}
