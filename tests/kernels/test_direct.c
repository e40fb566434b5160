/* SPDX-License-Identifier: MIT
 *
 * Tests the algorithm "direct" (kernels/simd/direct.h) more closely than test_conv_algorithms.c
 * tests every algorithm: rows longer than a strip, many windows and strides, the winners that it
 * keeps, NaN and infinity, equal elements in a pooling window, and tighter error bounds. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/conv.h"
#include "support/double_conv.h"
#include "support/random_arrays.h"

enum { ROUNDS = 20, IMAGES = 2, DEAD = 4 };

/* Largest allowed errors in units of epsilon times the largest sum of absolute products, as
 * direct.h states them. */
static const double FORWARD_LIMIT = 4, KERNEL_LIMIT = 4;

/* ---- layers ---- */

static const struct cd_conv_algorithm *direct_of(const struct cd_kernels *kernels)
{
    const struct cd_conv_algorithm *const *at = kernels->conv_algorithms;

    while (*at && strcmp((*at)->name, "direct") != 0)
        at++;
    return *at;
}

static size_t steps(size_t size, size_t before, size_t after, size_t window, size_t stride)
{
    return (size + before + after - window) / stride + 1;
}

static struct cd_conv_layer layer_of(size_t h, size_t w, size_t ci, size_t co,
                                     struct cd_window window, int pooled, int relu)
{
    struct cd_conv_layer layer = {.conv = {h, w, ci, 0, 0, co, window}};
    struct cd_conv *conv = &layer.conv, *pool = &layer.pool;

    conv->oh = steps(h, window.top, window.bottom, window.kh, window.sh);
    conv->ow = steps(w, window.left, window.right, window.kw, window.sw);
    layer.activation.kind = relu ? CNN_ACTIVATION_RELU : CNN_ACTIVATION_NONE;
    if (pooled && conv->oh > 1 && conv->ow > 1)
        *pool = (struct cd_conv){conv->oh, conv->ow, co, conv->oh / 2, conv->ow / 2, co,
                                 {2, 2, 2, 2, 0, 0, 0, 0}};
    return layer;
}

static struct cd_conv_layer draw_layer(void)
{
    const size_t channels[] = {1, 3, 8, 16, 24, 33, 64, 100};
    struct cd_window window = {3, 3, 1, 1, draw(0, 2), draw(0, 2), draw(0, 2), draw(0, 2)};

    if (draw(0, 1)) {
        window.kh = draw(1, 7), window.kw = draw(1, 7);
        window.sh = draw(1, 3), window.sw = draw(1, 3);
        window.top = draw(0, window.kh - 1), window.bottom = draw(0, window.kh - 1);
        window.left = draw(0, window.kw - 1), window.right = draw(0, window.kw - 1);
    }
    return layer_of(draw(7, 12), draw(0, 2) ? draw(30, 130) : draw(7, 9), draw(1, 4),
                    channels[draw(0, sizeof channels / sizeof *channels - 1)], window,
                    draw(0, 2) > 0, (int)draw(0, 1));
}

/* ---- a layer computed by one table ---- */

struct run {
    const struct cd_conv_algorithm *direct;
    struct cd_conv_layer layer;
    size_t x_size, y_size, kept_size, taps;
    float *x, *kernel, *bias, *y;
    unsigned char *kept;
};

static void *block(size_t n, size_t size)
{
    void *at = calloc(n ? n : 1, size);
    ck_assert_ptr_nonnull(at);
    return at;
}

static float *values(size_t n, int random)
{
    float *at = block(n, sizeof *at);
    for (size_t i = 0; random && i < n; i++)
        at[i] = draw_value();
    return at;
}

static struct run make_run(const struct cd_kernels *kernels, struct cd_conv_layer layer, size_t n,
                           int random)
{
    const struct cd_conv *conv = &layer.conv, *out = layer.pool.co ? &layer.pool : conv;
    struct run run = {.direct = direct_of(kernels), .layer = layer};

    run.layer.kernels = kernels;
    ck_assert_msg(run.direct->cost(&run.layer, CD_CONV_FORWARD) > 0, "not taken");
    ck_assert(!(run.direct->cost(&run.layer, CD_CONV_BACKWARD_DATA) > 0));
    run.x_size = conv->h * conv->w * conv->ci;
    run.y_size = out->oh * out->ow * out->co;
    run.taps = conv->window.kh * conv->window.kw * conv->ci * conv->co;
    run.kept_size = run.direct->kept(&run.layer);
    ck_assert_uint_eq(run.kept_size, layer.pool.co ? run.y_size : 0);
    run.x = values(n * run.x_size, random);
    run.kernel = values(run.taps, random), run.bias = values(conv->co, random);
    run.y = values(n * run.y_size, 0);
    run.kept = block(n * run.kept_size, 1);
    return run;
}

