/* SPDX-License-Identifier: MIT */
#include "support/test_context.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

static void *allocate(size_t size, void *user)
{
    struct test_context *test = user;
    const long number = atomic_fetch_add(&test->allocated, 1) + 1;
    const long fail_at = atomic_load(&test->fail_at);

    if (fail_at != 0 && number >= fail_at)
        return NULL;
    void *block = malloc(size);
    if (block)
        atomic_fetch_add(&test->live, 1);
    return block;
}

static void release(void *block, void *user)
{
    struct test_context *test = user;
    atomic_fetch_sub(&test->live, 1);
    free(block);
}

static void keep_log(cnn_log_level_t level, const char *text, void *user)
{
    struct test_context *test = user;
    test->logged[level]++;
    snprintf(test->last_log, sizeof test->last_log, "%s", text);
    const size_t used = strlen(test->warnings), left = sizeof test->warnings - used;
    if (level == CNN_LOG_WARNING && strlen(text) + 1 < left)
        snprintf(test->warnings + used, left, "%s\n", text);
}

void test_context_open(struct test_context *test, unsigned threads)
{
    cnn_context_options_t options = {.struct_size = sizeof options};

    memset(test, 0, sizeof *test);
    options.threads = threads;
    options.allocate = allocate;
    options.release = release;
    options.allocator_user = test;
    options.log = keep_log;
    options.log_user = test;
    ck_assert_int_eq(cnn_context_create(&options, &test->context), CNN_OK);
}

void test_context_fail(struct test_context *test, long n)
{
    atomic_store(&test->fail_at, n ? atomic_load(&test->allocated) + n : 0);
}

void test_context_close(struct test_context *test)
{
    cnn_context_free(test->context);
    ck_assert_int_eq(atomic_load(&test->live), 0);
}
