/* SPDX-License-Identifier: MIT
 *
 * Prints the throughput of fused multiply-adds on two threads, in GFLOP/s. A lower value than usual
 * shows that other processes use the CPU. Build with
 *     cc -O2 -march=native -ffp-contract=fast -pthread canary.c */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LANES = 16, CHAINS = 12, ROUNDS = 20000000 };

typedef float vector __attribute__((vector_size(LANES * sizeof(float))));

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void *work(void *sum)
{
    vector a[CHAINS], m, c;

    for (int k = 0; k < LANES; k++) {
        m[k] = 0.999f;
        c[k] = 0.001f;
    }
    for (int i = 0; i < CHAINS; i++)
        a[i] = c;
    for (long r = 0; r < ROUNDS; r++)
        for (int i = 0; i < CHAINS; i++)
            a[i] = a[i] * m + c;
    for (int i = 1; i < CHAINS; i++)
        a[0] += a[i];
    memcpy(sum, &a[0], sizeof(float));
    return NULL;
}

int main(void)
{
    double best = 0;

    for (int repeat = 0; repeat < 5; repeat++) {
        pthread_t other;
        float sums[2];
        double start = now();
        if (pthread_create(&other, NULL, work, &sums[1]) != 0)
            return 1;
        work(&sums[0]);
        pthread_join(other, NULL);
        double gflops = 2e-9 * 2 * LANES * CHAINS * ROUNDS / (now() - start);
        if (gflops > best && sums[0] + sums[1] > 0)
            best = gflops;
    }
    printf("%.0f\n", best);
    return 0;
}
