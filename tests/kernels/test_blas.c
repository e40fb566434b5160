/* SPDX-License-Identifier: MIT
 *
 * Tests the thread count of OpenBLAS, which is process-wide: results do not depend on it, and the
 * library restores it. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <cblas.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernels/blas.h"

enum { M = 300, N = 200, K = 1000 };

static float *random_matrix(size_t n, unsigned seed)
{
    float *values = malloc(n * sizeof *values);
    for (size_t i = 0; i < n; i++) {
        seed = seed * 1664525u + 1013904223u;
        values[i] = (float)(seed >> 8) / 16777216.0f - 0.5f;
    }
    return values;
}

START_TEST(host_setting_is_kept)
{
    const int before = openblas_get_num_threads();
    for (int threads = 1; threads <= 3; threads++) {
        openblas_set_num_threads(threads);
        cd_blas_enter();
        ck_assert_int_eq(openblas_get_num_threads(), 1);
        cd_blas_enter();
        cd_blas_leave();
        ck_assert_int_eq(openblas_get_num_threads(), 1);
        cd_blas_leave();
        ck_assert_int_eq(openblas_get_num_threads(), threads);
    }
    openblas_set_num_threads(2);
    cd_blas_enter();
    openblas_set_num_threads(3); /* the program sets another count in between */
    cd_blas_leave();
    ck_assert_int_eq(openblas_get_num_threads(), 3);
    openblas_set_num_threads(before);
}
END_TEST

/* If the parent forks between enter and leave, enter and leave in the child begin from 0, and the
 * thread count of the program is restored. */
START_TEST(a_child_forgets_who_was_inside)
{
    const int before = openblas_get_num_threads();
    int status = -1;
    openblas_set_num_threads(2);
    cd_blas_enter();
    const pid_t child = fork();
    if (child == 0) {
        alarm(20);
        cd_blas_enter();
        const int within = openblas_get_num_threads();
        cd_blas_leave();
        _exit(within == 1 && openblas_get_num_threads() == 2 ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    cd_blas_leave();
    ck_assert_int_eq(openblas_get_num_threads(), 2);
    openblas_set_num_threads(before);
}
END_TEST

static void *enter_and_leave(void *argument)
{
    while (!atomic_load((atomic_int *)argument)) {
        cd_blas_enter();
        cd_blas_leave();
    }
    return NULL;
}

/* Forks while another thread probably holds the lock of cd_blas_enter(); the child must not wait
 * for it. The locks of OpenBLAS do not matter here: it takes none if its thread count is 1.
 * OpenBLAS is loaded before the fork, because a fork during dlopen() would leave the locks of
 * dlopen() held in the child. */
START_TEST(a_child_does_not_wait_for_its_parents_threads)
{
    ck_assert(cd_blas_runs_here());
    const int before = openblas_get_num_threads();
    atomic_int stop;
    pthread_t thread;
    openblas_set_num_threads(1);
    atomic_init(&stop, 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, enter_and_leave, &stop), 0);
    for (int i = 0; i < 100; i++) {
        int status = -1;
        const pid_t child = fork();
        if (child == 0) {
            alarm(20);
            cd_blas_enter();
            cd_blas_leave();
            _exit(0);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert_int_eq(status, 0);
    }
    atomic_store(&stop, 1);
    pthread_join(thread, NULL);
    openblas_set_num_threads(before);
}
END_TEST

START_TEST(products_do_not_depend_on_it)
{
    const int before = openblas_get_num_threads();
    float *a = random_matrix(M * K, 1), *b = random_matrix(K * N, 2);
    float *c[3];
    for (int i = 0; i < 3; i++) {
        c[i] = malloc(M * N * sizeof(float));
        openblas_set_num_threads(i + 1);
        cd_blas_enter();
        cd_blas_gemm(0, 0, M, N, K, a, K, b, N, 0, c[i], N);
        cd_blas_leave();
    }
    ck_assert_int_eq(memcmp(c[0], c[1], M * N * sizeof(float)), 0);
    ck_assert_int_eq(memcmp(c[0], c[2], M * N * sizeof(float)), 0);
    openblas_set_num_threads(before);
    for (int i = 0; i < 3; i++)
        free(c[i]);
    free(a);
    free(b);
}
END_TEST

/* Runs a program that prints a hash of the weights after a short training, and stores its output in
 * line. */
static void trained_bits(const char *environment, char *line, size_t size)
{
    const char *programs = getenv("CATDOG_PROGRAMS");
    char command[512];

    snprintf(command, sizeof command, "%s %s/train_bits", environment,
             programs ? programs : "build/tests/programs");
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    ck_assert_msg(fgets(line, (int)size, pipe) != NULL, "%s prints nothing", command);
    ck_assert_msg(pclose(pipe) == 0, "%s fails", command);
}

START_TEST(training_does_not_depend_on_the_environment)
{
    const char *const environments[] = {
        "OPENBLAS_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=2", "OPENBLAS_NUM_THREADS=2 BITS_THREADS=1",
        "OPENBLAS_NUM_THREADS=1 BITS_THREADS=7", "OMP_NUM_THREADS=3 BITS_THREADS=2"};
    const char *const kernels = _i ? "CATDOG_KERNELS=blas" : "CATDOG_KERNELS=";
    char first[128], line[128], environment[128];
    for (size_t i = 0; i < sizeof environments / sizeof *environments; i++) {
        snprintf(environment, sizeof environment, "%s %s", kernels, environments[i]);
        trained_bits(environment, i ? line : first, sizeof line);
        ck_assert_str_eq(first, i ? line : first);
    }
    snprintf(environment, sizeof environment, "%s BITS_SEED=2", kernels);
    trained_bits(environment, line, sizeof line); /* other weights give another hash */
    ck_assert_str_ne(first, line);
}
END_TEST

Suite *suite_blas(void)
{
    Suite *suite = suite_create("blas");
    TCase *tcase = tcase_create("process-wide threads");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, host_setting_is_kept);
    tcase_add_test(tcase, a_child_forgets_who_was_inside);
    tcase_add_test(tcase, a_child_does_not_wait_for_its_parents_threads);
    tcase_add_test(tcase, products_do_not_depend_on_it);
    tcase_add_loop_test(tcase, training_does_not_depend_on_the_environment, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
