/* SPDX-License-Identifier: MIT
 *
 * Tests every convolution algorithm of every table, and cd_conv_general, against the definition in
 * double precision: each pass that the algorithm supports, on random layers. Arrays are aligned to
 * a float only, end where their contract says, and have guards. The seed is printed;
 * CATDOG_TEST_SEED sets it. */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/conv.h"
#include "support/conv_problem.h"
#include "support/random_arrays.h"

enum { ROUNDS = 24 };

/* ---- errors ---- */

/* The allowed errors. largest: error of an element, in units of epsilon times the largest sum of
 * absolute products. squared: sum of squared errors relative to the sum of squares of the results.
 * kernels/simd/winograd.h states the limits of "winograd", kernels.h the others. */
struct limits {
    double largest, squared;
};

static struct limits limits_of(const struct cd_conv_algorithm *algorithm, size_t terms)
{
    if (strcmp(algorithm->name, "winograd") == 0)
        return (struct limits){16, 1e-11};
    return (struct limits){2.0 * (double)terms, 1e-11};
}

static void compare(const char *what, struct limits limits, const float *got, const double *want,
                    const double *scale, size_t n)
{
    double error = 0, size = 0, most = 0;

    for (size_t i = 0; i < n; i++) {
        most = fmax(most, scale[i]);
        error += (got[i] - want[i]) * (got[i] - want[i]);
        size += want[i] * want[i];
    }
    for (size_t i = 0; i < n; i++) {
        const double allowed = limits.largest * 1.2e-7 * most + 1e-30;
        ck_assert_msg(fabs(got[i] - want[i]) <= allowed,
                      "%s: element %zu of %zu is %.9g instead of %.9g (allowed difference %.3g)",
                      what, i, n, got[i], want[i], allowed);
    }
    /* if there are few results, all may be nearly 0 by cancellation; a relative error then has no
     * meaning */
    if (n >= 16)
        ck_assert_msg(error <= limits.squared * size + 1e-30, "%s: normalised squared error %.3g",
                      what, error / size);
    if (getenv("CATDOG_TEST_ERRORS")) {
        double largest = 0;
        for (size_t i = 0; i < n; i++)
            largest = fmax(largest, fabs(got[i] - want[i]));
        printf("%s: largest %.2f, squared %.2g\n", what, largest / (1.2e-7 * most + 1e-30),
               error / (size + 1e-30));
    }
}

/* ---- one algorithm ---- */

struct run {
    const struct problem *problem;
    const struct cd_conv_algorithm *algorithm;
    struct cd_conv_layer layer; /* layer.kernels is the table under test */
    char what[200];
    size_t kept_size;
    unsigned char *kept; /* what the forward pass keeps, for all images */
    float *dy; /* the gradient dy in the form that the algorithm reads (keeps_activation) */
};

static const char *name_pass(struct run *run, const char *pass)
{
    const struct cd_conv *c = &run->layer.conv;
    const struct cd_window *w = &c->window;

    snprintf(run->what, sizeof run->what,
             "%s %s %s: %zux%zux%zu > %zu, %zux%zu stride %zu %zu, pad %zu %zu %zu %zu, "
             "pool %zu, activation %d",
             run->layer.kernels->name, run->algorithm->name, pass, c->h, c->w, c->ci, c->co, w->kh,
             w->kw, w->sh, w->sw, w->top, w->bottom, w->left, w->right,
             run->layer.pool.co ? run->layer.pool.window.kh : 0, (int)run->layer.activation.kind);
    return run->what;
}

/* Returns the kernel in the form that the pass reads. *n receives its size. */
static float *prepare(const struct run *run, enum cd_conv_pass pass, size_t *n)
{
    float *prepared;

    *n = run->algorithm->prepared(&run->layer, pass);
    if (*n == 0) {
        *n = run->problem->taps;
        prepared = guarded_floats(*n, 0);
        memcpy(prepared, run->problem->kernel, *n * sizeof *prepared);
    } else {
        prepared = guarded_floats(*n, 0);
        run->algorithm->prepare(&run->layer, pass, run->problem->kernel, prepared);
    }
    return prepared;
}

/* Computes rows first .. last-1 of images i .. i+n-1, `blocks` channel blocks in each call. Each
 * call has its own scratch. */
