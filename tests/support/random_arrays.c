/* SPDX-License-Identifier: MIT */
#include "support/random_arrays.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/random.h"

/* Poisons the guards, so that AddressSanitizer also reports reads of them. */
#if defined __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define FORBID(from, size) ASAN_POISON_MEMORY_REGION(from, size)
#define ALLOW(from, size) ASAN_UNPOISON_MEMORY_REGION(from, size)
#else
#define FORBID(from, size) ((void)(from), (void)(size))
#define ALLOW(from, size) ((void)(from), (void)(size))
#endif

enum { GUARD = 16 };

static const float guard = 12345.0f;

static uint64_t key, drawn;

void seed_tests(void)
{
    const char *given = getenv("CATDOG_TEST_SEED");
    key = given ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
    drawn = 0;
    printf("CATDOG_TEST_SEED=%llu\n", (unsigned long long)key);
}

size_t draw(size_t low, size_t high)
{
    return low + (size_t)(cd_random_bits(key, drawn++) % (high - low + 1));
}

float draw_value(void)
{
    return 2.0f * cd_random_float(key, drawn++) - 1.0f;
}

static void forbid_guards(const float *values, size_t n)
{
    FORBID(values - GUARD, GUARD * sizeof *values);
    FORBID(values + n, GUARD * sizeof *values);
}

static void allow_guards(const float *values, size_t n)
{
    ALLOW(values - GUARD, GUARD * sizeof *values);
    ALLOW(values + n, GUARD * sizeof *values);
}

float *guarded_array(size_t n, int random)
{
    float *block = malloc((n + 2 * GUARD) * sizeof *block);
    ck_assert_ptr_nonnull(block);
    for (size_t i = 0; i < n + 2 * GUARD; i++)
        block[i] = guard;
    for (size_t i = 0; i < n; i++)
        block[GUARD + i] = random ? draw_value() : NAN;
    forbid_guards(block + GUARD, n);
    return block + GUARD;
}

void release_guarded(float *values)
{
    free(values - GUARD);
}

void check_guards(const char *what, const float *values, size_t n)
{
    allow_guards(values, n);
    for (size_t i = 0; i < GUARD; i++)
        ck_assert_msg(values[-1 - (ptrdiff_t)i] == guard && values[n + i] == guard,
                      "%s: wrote outside its %zu floats", what, n);
    forbid_guards(values, n);
}
