/* SPDX-License-Identifier: MIT
 *
 * Tests of memory allocation, option structures, random numbers and text functions. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/options.h"
#include "core/random.h"
#include "core/text.h"
#include "support/core_context.h"

/* ---- memory ---- */

START_TEST(memory_is_aligned_zeroed_and_bounded)
{
    cnn_context_t *context = core_context(1);
    for (size_t n = 0; n < 300; n++) {
        unsigned char *block = cd_alloc(context, n, 3);
        ck_assert_ptr_nonnull(block);
        ck_assert_uint_eq((uintptr_t)block % 64, 0);
        for (size_t i = 0; i < 3 * n; i++)
            ck_assert_uint_eq(block[i], 0);
        memset(block, 0xff, 3 * n);
        cd_free(context, block);
    }
    ck_assert_ptr_null(cd_alloc(context, SIZE_MAX / 2, 3));
    ck_assert_ptr_null(cd_alloc(context, SIZE_MAX - 10, 1));
    cd_free(context, NULL);
    cd_context_unref(context);
}
END_TEST

/* Counts allocations. Allocation number `fails` and all later ones return NULL. */
struct counter {
    size_t made, alive, fails;
};

static void *counted(size_t size, void *user)
{
    struct counter *counter = user;
    if (++counter->made >= counter->fails)
        return NULL;
    counter->alive++;
    return malloc(size);
}

static void uncounted(void *block, void *user)
{
    struct counter *counter = user;
    if (block)
        counter->alive--;
    free(block);
}

/* Large blocks are aligned to 2 MiB (a huge page), with malloc and with the caller's allocator. */
START_TEST(large_blocks_begin_at_huge_pages)
{
    enum { MIB = 1 << 20 };
    struct counter counter = {.fails = SIZE_MAX};
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 1,
                                           .allocate = counted, .release = uncounted,
                                           .allocator_user = &counter};
    cnn_context_t *contexts[2] = {core_context(1), NULL};
    ck_assert_int_eq(cd_context_create(&options, &contexts[1]), CNN_OK);
    for (int i = 0; i < 2; i++) {
        for (size_t extra = 0; extra < 3; extra++) {
            const size_t size = 4 * MIB + extra * (MIB + 1);
            unsigned char *block = cd_alloc(contexts[i], size, 1);
            ck_assert_ptr_nonnull(block);
            ck_assert_uint_eq((uintptr_t)block % (2 * MIB), 0);
            ck_assert(block[0] == 0 && block[size / 2] == 0 && block[size - 1] == 0);
            memset(block, 0xff, size);
            cd_free(contexts[i], block);
        }
        cd_context_unref(contexts[i]);
    }
    ck_assert_uint_eq(counter.alive, 0);
}
END_TEST