static void forward_rows(const struct run *run, size_t i, size_t n, const float *kernel,
                         size_t first, size_t last, size_t blocks, float *y, unsigned char *kept)
{
    const size_t scratch_size = run->algorithm->scratch(&run->layer, CD_CONV_FORWARD);
    const size_t all = run->algorithm->channel_blocks(&run->layer);

    for (size_t b = 0; b < all; b += blocks) {
        const struct cd_conv_item item = {n, first, last, b, b + blocks < all ? b + blocks : all};
        float *scratch = guarded_floats(scratch_size, 0);
        run->algorithm->forward(&run->layer, &item, run->problem->x + i * run->problem->x_size,
                                kernel, run->problem->bias, y, kept, scratch);
        release_floats(scratch, scratch_size);
    }
}

/* Computes all rows of image i, `step` rows in each call. */
static void forward(const struct run *run, size_t i, const float *kernel, size_t step,
                    size_t blocks, float *y, unsigned char *kept)
{
    const struct cd_conv *conv = &run->layer.conv;
    const size_t rows = run->layer.pool.co ? run->layer.pool.oh : conv->oh;

    for (size_t r = 0; r < rows; r += step)
        forward_rows(run, i, 1, kernel, r, r + step < rows ? r + step : rows, blocks, y, kept);
}

/* Returns 1 if one call may compute any number of rows, also more than rows(), with the same
 * bits. */
static int any_rows(const struct run *run)
{
    return strcmp(run->algorithm->name, "winograd") == 0;
}

/* Returns the number of images to compute in one call: as many as the algorithm allows. */
static size_t together(const struct run *run, enum cd_conv_pass pass)
{
    const size_t most = run->algorithm->images(&run->layer, pass);

    ck_assert_uint_gt(most, 0);
    return most < run->problem->n ? most : run->problem->n;
}

/* Checks that computing several images in one call gives the same bits as one call for each
 * image. */
static void check_forward_together(struct run *run, const float *kernel, const float *y,
                                   size_t rows)
{
    const struct problem *p = run->problem;
    const size_t n = together(run, CD_CONV_FORWARD);
    float *all = guarded_floats(n * p->y_size, 0);
    unsigned char *kept = guarded_bytes(n * run->kept_size);

    forward_rows(run, 0, n, kernel, 0, rows, 2, all, kept);
    ck_assert_mem_eq(all, y, n * p->y_size * sizeof *y);
    ck_assert_mem_eq(kept, run->kept, n * run->kept_size);
    release_floats(all, n * p->y_size);
    release_bytes(kept, n * run->kept_size);
}

static void check_forward(struct run *run)
{
    const struct problem *p = run->problem;
    const size_t terms = p->layer.conv.window.kh * p->layer.conv.window.kw * p->layer.conv.ci;
    const size_t step = run->algorithm->rows(&run->layer, CD_CONV_FORWARD);
    const size_t blocks = run->algorithm->channel_blocks(&run->layer);
    size_t kernel_size;
    const size_t rows = p->layer.pool.co ? p->layer.pool.oh : p->layer.conv.oh;
    float *kernel = prepare(run, CD_CONV_FORWARD, &kernel_size);
    float *ys = guarded_floats(p->n * p->y_size, 0);

    name_pass(run, "forward");
    ck_assert_uint_gt(step, 0);
    ck_assert_uint_gt(blocks, 0);
    for (size_t i = 0; i < p->n; i++) {
        float *y = guarded_floats(p->y_size, 0), *again = guarded_floats(p->y_size, 0);
        unsigned char *kept = guarded_bytes(run->kept_size);
        unsigned char *kept_again = guarded_bytes(run->kept_size);
        forward(run, i, kernel, step, blocks, y, kept);
        compare(run->what, limits_of(run->algorithm, terms), y, p->of[i].y, p->of[i].y_scale,
                p->y_size);
        forward(run, i, kernel, any_rows(run) ? 5 * step : step, blocks, again, NULL);
        ck_assert_mem_eq(y, again, p->y_size * sizeof *y);
        memset(again, 0, p->y_size * sizeof *again);
        forward(run, i, kernel, step, 1, again, kept_again);
        ck_assert_mem_eq(y, again, p->y_size * sizeof *y);
        ck_assert_mem_eq(kept, kept_again, run->kept_size);
        memcpy(run->kept + i * run->kept_size, kept, run->kept_size);
        memcpy(ys + i * p->y_size, y, p->y_size * sizeof *y);
        release_floats(y, p->y_size);
        release_floats(again, p->y_size);
        release_bytes(kept, run->kept_size);
        release_bytes(kept_again, run->kept_size);
    }
    if (together(run, CD_CONV_FORWARD) > 1)
        check_forward_together(run, kernel, ys, rows);
    release_floats(ys, p->n * p->y_size);
    release_floats(kernel, kernel_size);
}

