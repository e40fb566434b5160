/* SPDX-License-Identifier: MIT
 *
 * A context for tests, that counts its allocations, can fail the n-th one, and keeps its log. */
#ifndef TESTS_SUPPORT_TEST_CONTEXT_H
#define TESTS_SUPPORT_TEST_CONTEXT_H

#include <stdatomic.h>

#include <catdog/catdog.h>

struct test_context {
    cnn_context_t *context;
    atomic_long live;      /* blocks allocated and not yet released */
    atomic_long allocated; /* so far */
    atomic_long fail_at;   /* the allocation of this number fails, and all after it; 0 = none */
    int logged[4];         /* lines by level */
    char last_log[1024];
    char warnings[8192]; /* all of them, a line each; without those for which there is no room */
};

/* threads: 0 = all. Ends the test if there is no context. */
void test_context_open(struct test_context *test, unsigned threads);

/* The n-th allocation from now on (from 1) fails, and all after it; 0: none. */
void test_context_fail(struct test_context *test, long n);

/* Gives the context up and fails the test if a block is still held. */
void test_context_close(struct test_context *test);

#endif
