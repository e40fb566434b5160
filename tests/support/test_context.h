/* SPDX-License-Identifier: MIT
 *
 * A context for tests that counts its allocations, can make them fail, and records its log. */
#ifndef TESTS_SUPPORT_TEST_CONTEXT_H
#define TESTS_SUPPORT_TEST_CONTEXT_H

#include <stdatomic.h>

#include <catdog/catdog.h>

struct test_context {
    cnn_context_t *context;
    atomic_long live;      /* blocks allocated and not yet released */
    atomic_long allocated; /* blocks allocated so far */
    atomic_long fail_at;   /* this allocation and all later ones fail; 0 = none */
    int logged[4];         /* number of log messages of each cnn_log_level_t */
    char last_log[1024];
    char warnings[8192]; /* the warnings that fit, one a line */
};

/* Creates the context. threads: 0 = one for each CPU. Fails the test if that is not possible. */
void test_context_open(struct test_context *test, unsigned threads);

/* Makes the n-th allocation after this call, and all later ones, fail. n = 0: none fails. */
void test_context_fail(struct test_context *test, long n);

/* Frees the context. Fails the test if a block is still allocated. */
void test_context_close(struct test_context *test);

#endif