/* Computes dx of the first image, `step` rows in each call. */
static void backward_data(const struct run *run, const float *kernel, size_t step, float *dx)
{
    const size_t rows = run->layer.conv.h;
    const size_t scratch_size = run->algorithm->scratch(&run->layer, CD_CONV_BACKWARD_DATA);

    for (size_t r = 0; r < rows; r += step) {
        const struct cd_conv_item item = {
            .n = 1, .first = r, .last = r + step < rows ? r + step : rows};
        float *scratch = guarded_floats(scratch_size, 0);
        run->algorithm->backward_data(&run->layer, &item, run->dy, run->kept, kernel, dx,
                                      scratch);
        release_floats(scratch, scratch_size);
    }
}

static void check_backward_data_together(const struct run *run, const float *kernel,
                                         const float *dx)
{
    const struct problem *p = run->problem;
    const size_t n = together(run, CD_CONV_BACKWARD_DATA), rows = run->layer.conv.h;
    const size_t scratch_size = run->algorithm->scratch(&run->layer, CD_CONV_BACKWARD_DATA);
    float *scratch = guarded_floats(scratch_size, 0), *all = guarded_floats(n * p->x_size, 0);
    float *last = guarded_floats(p->x_size, 0);

    const struct cd_conv_item every = {.n = n, .last = rows}, one = {.n = 1, .last = rows};

    run->algorithm->backward_data(&run->layer, &every, run->dy, run->kept, kernel, all, scratch);
    ck_assert_mem_eq(all, dx, p->x_size * sizeof *dx);
    run->algorithm->backward_data(&run->layer, &one, run->dy + (n - 1) * p->y_size,
                                  run->kept + (n - 1) * run->kept_size, kernel, last, scratch);
    ck_assert_mem_eq(all + (n - 1) * p->x_size, last, p->x_size * sizeof *dx);
    release_floats(scratch, scratch_size);
    release_floats(all, n * p->x_size);
    release_floats(last, p->x_size);
}

static void check_backward_data(struct run *run)
{
    const struct problem *p = run->problem;
    const struct cd_conv *conv = &p->layer.conv;
    const size_t step = run->algorithm->rows(&run->layer, CD_CONV_BACKWARD_DATA);
    size_t kernel_size;
    float *kernel = prepare(run, CD_CONV_BACKWARD_DATA, &kernel_size);
    float *dx = guarded_floats(p->x_size, 0);

    name_pass(run, "backward data");
    ck_assert_uint_gt(step, 0);
    backward_data(run, kernel, step, dx);
    if (any_rows(run)) {
        float *again = guarded_floats(p->x_size, 0);
        backward_data(run, kernel, 3 * step, again);
        ck_assert_mem_eq(dx, again, p->x_size * sizeof *dx);
        release_floats(again, p->x_size);
    }
    if (together(run, CD_CONV_BACKWARD_DATA) > 1)
        check_backward_data_together(run, kernel, dx);
    compare(run->what, limits_of(run->algorithm, conv->window.kh * conv->window.kw * conv->co), dx,
            p->dx, p->dx_scale, p->x_size);
    release_floats(dx, p->x_size);
    release_floats(kernel, kernel_size);
}

/* Computes all gradient blocks. Each call has its own scratch. */
static void backward_kernel(const struct run *run, float *dkernel, float *dbias)
{
    const struct problem *p = run->problem;
    const size_t scratch_size = run->algorithm->scratch(&run->layer, CD_CONV_BACKWARD_KERNEL);
    const size_t blocks = run->algorithm->gradient_blocks(&run->layer);

    ck_assert_uint_gt(blocks, 0);
    for (size_t block = blocks; block-- > 0;) {
        float *scratch = guarded_floats(scratch_size, 0);
        run->algorithm->backward_kernel(&run->layer, block, p->n, p->x, run->dy, run->kept, dkernel,
                                        dbias, scratch);
        release_floats(scratch, scratch_size);
    }
}

