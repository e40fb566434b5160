/* SPDX-License-Identifier: MIT
 *
 * Tests, for every table, matrix products of several blocks and the backward pass of dense layers:
 *   - Results agree with double precision.
 *   - The bits of a row of a product do not depend on the other rows.
 *   - Adam fused into the backward pass gives the same bits as the gradient followed by Adam.
 * The seed is printed; CATDOG_TEST_SEED sets it. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/kernels.h"
#include "support/kernel_tables.h"
#include "support/random_arrays.h"

enum { SAMPLES = 300 };

static float *copy_of(const float *values, size_t n)
{
    float *copy = guarded_array(n, 0);
    memcpy(copy, values, n * sizeof *copy);
    return copy;
}

/* A sum of products in double precision, and the sum of their absolute values. */
struct sum {
    double value, size;
};

/* Returns start + sum over p of a[p * a_step] * b[p * b_step]. */
static struct sum dot(double start, size_t k, const float *a, size_t a_step, const float *b,
                      size_t b_step)
{
    struct sum sum = {start, fabs(start)};
    for (size_t p = 0; p < k; p++) {
        const double product = (double)a[p * a_step] * b[p * b_step];
        sum.value += product;
        sum.size += fabs(product);
    }
    return sum;
}

static void check_sum(const char *what, float got, struct sum want, double limit)
{
    const double allowed = limit * 1.2e-7 * want.size + 1e-30;
    ck_assert_msg(fabs(got - want.value) <= allowed,
                  "%s is %.9g instead of %.9g (allowed difference %.3g)", what, got, want.value,
                  allowed);
}

/* ---- matrix product ---- */

static void check_product(const struct cd_kernels *t, size_t m, size_t n, size_t k)
{
    const int ta = (int)draw(0, 1), tb = (int)draw(0, 1), add = (int)draw(0, 1);
    const size_t lda = (ta ? m : k) + draw(0, 3), ldb = (tb ? k : n) + draw(0, 1) * draw(1, 40);
    const size_t ldc = n + draw(0, 3);
    /* the arrays end with the last element of the last row, without padding up to lda, ldb or
     * ldc */
    const size_t a_size = (ta ? k - 1 : m - 1) * lda + (ta ? m : k);
    const size_t b_size = (tb ? n - 1 : k - 1) * ldb + (tb ? k : n), c_size = (m - 1) * ldc + n;
    float *a = guarded_array(a_size, 1), *b = guarded_array(b_size, 1),
          *c = guarded_array(c_size, 1);
    float *before = copy_of(c, c_size);
    char what[120];

    for (size_t i = 0; !add && i < m; i++)
        for (size_t j = 0; j < n; j++)
            c[i * ldc + j] = NAN;
    t->enter();
    t->gemm(ta, tb, m, n, k, a, lda, b, ldb, add, c, ldc);
    t->leave();
    for (int s = 0; s < SAMPLES; s++) {
        const size_t i = s < 4 ? (s & 1) * (m - 1) : draw(0, m - 1);
        const size_t j = s < 4 ? (s >> 1) * (n - 1) : draw(0, n - 1);
        snprintf(what, sizeof what, "%zu x %zu x %zu, transposed %d %d, added %d: %zu, %zu", m, n,
                 k, ta, tb, add, i, j);
        check_sum(what, c[i * ldc + j],
                  dot(add ? before[i * ldc + j] : 0.0, k, a + i * (ta ? 1 : lda), ta ? lda : 1,
                      b + j * (tb ? ldb : 1), tb ? 1 : ldb),
                  2.0 * (double)k);
    }
    for (size_t i = 0; i + 1 < m; i++)
        for (size_t j = n; j < ldc; j++)
            ck_assert_msg(c[i * ldc + j] == before[i * ldc + j], "wrote behind row %zu", i);
    check_guards("a", a, a_size);
    check_guards("b", b, b_size);
    check_guards("c", c, c_size);
    release_guarded(a);
    release_guarded(b);
    release_guarded(c);
    release_guarded(before);
}

