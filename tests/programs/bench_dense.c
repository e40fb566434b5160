/* SPDX-License-Identifier: MIT
 *
 * Times the matrix products and dense layers of each kernel table, on one thread. Prints the best
 * CPU time of several runs. CPU time depends less on other programs than wall time. The tables are
 * timed alternately, so that all run under the same conditions. Usage: bench_dense [repeats] */
#define _DEFAULT_SOURCE /* madvise */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "kernels/kernels.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Allocates floats on huge pages, as the library does. */
static float *values(size_t n)
{
    const size_t page = 2 << 20, size = (n * sizeof(float) + page - 1) / page * page;
    float *x = aligned_alloc(page, size);

    if (!x)
        exit(1);
#ifdef MADV_HUGEPAGE
    (void)madvise(x, size, MADV_HUGEPAGE);
#endif
    for (size_t i = 0; i < n; i++)
        x[i] = (float)(i * 2654435761u % 1000) / 1000.0f - 0.5f;
    return x;
}

static const struct {
    const char *what;
    int transpose_a, transpose_b;
    size_t m, n, k;
} products[] = {
    {"patches x kernel, 3x3x3 -> 64", 0, 0, 246, 64, 27},
    {"patches x kernel, 3x3x64 -> 128", 0, 0, 236, 128, 576},
    {"patches^T x dy", 1, 0, 576, 128, 236},
    {"dy x kernel^T", 0, 1, 236, 576, 128},
    {"square", 0, 0, 512, 512, 512},
    {"square, A^T", 1, 0, 512, 512, 512},
    {"square, B^T", 0, 1, 512, 512, 512},
    {"dense slice, batch 64", 0, 0, 64, 512, 5120},
    {"dense slice, batch 32", 0, 0, 32, 512, 2240},
    {"dense slice 256, batch 64", 0, 0, 64, 256, 5120},
    {"dense, batch 1", 0, 0, 1, 512, 40960},
    {"dense, batch 4", 0, 0, 4, 512, 40960},
    {"dense, batch 1, 256", 0, 0, 1, 256, 40960},
};

static double time_product(const struct cd_kernels *table, size_t index, const float *a,
                           const float *b, float *c)
{
    const size_t m = products[index].m, n = products[index].n, k = products[index].k;
    const int ta = products[index].transpose_a, tb = products[index].transpose_b;
    const double start = now();

    table->gemm(ta, tb, m, n, k, a, ta ? m : k, b, tb ? k : n, 0, c, n);
    return now() - start;
}

static void bench_products(int repeats)
{
    for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
        const size_t m = products[i].m, n = products[i].n, k = products[i].k;
        float *a = values(m * k), *b = values(k * n), *c = values(m * n);
        double best[16];

        printf("%-32s", products[i].what);
        for (int r = 0; r < repeats; r++)
            for (size_t t = 0; t < cd_kernels_count(); t++) {
                if (!cd_kernels_run_here(t) ||
                    cd_kernels_at(t)->gemm == cd_kernels_find("reference")->gemm)
                    continue;
                const double took = time_product(cd_kernels_at(t), i, a, b, c);
                best[t] = r == 0 || took < best[t] ? took : best[t];
            }
        for (size_t t = 0; t < cd_kernels_count(); t++)
            if (cd_kernels_run_here(t) &&
                cd_kernels_at(t)->gemm != cd_kernels_find("reference")->gemm)
                printf("  %s %6.1f", cd_kernels_at(t)->name,
                       2e-9 * (double)m * (double)n * (double)k / best[t]);
        printf("\n");
        free(a);
        free(b);
        free(c);
    }
}

/* ---- backward pass of the networks' dense layers, with Adam ---- */

static const struct {
    const char *what;
    size_t n, inputs, units;
    int dx;
} layers[] = {
    {"mlp", 32, 35250, 512, 0},          {"conv24", 32, 67344, 128, 1},
    {"conv48x2", 64, 30624, 256, 1},     {"conv128x2", 64, 81664, 256, 1},
    {"conv64-128", 64, 81664, 512, 1},   {"conv64-128 without dx", 64, 81664, 512, 0},
};

static const struct cd_adam adam = {.rate = 1e-4f,
                                    .beta1 = 0.9f,
                                    .beta2 = 0.999f,
                                    .epsilon = 1e-7f,
                                    .correction1 = 0.5f,
                                    .correction2 = 0.5f};

static double time_layer(const struct cd_kernels *table, struct cd_dense_backward *layer,
                         float *prepared)
{
    const double start = now();

    table->dense_prepare(layer, prepared);
    layer->prepared = prepared;
    for (size_t r = 0; r < layer->inputs; r += 960)
        table->dense_backward(layer, r, r + 960 < layer->inputs ? r + 960 : layer->inputs);
    return now() - start;
}

static double time_forward(const struct cd_kernels *table, const struct cd_dense_backward *layer,
                           float *y)
{
    const double start = now();

    for (size_t r = 0; r < layer->inputs; r += 5120)
        table->gemm(0, 0, layer->n, layer->units,
                    layer->inputs - r < 5120 ? layer->inputs - r : 5120, layer->x + r,
                    layer->inputs, layer->w + r * layer->units, layer->units, 0, y, layer->units);
    return now() - start;
}

static void bench_layers(int repeats)
{
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        const size_t n = layers[i].n, inputs = layers[i].inputs, units = layers[i].units;
        float *x = values(n * inputs), *dy = values(n * units), *w = values(inputs * units);
        float *m = values(inputs * units), *v = values(inputs * units), *dx = values(n * inputs);
        struct cd_dense_backward layer = {.n = n, .inputs = inputs, .units = units, .x = x,
                                          .dy = dy, .w = w, .dx = layers[i].dx ? dx : NULL,
                                          .adam = &adam, .m = m, .v = v};
        float *prepared = values((n + 64) * (units + 64) * 2);

        for (size_t j = 0; j < inputs * units; j++)
            v[j] = v[j] * v[j];
        printf("%-24s", layers[i].what);
        for (size_t t = 0; t < cd_kernels_count(); t++) {
            const struct cd_kernels *table = cd_kernels_at(t);
            double best = 1e9, forward = 1e9;
            if (!cd_kernels_run_here(t) || table->gemm == cd_kernels_find("reference")->gemm)
                continue;
            for (int r = 0; r < repeats; r++) {
                const double a = time_forward(table, &layer, prepared);
                const double b = time_layer(table, &layer, prepared);
                forward = a < forward ? a : forward;
                best = b < best ? b : best;
            }
            printf("  %s %5.1f %5.1f", table->name, 1e3 * forward, 1e3 * best);
            fflush(stdout);
        }
        printf("\n");
        float *all[] = {x, dy, w, m, v, dx, prepared};
        for (size_t j = 0; j < sizeof all / sizeof *all; j++)
            free(all[j]);
    }
}

int main(int argc, char **argv)
{
    const int repeats = argc > 1 ? atoi(argv[1]) : 10;
    const struct cd_kernels *blas = cd_kernels_find("blas");

    blas->enter();
    printf("matrix products, GFLOP/s\n");
    bench_products(repeats);
    printf("dense layers, ms forward and backward with Adam\n");
    bench_layers(repeats / 3 + 1);
    blas->leave();
    return 0;
}