static void check_backward_kernel(struct run *run)
{
    const struct problem *p = run->problem;
    const struct cd_conv *conv = &p->layer.conv;
    const struct limits limits = limits_of(run->algorithm, p->n * conv->oh * conv->ow);
    float *dkernel = guarded_floats(p->taps, 0), *dbias = guarded_floats(conv->co, 0);
    float *alone = guarded_floats(p->taps, 0);

    name_pass(run, "backward kernel");
    backward_kernel(run, dkernel, dbias);
    compare(run->what, limits, dkernel, p->dkernel, p->dkernel_scale, p->taps);
    compare(name_pass(run, "bias"), limits, dbias, p->dbias, p->dbias_scale, conv->co);
    backward_kernel(run, alone, NULL);
    ck_assert_mem_eq(dkernel, alone, p->taps * sizeof *dkernel);
    release_floats(dkernel, p->taps);
    release_floats(dbias, conv->co);
    release_floats(alone, p->taps);
}

static void check_algorithm(const struct problem *p, const struct cd_kernels *kernels,
                            const struct cd_conv_algorithm *algorithm)
{
    struct run run = {.problem = p, .algorithm = algorithm, .layer = p->layer};

    run.layer.kernels = kernels;
    if (!(algorithm->cost(&run.layer, CD_CONV_FORWARD) > 0))
        return;
    run.kept_size = algorithm->kept(&run.layer);
    run.kept = malloc(p->n * run.kept_size + !run.kept_size);
    run.dy = guarded_floats(p->n * p->y_size, 1);
    for (size_t i = 0; i < p->n * p->y_size; i++)
        run.dy[i] = algorithm->keeps_activation(&run.layer)
                        ? p->dy[i]
                        : p->dy[i] * (float)p->of[i / p->y_size].slope[i % p->y_size];
    kernels->enter();
    check_forward(&run);
    if (algorithm->cost(&run.layer, CD_CONV_BACKWARD_DATA) > 0)
        check_backward_data(&run);
    if (algorithm->cost(&run.layer, CD_CONV_BACKWARD_KERNEL) > 0)
        check_backward_kernel(&run);
    kernels->leave();
    release_floats(run.dy, p->n * p->y_size);
    free(run.kept);
}

/* Calls `check` for each algorithm of each table that this CPU can run. */
static void for_algorithms(const struct problem *p,
                           void (*check)(const struct problem *, const struct cd_kernels *,
                                         const struct cd_conv_algorithm *))
{
    for (size_t i = 0; i < cd_kernels_count(); i++) {
        const struct cd_kernels *kernels = cd_kernels_at(i);
        if (!cd_kernels_run_here(i))
            continue;
        check(p, kernels, &cd_conv_general);
        for (size_t k = 0; kernels->conv_algorithms[k]; k++)
            check(p, kernels, kernels->conv_algorithms[k]);
    }
}

START_TEST(random_layers)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct problem p = {.layer = draw_conv_layer()};
        fill_problem(&p);
        for_algorithms(&p, check_algorithm);
        free_problem(&p);
    }
}
END_TEST

/* Small feature maps with many channels need several images in a call, several gradient blocks, and
 * sums of more than one chunk. */
START_TEST(small_maps_with_many_channels)
{
    for (int round = 0; round < 8; round++) {
        const size_t size = round % 2 ? 3 : 1 + draw(0, 2) * 2, stride = round % 2 ? 1 : draw(1, 2);
        const struct cd_window window = {size,     size,     stride,   stride,
                                         size / 2, size / 2, size / 2, size / 2};
        struct problem p = {0};
        p.layer.activation.kind = draw(0, 1) ? CNN_ACTIVATION_RELU : CNN_ACTIVATION_NONE;
        p.layer.conv =
            window_over(draw(5, 9), draw(5, 9), draw(100, 230), draw(100, 230), window);
        if (size == 3 && stride == 1 && draw(0, 1))
            p.layer.pool = window_over(p.layer.conv.oh, p.layer.conv.ow, p.layer.conv.co,
                                       p.layer.conv.co, (struct cd_window){2, 2, 2, 2, 0, 0, 0, 0});
        fill_problem(&p);
        for_algorithms(&p, check_algorithm);
        free_problem(&p);
    }
}
END_TEST

/* If all elements of a pooling window are equal, the first one is the winner, unless ReLU passes no
 * gradient. */
START_TEST(first_of_equals)
{
    for (int round = 0; round < ROUNDS / 2; round++) {
        struct problem p = {.layer = draw_conv_layer(), .equal = 1};
        fill_problem(&p);
        for_algorithms(&p, check_algorithm);
        free_problem(&p);
    }
}
END_TEST