static void free_run(struct run *run)
{
    free(run->x);
    free(run->kernel);
    free(run->bias);
    free(run->y);
    free(run->kept);
}

static void forward(struct run *run, size_t image)
{
    const struct cd_conv_algorithm *direct = run->direct;
    const size_t step = direct->rows(&run->layer, CD_CONV_FORWARD);
    const size_t rows = run->layer.pool.co ? run->layer.pool.oh : run->layer.conv.oh;
    float *prepared = values(direct->prepared(&run->layer, CD_CONV_FORWARD), 0);
    float *scratch = values(direct->scratch(&run->layer, CD_CONV_FORWARD), 0);

    direct->prepare(&run->layer, CD_CONV_FORWARD, run->kernel, prepared);
    for (size_t r = 0; r < rows; r += step) {
        const struct cd_conv_item item = {
            .n = 1, .first = r, .last = r + step < rows ? r + step : rows, .last_block = 1};
        direct->forward(&run->layer, &item, run->x + image * run->x_size, prepared, run->bias,
                        run->y + image * run->y_size, run->kept + image * run->kept_size,
                        scratch);
    }
    free(prepared);
    free(scratch);
}

/* Computes dkernel (kh kw ci x co) and dbias (co) from n images. */
static void backward(struct run *run, size_t n, const float *dy, float *dkernel, float *dbias)
{
    float *scratch = values(run->direct->scratch(&run->layer, CD_CONV_BACKWARD_KERNEL), 0);

    run->direct->backward_kernel(&run->layer, 0, n, run->x, dy, run->kept, dkernel, dbias,
                                 scratch);
    free(scratch);
}

/* ---- against the definition ---- */

static void compare(const char *what, const struct run *run, double limit, const float *got,
                    const double *want, const double *scale, size_t n)
{
    const struct cd_conv *c = &run->layer.conv;
    double most = 0, largest = 0;

    for (size_t i = 0; i < n; i++)
        most = fmax(most, scale[i]);
    for (size_t i = 0; i < n; i++) {
        const double error = fabs(got[i] - want[i]);
        largest = fmax(largest, error);
        ck_assert_msg(error <= limit * 1.2e-7 * most + 1e-30,
                      "%s %s %zux%zux%zu > %zu, %zux%zu: element %zu is %.9g instead of %.9g",
                      run->layer.kernels->name, what, c->h, c->w, c->ci, c->co, c->window.kh,
                      c->window.kw, i, got[i], want[i]);
    }
    if (getenv("CATDOG_TEST_ERRORS"))
        printf("%s %s: largest %.2f\n", run->layer.kernels->name, what,
               largest / (1.2e-7 * most + 1e-30));
}

/* Checks that `kept` names the winner of each window by the definition, or DEAD if ReLU passes no
 * gradient. */
static void check_kept(const struct run *run, const struct double_conv *of,
                       const unsigned char *kept)
{
    const struct cd_conv *pool = &run->layer.pool;

    for (size_t i = 0; i < run->kept_size; i++) {
        const size_t q = i / pool->co % pool->ow, r = i / pool->co / pool->ow;
        const size_t at = of->winner[i] / pool->co;
        const size_t index = (at / pool->w - 2 * r) * 2 + at % pool->w - 2 * q;
        if (!of->doubtful[i])
            ck_assert_uint_eq(kept[i], of->slope[i] == 0 ? DEAD : index);
    }
}