START_TEST(products)
{
    const struct cd_kernels *t = kernel_table(_i);

    for (int round = 0; round < 40; round++)
        check_product(t, draw(1, 90), draw(1, 140), draw(1, 600));
    for (int round = 0; round < 8; round++)
        check_product(t, draw(1, 900), draw(1, 700), draw(1, 300));
    for (int round = 0; round < 8; round++)
        check_product(t, 1, draw(1, 600), draw(1, 600));
    for (size_t size = 0; size < 2; size++) { /* sizes around the limits of a block */
        check_product(t, 384 + size, 32 + size, 256 + size);
        check_product(t, 12 + size, 512, 128 + size);
        check_product(t, 6 + size, 1024 + size, 64 + size);
    }
}
END_TEST

START_TEST(empty_products)
{
    const struct cd_kernels *t = kernel_table(_i);
    float a[4] = {1, 2, 3, 4}, c[4] = {5, 6, 7, 8};

    t->enter();
    t->gemm(0, 0, 0, 2, 2, a, 2, a, 2, 0, c, 2);
    t->gemm(0, 0, 2, 0, 2, a, 2, a, 2, 0, c, 2);
    t->gemm(0, 0, 2, 2, 0, a, 2, a, 2, 1, c, 2);
    ck_assert(c[0] == 5 && c[3] == 8);
    t->gemm(0, 0, 2, 2, 0, a, 2, a, 2, 0, c, 2);
    ck_assert(c[0] == 0 && c[3] == 0);
    t->leave();
}
END_TEST

static int promises_rows(const struct cd_kernels *t)
{
    return strcmp(t->name, "blas") != 0;
}

/* A row of C has the same bits whether it is computed alone or together with others. */
START_TEST(rows_do_not_depend_on_their_number)
{
    const struct cd_kernels *t = kernel_table(_i);
    const size_t m = 70, n = draw(100, 600), k = draw(300, 700);
    float *a = guarded_array(m * k, 1), *b = guarded_array(k * n, 1),
          *c = guarded_array(m * n, 0), *some = guarded_array(m * n, 0);

    for (int tb = 0; promises_rows(t) && tb < 2; tb++) {
        const size_t ldb = tb ? k : n;
        t->gemm(0, tb, m, n, k, a, k, b, ldb, 0, c, n);
        for (size_t first = 0, count = 1; first < m; first += count, count++) {
            count = count < m - first ? count : m - first;
            t->gemm(0, tb, count, n, k, a + first * k, k, b, ldb, 0, some + first * n, n);
        }
        ck_assert_int_eq(memcmp(c, some, m * n * sizeof *c), 0);
    }
    release_guarded(a);
    release_guarded(b);
    release_guarded(c);
    release_guarded(some);
}
END_TEST

/* ---- dense layers ---- */

struct layer {
    struct cd_dense_backward given;
    size_t n, inputs, units;
    float *x, *dy, *prepared, *w, *dx, *dw, *m, *v;
};

static const struct cd_adam adam = {.rate = 0.01f,
                                    .beta1 = 0.9f,
                                    .beta2 = 0.999f,
                                    .epsilon = 1e-8f,
                                    .decay = 0.002f,
                                    .correction1 = 0.271f,
                                    .correction2 = 0.002997f};

static struct layer make_layer(const struct cd_kernels *t, size_t n, size_t inputs, size_t units)
{
    struct layer l = {.n = n, .inputs = inputs, .units = units};

    l.x = guarded_array(n * inputs, 1);
    l.dy = guarded_array(n * units, 1);
    l.w = guarded_array(inputs * units, 1);
    l.dx = guarded_array(n * inputs, 0);
    l.dw = guarded_array(inputs * units, 0);
    l.m = guarded_array(inputs * units, 1);
    l.v = guarded_array(inputs * units, 1);
    for (size_t i = 0; i < inputs * units; i++)
        l.v[i] = fabsf(l.v[i]);
    l.given = (struct cd_dense_backward){
        .n = n, .inputs = inputs, .units = units, .x = l.x, .dy = l.dy, .w = l.w};
    l.prepared = guarded_array(t->dense_prepared(&l.given), 0);
    t->dense_prepare(&l.given, l.prepared);
    check_guards("prepared", l.prepared, t->dense_prepared(&l.given));
    l.given.prepared = l.prepared;
    return l;
}

