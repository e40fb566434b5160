/* SPDX-License-Identifier: MIT
 *
 * How fast the matrix products and dense layers of each table are, on one thread, in CPU time of
 * that thread (other programs disturb less than in wall time): the best of some runs, all tables in
 * turn. Not a test; run by hand: bench_dense [repeats] */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "kernels/kernels.h"

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float *values(size_t n)
{
    float *x = aligned_alloc(64, (n * sizeof *x + 63) / 64 * 64);

    if (!x)
        exit(1);
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
                if (!cd_kernels_run_here(t) || cd_kernels_at(t)->gemm == cd_kernels_find("reference")->gemm)
                    continue;
                const double took = time_product(cd_kernels_at(t), i, a, b, c);
                best[t] = r == 0 || took < best[t] ? took : best[t];
            }
        for (size_t t = 0; t < cd_kernels_count(); t++)
            if (cd_kernels_run_here(t) && cd_kernels_at(t)->gemm != cd_kernels_find("reference")->gemm)
                printf("  %s %6.1f", cd_kernels_at(t)->name,
                       2e-9 * (double)m * (double)n * (double)k / best[t]);
        printf("\n");
        free(a);
        free(b);
        free(c);
    }
}

int main(int argc, char **argv)
{
    const int repeats = argc > 1 ? atoi(argv[1]) : 10;
    const struct cd_kernels *blas = cd_kernels_find("blas");

    blas->enter();
    printf("GFLOP/s on one thread\n");
    bench_products(repeats);
    blas->leave();
    return 0;
}