static void check_layer(const struct cd_kernels *kernels, struct cd_conv_layer layer)
{
    const struct cd_conv *conv = &layer.conv;
    struct run run = make_run(kernels, layer, IMAGES, 1);
    float *dy = values(IMAGES * run.y_size, 1);
    float *dkernel = values(run.taps, 0), *dbias = values(conv->co, 0);
    double *gradient = block(conv->oh * conv->ow * conv->co, sizeof *gradient);
    double *want = block(run.taps, sizeof *want), *scale = block(run.taps, sizeof *scale);
    double *want_bias = block(conv->co, sizeof *want_bias);
    double *scale_bias = block(conv->co, sizeof *scale_bias);

    for (size_t i = 0; i < IMAGES; i++) {
        struct double_conv of;
        float *gradients = dy + i * run.y_size;
        double_conv_forward(&layer, run.x + i * run.x_size, run.kernel, run.bias, &of);
        forward(&run, i);
        compare("forward", &run, FORWARD_LIMIT, run.y + i * run.y_size, of.y, of.y_scale,
                run.y_size);
        check_kept(&run, &of, run.kept + i * run.kept_size);
        for (size_t k = 0; k < run.y_size; k++)
            gradients[k] = of.doubtful[k] ? 0.0f : gradients[k];
        double_conv_gradient(&layer, &of, gradients, gradient);
        double_conv_backward_kernel(conv, run.x + i * run.x_size, gradient, want, scale, want_bias,
                                    scale_bias);
        for (size_t k = 0; !run.direct->keeps_activation(&layer) && k < run.y_size; k++)
            gradients[k] *= (float)of.slope[k];
        double_conv_free(&of);
    }
    backward(&run, IMAGES, dy, dkernel, dbias);
    compare("backward kernel", &run, KERNEL_LIMIT, dkernel, want, scale, run.taps);
    compare("bias", &run, KERNEL_LIMIT, dbias, want_bias, scale_bias, conv->co);

    double *const doubles[] = {gradient, want, scale, want_bias, scale_bias};
    float *const floats[] = {dy, dkernel, dbias};
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++)
        free(doubles[i]);
    for (size_t i = 0; i < sizeof floats / sizeof *floats; i++)
        free(floats[i]);
    free_run(&run);
}

/* ---- the tests, for each table with this algorithm ---- */

static void for_tables(void (*check)(const struct cd_kernels *kernels, struct cd_conv_layer layer),
                       struct cd_conv_layer layer)
{
    for (size_t i = 0; i < cd_kernels_count(); i++)
        if (cd_kernels_run_here(i) && direct_of(cd_kernels_at(i)))
            check(cd_kernels_at(i), layer);
}

static const struct cd_window three = {3, 3, 1, 1, 0, 0, 0, 0},
                              two_apart = {3, 3, 2, 2, 1, 1, 1, 1};

START_TEST(random_layers)
{
    for (int round = 0; round < ROUNDS; round++)
        for_tables(check_layer, draw_layer());
}
END_TEST

START_TEST(first_layers)
{
    for_tables(check_layer, layer_of(12, 125, 3, 24, three, 1, 1));
    for_tables(check_layer, layer_of(11, 125, 3, 64, three, 0, 1));
    for_tables(check_layer, layer_of(12, 125, 3, 16, two_apart, 0, 1));
    for_tables(check_layer, layer_of(3, 3, 3, 5, three, 0, 0));
    for_tables(check_layer, layer_of(1, 1, 1, 1, (struct cd_window){3, 3, 1, 1, 1, 1, 1, 1}, 0, 1));
}
END_TEST

/* Checks that a NaN in x makes all outputs NaN that depend on it. With pooling, no other output is
 * NaN. */
static void check_nan(const struct cd_kernels *kernels, struct cd_conv_layer layer)
{
    const float bad[] = {NAN, INFINITY, -INFINITY};

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct run run = make_run(kernels, layer, 1, 1);
        const struct cd_conv *conv = &layer.conv, *out = layer.pool.co ? &layer.pool : conv;
        const size_t side = layer.pool.co ? 2 : 1, at = draw(0, run.x_size - 1);
        const size_t row = at / conv->ci / conv->w, column = at / conv->ci % conv->w;
        run.x[at] = bad[i];
        forward(&run, 0);
        for (size_t k = 0; k < run.y_size; k++) {
            const size_t r = k / out->co / out->ow * side * conv->window.sh;
            const size_t q = k / out->co % out->ow * side * conv->window.sw;
            const size_t down = (side - 1) * conv->window.sh + conv->window.kh;
            const size_t across = (side - 1) * conv->window.sw + conv->window.kw;
            const int inside = row + conv->window.top - r < down &&
                               column + conv->window.left - q < across;
            if (inside && isnan(bad[i]))
                ck_assert(isnan(run.y[k]) && (!layer.pool.co || run.kept[k] == DEAD));
            if (!inside && layer.pool.co)
                ck_assert(isfinite(run.y[k]));
        }
        free_run(&run);
    }
}