static void free_layer(const struct layer *l)
{
    float *const all[] = {l->x, l->dy, l->prepared, l->w, l->dx, l->dw, l->m, l->v};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        release_guarded(all[i]);
}

static void check_layer_guards(const struct layer *l)
{
    check_guards("x", l->x, l->n * l->inputs);
    check_guards("dy", l->dy, l->n * l->units);
    check_guards("w", l->w, l->inputs * l->units);
    check_guards("dx", l->dx, l->n * l->inputs);
    check_guards("dw", l->dw, l->inputs * l->units);
    check_guards("m", l->m, l->inputs * l->units);
    check_guards("v", l->v, l->inputs * l->units);
}

static void run_layer(const struct cd_kernels *t, const struct layer *l, size_t piece)
{
    t->enter();
    for (size_t r = 0; r < l->inputs; r += piece)
        t->dense_backward(&l->given, r, r + piece < l->inputs ? r + piece : l->inputs);
    t->leave();
}

static struct sum gradient_at(const struct layer *l, size_t at)
{
    return dot(0.0, l->n, l->x + at / l->units, l->inputs, l->dy + at % l->units, l->units);
}

static void check_gradients(const struct cd_kernels *t, size_t n, size_t inputs, size_t units)
{
    struct layer l = make_layer(t, n, inputs, units);
    float *w = copy_of(l.w, inputs * units);

    l.given.dw = l.dw;
    l.given.dx = draw(0, 3) ? l.dx : NULL;
    run_layer(t, &l, inputs);
    for (int s = 0; s < SAMPLES; s++) {
        const size_t at = s == 0 ? inputs * units - 1 : draw(0, inputs * units - 1);
        const size_t to = s == 0 ? n * inputs - 1 : draw(0, n * inputs - 1);
        check_sum("dw", l.dw[at], gradient_at(&l, at), 2.0 * (double)n);
        if (l.given.dx)
            check_sum("dx", l.dx[to],
                      dot(0.0, units, l.dy + to / inputs * units, 1, w + to % inputs * units, 1),
                      2.0 * (double)units);
    }
    ck_assert_int_eq(memcmp(w, l.w, inputs * units * sizeof *w), 0);
    check_layer_guards(&l);
    free_layer(&l);
    release_guarded(w);
}

START_TEST(gradients)
{
    const struct cd_kernels *t = kernel_table(_i);

    for (int round = 0; round < 20; round++)
        check_gradients(t, draw(1, 70), draw(1, 150), draw(1, 150));
    check_gradients(t, 64, 500, 512);
    check_gradients(t, 300, 61, 40); /* more images than in one chunk of the sum */
    check_gradients(t, 129, 50, 600);
    check_gradients(t, 32, 97, 1);
    check_gradients(t, 1, 1, 1);
}
END_TEST

/* Checks that with Adam, w, m and v agree with double precision, and that dx is computed from the
 * weights before the step. */
static void check_adam(const struct cd_kernels *t, size_t n, size_t inputs, size_t units)
{
    struct layer l = make_layer(t, n, inputs, units);
    const size_t size = inputs * units;
    float *w = copy_of(l.w, size), *m = copy_of(l.m, size), *v = copy_of(l.v, size);

    l.given.adam = &adam;
    l.given.m = l.m;
    l.given.v = l.v;
    l.given.dx = l.dx;
    run_layer(t, &l, inputs);
    for (int s = 0; s < SAMPLES; s++) {
        const size_t at = draw(0, size - 1), to = draw(0, n * inputs - 1);
        const struct sum g = gradient_at(&l, at);
        const double new_m = 0.9f * (double)m[at] + (1.0 - 0.9f) * g.value;
        const double new_v = 0.999f * (double)v[at] + (1.0 - 0.999f) * g.value * g.value;
        const double new_w = w[at] - (double)adam.decay * w[at] -
                             0.01f * (new_m / adam.correction1) /
                                 (sqrt(new_v / adam.correction2) + 1e-8);
        const double error = 2.0 * (double)n * 1.2e-7 * g.size; /* largest error of the gradient */
        ck_assert_double_le(fabs(l.m[at] - new_m), error + 1e-6 * fabs(new_m) + 1e-7);
        ck_assert_double_le(fabs(l.v[at] - new_v),
                            0.003 * error * (fabs(g.value) + error) + 1e-6 * new_v);
        ck_assert_double_le(fabs(l.w[at] - new_w), 1e-5);
        check_sum("dx", l.dx[to],
                  dot(0.0, units, l.dy + to / inputs * units, 1, w + to % inputs * units, 1),
                  2.0 * (double)units);
    }
    for (size_t i = 0; i < size; i++)
        ck_assert(isfinite(l.w[i]) && isnan(l.dw[i]));
    check_layer_guards(&l);
    free_layer(&l);
    release_guarded(w);
    release_guarded(m);
    release_guarded(v);
}