/* Checks the effect of a single NaN in x. All outputs whose window contains it are NaN. Within two
 * tiles of 6 x 6 elements, other outputs may also be NaN, but not farther away. ReLU passes no
 * gradient where its output is NaN. */
static void check_nan(const struct problem *p, const struct cd_kernels *kernels,
                      const struct cd_conv_algorithm *algorithm)
{
    struct run run = {.problem = p, .algorithm = algorithm, .layer = p->layer};
    /* position of the NaN: rows and columns 3 .. 5 of the output depend on it */
    const size_t place = 5 - p->layer.conv.window.top;
    const size_t low = p->layer.pool.co ? 1 : 3, high = p->layer.pool.co ? 2 : 5;
    const size_t at = place * (p->layer.conv.w + 1) * p->layer.conv.ci;
    size_t kernel_size;

    run.layer.kernels = kernels;
    if (!(algorithm->cost(&run.layer, CD_CONV_FORWARD) > 0))
        return;
    run.kept_size = algorithm->kept(&run.layer);
    run.kept = guarded_bytes(run.kept_size);
    run.dy = guarded_floats(p->y_size, 0);
    const float before = p->x[at];
    p->x[at] = NAN;
    float *kernel = prepare(&run, CD_CONV_FORWARD, &kernel_size), *y = guarded_floats(p->y_size, 0);
    kernels->enter();
    forward(&run, 0, kernel, algorithm->rows(&run.layer, CD_CONV_FORWARD),
            algorithm->channel_blocks(&run.layer), y, run.kept);
    const struct cd_conv *out = p->layer.pool.co ? &p->layer.pool : &p->layer.conv;
    for (size_t i = 0; i < p->y_size; i++) {
        const size_t row = i / out->co / out->ow, column = i / out->co % out->ow;
        const int seen = row >= low && row <= high && column >= low && column <= high;
        ck_assert_msg(!seen || isnan(y[i]), "%s: output %zu is %g", name_pass(&run, "NaN"), i,
                      y[i]);
        ck_assert_msg(row < 8 || !isnan(y[i]), "%s: output %zu", name_pass(&run, "NaN"), i);
        run.dy[i] = isnan(y[i]) ? 1.0f : 0.0f;
    }
    if (algorithm->keeps_activation(&run.layer) &&
        algorithm->cost(&run.layer, CD_CONV_BACKWARD_DATA) > 0) {
        float *dx = guarded_floats(p->x_size, 0);
        size_t back_size;
        float *back = prepare(&run, CD_CONV_BACKWARD_DATA, &back_size);
        backward_data(&run, back, algorithm->rows(&run.layer, CD_CONV_BACKWARD_DATA), dx);
        for (size_t i = 0; i < p->x_size; i++)
            ck_assert_msg(dx[i] == 0.0f, "%s: gradient %g", name_pass(&run, "NaN"), dx[i]);
        release_floats(back, back_size);
        release_floats(dx, p->x_size);
    }
    kernels->leave();
    p->x[at] = before;
    release_floats(y, p->y_size);
    release_floats(kernel, kernel_size);
    release_floats(run.dy, p->y_size);
    release_bytes(run.kept, run.kept_size);
}

START_TEST(nan_wins)
{
    for (int round = 0; round < 8; round++) {
        struct problem p = {0};
        const size_t pad = draw(0, 1);
        const struct cd_window window = {3, 3, 1, 1, pad, pad, pad, pad};
        const struct cd_window pool = {2, 2, 2, 2, 0, 0, 0, 0};
        p.layer.activation.kind = CNN_ACTIVATION_RELU;
        p.layer.conv = window_over(26, 14, round % 2 ? 3 : 10, draw(1, 40), window);
        if (round & 2)
            p.layer.pool = window_over(p.layer.conv.oh, p.layer.conv.ow, p.layer.conv.co,
                                       p.layer.conv.co, pool);
        fill_problem(&p);
        for_algorithms(&p, check_nan);
        free_problem(&p);
    }
}
END_TEST

Suite *suite_conv_algorithms(void)
{
    Suite *suite = suite_create("conv_algorithms");
    TCase *tcase = tcase_create("against the definition");

    tcase_set_timeout(tcase, 240);
    tcase_add_checked_fixture(tcase, seed_tests, NULL);
    tcase_add_test(tcase, random_layers);
    tcase_add_test(tcase, small_maps_with_many_channels);
    tcase_add_test(tcase, first_of_equals);
    tcase_add_test(tcase, nan_wins);
    suite_add_tcase(suite, tcase);
    return suite;
}