START_TEST(nan_wins)
{
    for (int round = 0; round < ROUNDS; round++) {
        for_tables(check_nan, layer_of(8, 70, 3, 20, three, 1, 1));
        for_tables(check_nan, layer_of(8, 37, 3, 20, three, 0, 1));
        for_tables(check_nan, layer_of(9, 30, 2, 7, two_apart, 1, 1));
    }
}
END_TEST

/* Checks that a NaN in a kernel or bias makes all outputs of its channel NaN, and none of other
 * channels. */
static void check_nan_weight(const struct cd_kernels *kernels, struct cd_conv_layer layer)
{
    for (int of_bias = 0; of_bias < 2; of_bias++) {
        struct run run = make_run(kernels, layer, 1, 1);
        const size_t channel = draw(0, layer.conv.co - 1);
        if (of_bias)
            run.bias[channel] = NAN;
        else
            run.kernel[draw(0, run.taps / layer.conv.co - 1) * layer.conv.co + channel] = NAN;
        forward(&run, 0);
        for (size_t k = 0; k < run.y_size; k++)
            ck_assert(!isnan(run.y[k]) == (k % layer.conv.co != channel));
        free_run(&run);
    }
}

START_TEST(nan_weights)
{
    for_tables(check_nan_weight, layer_of(8, 40, 3, 20, three, 1, 1));
    for_tables(check_nan_weight, layer_of(8, 40, 3, 20, two_apart, 0, 1));
}
END_TEST

/* Checks the winners if x is 0, so that all four elements of a pooling window are equal to the
 * bias: the first one wins. If the bias is not above 0, ReLU passes no gradient. */
static void check_ties(const struct cd_kernels *kernels, struct cd_conv_layer layer)
{
    struct run run = make_run(kernels, layer, 1, 0);
    const float biases[] = {0.0f, -0.0f, 1.0f, -1.0f};
    const int relu = layer.activation.kind == CNN_ACTIVATION_RELU;

    for (size_t o = 0; o < layer.conv.co; o++)
        run.bias[o] = biases[o % 4];
    forward(&run, 0);
    for (size_t k = 0; k < run.y_size; k++) {
        const float bias = biases[k % layer.conv.co % 4];
        const float want = relu && bias < 0 ? 0 : bias;
        ck_assert(run.y[k] == want);
        ck_assert_uint_eq(run.kept[k], relu && !(bias > 0) ? DEAD : 0);
    }
    free_run(&run);
}

START_TEST(ties)
{
    for (int relu = 0; relu < 2; relu++) {
        for_tables(check_ties, layer_of(8, 70, 3, 20, three, 1, relu));
        for_tables(check_ties, layer_of(9, 30, 3, 20, two_apart, 1, relu));
    }
}
END_TEST

/* Checks that ReLU passes no gradient, however large, where its output is 0. */
static void check_dead(const struct cd_kernels *kernels, struct cd_conv_layer layer)
{
    struct run run = make_run(kernels, layer, 1, 1);
    float *dy = values(run.y_size, 0), *dkernel = values(run.taps, 1);
    float *dbias = values(layer.conv.co, 1);

    forward(&run, 0);
    for (size_t k = 0; k < run.y_size; k++)
        dy[k] = run.y[k] > 0 ? 0.0f : 1e30f;
    backward(&run, 1, dy, dkernel, dbias);
    for (size_t k = 0; k < run.taps; k++)
        ck_assert(dkernel[k] == 0.0f);
    for (size_t o = 0; o < layer.conv.co; o++)
        ck_assert(dbias[o] == 0.0f);
    free(dy);
    free(dkernel);
    free(dbias);
    free_run(&run);
}

START_TEST(dead)
{
    for_tables(check_dead, layer_of(10, 50, 3, 20, three, 1, 1));
}
END_TEST

Suite *suite_direct(void)
{
    Suite *suite = suite_create("direct");
    TCase *tcase = tcase_create("direct");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, seed_tests, NULL);
    tcase_add_test(tcase, random_layers);
    tcase_add_test(tcase, first_layers);
    tcase_add_test(tcase, nan_wins);
    tcase_add_test(tcase, nan_weights);
    tcase_add_test(tcase, ties);
    tcase_add_test(tcase, dead);
    suite_add_tcase(suite, tcase);
    return suite;
}