START_TEST(reserve_keeps_what_was_there)
{
    cnn_context_t *context = core_context(1);
    int *values = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(cd_reserve(context, &values, &capacity, (size_t)i + 1, sizeof *values),
                         CNN_OK);
        ck_assert_int_eq(values[i], 0);
        values[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(values[i], i);
    const size_t before = capacity;
    ck_assert_int_eq(cd_reserve(context, &values, &capacity, SIZE_MAX / 2, sizeof *values),
                     CNN_ERROR_MEMORY);
    ck_assert_uint_eq(capacity, before);
    cd_free(context, values);
    cd_context_unref(context);
}
END_TEST

START_TEST(context_survives_a_lack_of_memory)
{
    struct counter counter = {.fails = SIZE_MAX};
    cnn_context_options_t options = {.struct_size = sizeof options, .threads = 3,
                                     .allocate = counted, .release = uncounted,
                                     .allocator_user = &counter};
    cnn_context_t *context;
    ck_assert_int_eq(cd_context_create(&options, &context), CNN_OK);
    cd_context_unref(context);
    ck_assert_uint_eq(counter.alive, 0);
    const size_t all = counter.made;
    ck_assert_uint_gt(all, 1);
    for (size_t n = 1; n <= all; n++) {
        counter = (struct counter){.fails = n};
        ck_assert_int_eq(cd_context_create(&options, &context), CNN_ERROR_MEMORY);
        ck_assert_ptr_null(context);
        ck_assert_uint_eq(counter.alive, 0);
    }
}
END_TEST

/* ---- options ---- */

struct v1 {
    size_t struct_size;
    int a;
    int b;
};

struct v2 {
    size_t struct_size;
    int a;
    int b;
    int c;
    int d;
};

START_TEST(options_of_any_version)
{
    struct v2 own;
    struct v1 older = {sizeof older, 1, 2};
    struct v2 newer = {sizeof newer, 1, 2, 0, 0};
    struct v1 own_small;

    memset(&own, 0xff, sizeof own);
    ck_assert_int_eq(cd_options_read("o", NULL, &own, sizeof own), CNN_OK);
    ck_assert(own.struct_size == sizeof own && own.a == 0 && own.d == 0);
    memset(&own, 0xff, sizeof own);
    ck_assert_int_eq(cd_options_read("o", &older, &own, sizeof own), CNN_OK);
    ck_assert(own.a == 1 && own.b == 2 && own.c == 0 && own.d == 0);
    ck_assert_int_eq(cd_options_read("o", &newer, &own_small, sizeof own_small), CNN_OK);
    ck_assert(own_small.struct_size == sizeof own_small && own_small.b == 2);
    newer.d = 1;
    ck_assert_int_eq(cd_options_read("o", &newer, &own_small, sizeof own_small),
                     CNN_ERROR_ARGUMENT);
    older.struct_size = 0;
    ck_assert_int_eq(cd_options_read("o", &older, &own, sizeof own), CNN_ERROR_ARGUMENT);
    older.struct_size = (size_t)-1;
    ck_assert_int_eq(cd_options_read("o", &older, &own, sizeof own), CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(results_of_any_version)
{
    const struct v1 own = {sizeof own, 7, 8};
    struct v2 newer = {sizeof newer, -1, -1, -1, -1};
    struct v1 older = {sizeof(size_t) + sizeof(int), -1, -1};

    ck_assert_int_eq(cd_result_write("r", &own, sizeof own, &newer), CNN_OK);
    ck_assert(newer.struct_size == sizeof newer && newer.a == 7 && newer.b == 8 && newer.c == 0);
    ck_assert_int_eq(cd_result_write("r", &own, sizeof own, &older), CNN_OK);
    ck_assert(older.a == 7 && older.b == -1); /* bytes beyond struct_size are unchanged */
    ck_assert_int_eq(cd_result_write("r", &own, sizeof own, NULL), CNN_ERROR_ARGUMENT);
}
END_TEST

/* ---- random numbers ---- */

START_TEST(random_numbers_are_uniform)
{
    enum { N = 100000, BINS = 20 };
    const uint64_t key = cd_random_key(1, CD_STREAM_SHUFFLE, 2, 3);
    double sum = 0.0, product = 0.0;
    size_t bins[BINS] = {0};
    for (uint64_t i = 0; i < N; i++) {
        const double x = cd_random_double(key, i);
        ck_assert(x >= 0.0 && x < 1.0);
        ck_assert(cd_random_float(key, i) >= 0.0f && cd_random_float(key, i) < 1.0f);
        sum += x;
        product += (x - 0.5) * (cd_random_double(key, i + 1) - 0.5);
        bins[(size_t)(x * BINS)]++;
    }
    ck_assert_double_le(fabs(sum / N - 0.5), 5.0 * 0.2887 / sqrt(N));
    ck_assert_double_le(fabs(product / N), 5.0 / 12.0 / sqrt(N));
    for (size_t i = 0; i < BINS; i++)
        ck_assert_double_le(fabs((double)bins[i] - N / BINS), 5.0 * sqrt(N / BINS));
}
END_TEST

START_TEST(random_streams_differ)
{
    uint64_t keys[4 * 4 * 4 * 4];
    size_t n = 0;
    for (uint64_t seed = 0; seed < 4; seed++)
        for (int stream = 1; stream <= 4; stream++)
            for (uint64_t a = 0; a < 4; a++)
                for (uint64_t b = 0; b < 4; b++)
                    keys[n++] = cd_random_key(seed, (enum cd_stream)stream, a, b);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            ck_assert(keys[i] != keys[j]);
}
END_TEST

START_TEST(permutations_are_fair)
{
    size_t counts[6] = {0}, order[257];
    enum { N = 60000 };
    for (uint64_t i = 0; i < N; i++) {
        cd_random_permutation(cd_random_key(i, CD_STREAM_SHUFFLE, 0, 0), order, 3);
        counts[order[0] * 2 + (order[1] > order[2])]++;
    }
    for (size_t i = 0; i < 6; i++)
        ck_assert_double_le(fabs((double)counts[i] - N / 6), 5.0 * sqrt(N / 6));
    unsigned char seen[257] = {0};
    cd_random_permutation(9, order, 257);
    for (size_t i = 0; i < 257; i++)
        seen[order[i]]++;
    for (size_t i = 0; i < 257; i++)
        ck_assert_uint_eq(seen[i], 1);
    cd_random_permutation(9, order, 0);
}
END_TEST

/* ---- text ---- */

START_TEST(text_grows)
{
    cnn_context_t *context = core_context(1);
    struct cd_text text = {.context = context};
    for (int i = 0; i < 300; i++)
        cd_text_append(&text, "%d,", i % 10);
    ck_assert_int_eq(text.failed, 0);
    ck_assert_uint_eq(text.length, 600);
    ck_assert_uint_eq(strlen(text.bytes), 600);
    ck_assert_int_eq(strncmp(text.bytes, "0,1,2,3,", 8), 0);
    cd_text_free(&text);
    cd_context_unref(context);
}
END_TEST

Suite *suite_core(void)
{
    Suite *suite = suite_create("core");
    TCase *tcase = tcase_create("core");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, memory_is_aligned_zeroed_and_bounded);
    tcase_add_test(tcase, large_blocks_begin_at_huge_pages);
    tcase_add_test(tcase, reserve_keeps_what_was_there);
    tcase_add_test(tcase, context_survives_a_lack_of_memory);
    tcase_add_test(tcase, options_of_any_version);
    tcase_add_test(tcase, results_of_any_version);
    tcase_add_test(tcase, random_numbers_are_uniform);
    tcase_add_test(tcase, random_streams_differ);
    tcase_add_test(tcase, permutations_are_fair);
    tcase_add_test(tcase, text_grows);
    suite_add_tcase(suite, tcase);
    return suite;
}
