/* SPDX-License-Identifier: MIT
 *
 * Measures the time of each kernel of each table. If CATDOG_TEST_BENCH is set, `build/tests/check
 * kernel_times` prints the best time of several runs for each kernel. Otherwise each kernel runs
 * once, and nothing is printed. Other benchmarks: catdog bench and tests/programs/bench_conv.c for
 * convolution layers, bench_dense.c for dense layers. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/clock.h"
#include "kernels/kernels.h"
#include "support/kernel_tables.h"
#include "support/random_arrays.h"

/* Sizes: feature maps of 24 x 32 x 64 for 8 images (393,216 elements), and matrix products of 128 x
 * 128 x 128. */
enum { ROWS = 24, COLUMNS = 32, C = 64, IMAGES = 8, PLACES = ROWS * COLUMNS };
enum { VALUES = IMAGES * PLACES * C, SIDE = 128, RUNS = 15 };

struct work {
    const struct cd_kernels *t;
    struct cd_conv conv, pool;
    struct cd_activation relu, sigmoid;
    struct cd_adam adam;
    struct cd_dense_backward dense;
    float *a, *b, *c, *d, *kernel, *scratch, *prepared;
    uint32_t *winner;
    double sums[2 * C];
};

static void gemm(struct work *w)
{
    w->t->gemm(0, 0, SIDE, SIDE, SIDE, w->a, SIDE, w->b, SIDE, 0, w->c, SIDE);
}

static void dense_backward(struct work *w)
{
    w->t->dense_prepare(&w->dense, w->prepared);
    w->t->dense_backward(&w->dense, 0, SIDE);
}

static void conv_forward(struct work *w)
{
    w->t->conv_forward(&w->conv, w->relu, w->a, w->kernel, NULL, 0, ROWS, w->c, w->scratch);
}

static void conv_backward_data(struct work *w)
{
    w->t->conv_backward_data(&w->conv, w->a, w->kernel, w->c, w->scratch);
}

static void conv_backward_kernel(struct work *w)
{
    w->t->conv_backward_kernel(&w->conv, w->a, w->b, w->c, NULL, w->scratch);
}

static void max_pool_forward(struct work *w)
{
    w->t->max_pool_forward(&w->pool, w->a, w->c, w->winner);
}

static void max_pool_backward(struct work *w)
{
    w->t->max_pool_backward(&w->pool, w->b, w->winner, w->c);
}

static void average_pool_forward(struct work *w)
{
    w->t->average_pool_forward(&w->pool, w->a, w->c);
}

static void average_pool_backward(struct work *w)
{
    w->t->average_pool_backward(&w->pool, w->b, w->c);
}

static void relu_forward(struct work *w)
{
    w->t->activation_forward(w->relu, VALUES / C, C, w->kernel, w->a, w->c);
}

static void relu_backward(struct work *w)
{
    w->t->activation_backward(w->relu, VALUES / C, C, w->a, w->b, w->c);
}

static void sigmoid_forward(struct work *w)
{
    w->t->activation_forward(w->sigmoid, VALUES / C, C, w->kernel, w->a, w->c);
}

static void batch_norm_sums(struct work *w)
{
    w->t->batch_norm_sums(VALUES / C, C, w->a, w->sums);
}

static void batch_norm_forward(struct work *w)
{
    w->t->batch_norm_forward(w->relu, VALUES / C, C, w->a, w->kernel, w->b, w->c);
}

static void batch_norm_backward_sums(struct work *w)
{
    w->t->batch_norm_backward_sums(VALUES / C, C, w->a, NULL, w->kernel, w->b, w->sums);
}

static void batch_norm_backward(struct work *w)
{
    w->t->batch_norm_backward(VALUES / C, C, w->a, w->kernel, w->kernel, w->b, w->c);
}

static void add(struct work *w)
{
    w->t->add(VALUES, w->a, w->b, w->c);
}

static void add_relu(struct work *w)
{
    w->t->add_activated(w->relu, VALUES, w->a, w->b, w->c);
}

static void dropout(struct work *w)
{
    w->t->dropout(VALUES, 1, 0, 0.5f, w->a, w->c);
}

static void adam(struct work *w)
{
    w->t->adam(&w->adam, VALUES, w->a, w->b, w->c, w->d);
}

static void sgd(struct work *w)
{
    w->t->sgd(0.01f, 0.9f, 0, VALUES, w->a, w->b, w->c);
}

#define CONV_MULTIPLY_ADDS ((double)PLACES * C * 9 * C)
#define DENSE_MULTIPLY_ADDS ((double)SIDE * SIDE * SIDE)

/* The measured kernels. multiply_adds: number of multiply-adds in one call, or 0 if memory limits
 * the speed of the kernel. values: number of floats that it then reads and writes. */