START_TEST(adam_in_the_same_pass)
{
    const struct cd_kernels *t = kernel_table(_i);

    for (int round = 0; round < 10; round++)
        check_adam(t, draw(1, 70), draw(1, 150), draw(1, 150));
    check_adam(t, 64, 500, 512);
    check_adam(t, 300, 61, 40);
}
END_TEST

/* Checks that, however the rows are divided into calls, the bits are the same as after a matrix
 * product followed by Adam. */
static void check_bits(const struct cd_kernels *t, size_t n, size_t inputs, size_t units)
{
    struct layer l = make_layer(t, n, inputs, units);
    const size_t size = inputs * units;
    float *w = copy_of(l.w, size), *m = copy_of(l.m, size), *v = copy_of(l.v, size);
    float *dx = guarded_array(n * inputs, 0);

    l.given.dw = l.dw;
    l.given.dx = dx;
    run_layer(t, &l, inputs);
    l.given.dx = l.dx;
    run_layer(t, &l, draw(1, inputs));
    ck_assert_int_eq(memcmp(dx, l.dx, n * inputs * sizeof *dx), 0);
    t->gemm(1, 0, inputs, units, n, l.x, inputs, l.dy, units, 0, l.dw, units);
    t->adam(&adam, size, l.dw, w, m, v);
    l.given.adam = &adam;
    l.given.m = l.m;
    l.given.v = l.v;
    run_layer(t, &l, draw(1, inputs));
    ck_assert_int_eq(memcmp(dx, l.dx, n * inputs * sizeof *dx), 0);
    ck_assert_int_eq(memcmp(m, l.m, size * sizeof *m), 0);
    ck_assert_int_eq(memcmp(v, l.v, size * sizeof *v), 0);
    ck_assert_int_eq(memcmp(w, l.w, size * sizeof *w), 0);
    free_layer(&l);
    release_guarded(w);
    release_guarded(m);
    release_guarded(v);
    release_guarded(dx);
}

START_TEST(same_bits_as_gradient_then_adam)
{
    const struct cd_kernels *t = kernel_table(_i);

    if (!promises_rows(t))
        return;
    for (int round = 0; round < 10; round++)
        check_bits(t, draw(1, 70), draw(1, 150), draw(1, 150));
    check_bits(t, 64, 300, 512);
    check_bits(t, 300, 61, 40);
    check_bits(t, 200, 30, 600);
}
END_TEST

Suite *suite_dense(void)
{
    Suite *suite = suite_create("dense");
    TCase *tcase = tcase_create("every table");

    tcase_add_unchecked_fixture(tcase, seed_tests, NULL);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, products, 0, kernel_table_count());
    tcase_add_loop_test(tcase, empty_products, 0, kernel_table_count());
    tcase_add_loop_test(tcase, rows_do_not_depend_on_their_number, 0, kernel_table_count());
    tcase_add_loop_test(tcase, gradients, 0, kernel_table_count());
    tcase_add_loop_test(tcase, adam_in_the_same_pass, 0, kernel_table_count());
    tcase_add_loop_test(tcase, same_bits_as_gradient_then_adam, 0, kernel_table_count());
    suite_add_tcase(suite, tcase);
    return suite;
}