static const struct kernel {
    const char *name;
    void (*run)(struct work *work);
    double multiply_adds, values;
} kernels[] = {
    {"gemm", gemm, DENSE_MULTIPLY_ADDS, 0},
    {"dense_backward", dense_backward, 2 * DENSE_MULTIPLY_ADDS, 0},
    {"conv_forward", conv_forward, CONV_MULTIPLY_ADDS, 0},
    {"conv_backward_data", conv_backward_data, CONV_MULTIPLY_ADDS, 0},
    {"conv_backward_kernel", conv_backward_kernel, CONV_MULTIPLY_ADDS, 0},
    {"max_pool_forward", max_pool_forward, 0, PLACES *C * 1.5},
    {"max_pool_backward", max_pool_backward, 0, PLACES *C * 1.5},
    {"average_pool_forward", average_pool_forward, 0, PLACES *C * 1.25},
    {"average_pool_backward", average_pool_backward, 0, PLACES *C * 1.25},
    {"activation_forward relu", relu_forward, 0, VALUES * 2},
    {"activation_backward relu", relu_backward, 0, VALUES * 3},
    {"activation_forward sigmoid", sigmoid_forward, 0, VALUES * 2},
    {"batch_norm_sums", batch_norm_sums, 0, VALUES},
    {"batch_norm_forward", batch_norm_forward, 0, VALUES * 3},
    {"batch_norm_backward_sums", batch_norm_backward_sums, 0, VALUES * 2},
    {"batch_norm_backward", batch_norm_backward, 0, VALUES * 3},
    {"add", add, 0, VALUES * 3},
    {"add_activated relu", add_relu, 0, VALUES * 3},
    {"dropout", dropout, 0, VALUES * 2},
    {"adam", adam, 0, VALUES * 7},
    {"sgd", sgd, 0, VALUES * 5},
};

static void print_time(const char *table, const struct kernel *kernel, double seconds)
{
    printf("%-10s %-28s %9.1f us  ", table, kernel->name, 1e6 * seconds);
    if (kernel->multiply_adds > 0)
        printf("%7.1f GFLOP/s\n", 2e-9 * kernel->multiply_adds / seconds);
    else
        printf("%7.1f GB/s\n", 1e-9 * sizeof(float) * kernel->values / seconds);
    fflush(stdout);
}

static void measure(struct work *work, const struct kernel *kernel)
{
    const char *wanted = getenv("CATDOG_TEST_BENCH");
    double best = 0;

    for (int run = 0; run < (wanted ? RUNS : 1); run++) {
        const double start = cd_clock_seconds();
        kernel->run(work);
        const double seconds = cd_clock_seconds() - start;
        best = run == 0 || seconds < best ? seconds : best;
    }
    if (wanted)
        print_time(work->t->name, kernel, best);
}

START_TEST(each_kernel)
{
    const struct cd_window three = {
        .kh = 3, .kw = 3, .sh = 1, .sw = 1, .top = 1, .left = 1, .bottom = 1, .right = 1};
    const struct cd_window two = {.kh = 2, .kw = 2, .sh = 2, .sw = 2};
    struct work w = {
        .t = kernel_table(_i),
        .conv = {ROWS, COLUMNS, C, ROWS, COLUMNS, C, three},
        .pool = {ROWS, COLUMNS, C, ROWS / 2, COLUMNS / 2, C, two},
        .relu = {.kind = CNN_ACTIVATION_RELU},
        .sigmoid = {.kind = CNN_ACTIVATION_SIGMOID},
        .adam = {0.001f, 0.9f, 0.999f, 1e-8f, 0, 0.1f, 0.001f},
        .a = guarded_array(VALUES, 1),
        .b = guarded_array(VALUES, 1),
        .c = guarded_array(VALUES, 1),
        .d = guarded_array(VALUES, 1),
        .kernel = guarded_array(9 * C * C, 1),
        .winner = calloc(PLACES * C, sizeof *w.winner),
    };

    for (size_t i = 0; i < VALUES; i++)
        w.d[i] = w.d[i] * w.d[i]; /* the second moment of Adam is not negative */
    w.dense = (struct cd_dense_backward){.n = SIDE,
                                         .inputs = SIDE,
                                         .units = SIDE,
                                         .x = w.a,
                                         .dy = w.b,
                                         .w = w.kernel,
                                         .dx = w.c,
                                         .dw = w.c + SIDE * SIDE};
    w.scratch = guarded_array(w.t->conv_scratch(&w.conv), 1);
    w.prepared = guarded_array(w.t->dense_prepared(&w.dense), 1);
    w.dense.prepared = w.prepared;
    w.t->enter();
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
        measure(&w, &kernels[i]);
    w.t->leave();
    check_guards("a", w.a, VALUES);
    check_guards("b", w.b, VALUES);
    check_guards("c", w.c, VALUES);
    check_guards("d", w.d, VALUES);
    check_guards("kernel", w.kernel, 9 * C * C);
    release_guarded(w.a);
    release_guarded(w.b);
    release_guarded(w.c);
    release_guarded(w.d);
    release_guarded(w.kernel);
    release_guarded(w.scratch);
    release_guarded(w.prepared);
    free(w.winner);
}
END_TEST

Suite *suite_kernel_times(void)
{
    Suite *suite = suite_create("kernel_times");
    TCase *tc = tcase_create("kernel_times");

    tcase_set_timeout(tc, 240);
    tcase_add_checked_fixture(tc, seed_tests, NULL);
    tcase_add_loop_test(tc, each_kernel, 0, kernel_table_count());
    suite_add_tcase(suite, tc);
    return suite;
}
