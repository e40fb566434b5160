/* SPDX-License-Identifier: MIT
 *
 * Half precision compared with its definition: every half, and floats at, below and above every
 * rounding boundary. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/half.h"

enum { HALVES = 65536, POSITIVE = 0x7c00 /* finite halves from 0 on, in order */ };

/* The value of a half by IEEE 754: sign, exponent, fraction. Exact in double precision. */
static double value_of(unsigned half)
{
    const int exponent = half >> 10 & 31;
    const double fraction = half & 1023, sign = half & 0x8000 ? -1 : 1;

    if (exponent == 31)
        return fraction > 0 ? NAN : sign * INFINITY;
    return sign * (exponent == 0 ? ldexp(fraction, -24) : ldexp(1024 + fraction, exponent - 25));
}

static uint16_t from_float(float value)
{
    uint16_t half;

    cd_half_from_float(&value, 1, &half);
    return half;
}

START_TEST(every_half)
{
    uint8_t *bytes = malloc(2 * HALVES + 1);
    float *values = malloc(HALVES * sizeof *values);
    uint16_t *back = malloc(HALVES * sizeof *back);

    ck_assert(bytes && values && back);
    for (size_t shift = 0; shift < 2; shift++) { /* 1: unaligned bytes */
        for (unsigned h = 0; h < HALVES; h++) {
            bytes[shift + 2 * h] = (uint8_t)h;
            bytes[shift + 2 * h + 1] = (uint8_t)(h >> 8);
        }
        cd_half_to_float(bytes + shift, HALVES, values);
        cd_half_from_float(values, HALVES, back);
        for (unsigned h = 0; h < HALVES; h++) {
            const double expected = value_of(h);
            ck_assert_msg(isnan(expected) ? isnan(values[h]) : (double)values[h] == expected,
                          "half %04x: %a", h, (double)values[h]);
            ck_assert_int_eq(signbit(values[h]) != 0, h >> 15);
            if (isnan(expected))
                ck_assert_uint_eq(back[h], 0x7e00 | (h & 0x8000));
            else
                ck_assert_uint_eq(back[h], h);
        }
    }
    free(bytes);
    free(values);
    free(back);
}
END_TEST

/* The middle of two neighbours rounds to the even one, other floats to the nearer one.
 */
START_TEST(rounding)
{
    for (unsigned h = 0; h + 1 < POSITIVE; h++) {
        const float middle = (float)((value_of(h) + value_of(h + 1)) / 2);
        const unsigned even = h + (h & 1);
        ck_assert_uint_eq(from_float(middle), even);
        ck_assert_uint_eq(from_float(-middle), even | 0x8000);
        ck_assert_uint_eq(from_float(nextafterf(middle, 0)), h);
        ck_assert_uint_eq(from_float(nextafterf(middle, INFINITY)), h + 1);
        ck_assert_uint_eq(from_float(-nextafterf(middle, INFINITY)), (h + 1) | 0x8000);
    }
}
END_TEST

START_TEST(both_ends)
{
    static const float none[] = {CD_HALF_END, -CD_HALF_END, 1e30f, INFINITY, -INFINITY, NAN};
    float values[5] = {CD_HALF_LARGEST, -CD_HALF_LARGEST, 0, 1e-40f, 0};

    ck_assert_uint_eq(from_float(CD_HALF_LARGEST), 0x7bff);
    ck_assert_uint_eq(from_float(nextafterf(CD_HALF_END, 0)), 0x7bff);
    ck_assert_uint_eq(from_float(CD_HALF_END), 0x7c00);
    ck_assert_uint_eq(from_float(-3e38f), 0xfc00);
    ck_assert_uint_eq(from_float(ldexpf(1, -24)), 1);
    ck_assert_uint_eq(from_float(ldexpf(1, -25)), 0);
    ck_assert_uint_eq(from_float(1e-40f), 0);
    ck_assert_uint_eq(from_float(-1e-40f), 0x8000);
    ck_assert_uint_eq(cd_half_misfit(values, 5), 5);
    ck_assert_uint_eq(cd_half_misfit(values, 0), 0);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        values[4] = none[i];
        ck_assert_uint_eq(cd_half_misfit(values, 5), 4);
    }
    values[4] = nextafterf(CD_HALF_END, 0);
    ck_assert_uint_eq(cd_half_misfit(values, 5), 5);
}
END_TEST

/* No byte beyond the last value is written, for any number of values. */
START_TEST(any_number)
{
    for (size_t n = 0; n < 70; n++) {
        uint8_t *bytes = malloc(2 * n + 1);
        float *values = malloc((n + 1) * sizeof *values);
        uint16_t *halves = malloc((n + 1) * sizeof *halves);
        ck_assert(bytes && values && halves);
        for (size_t i = 0; i < n; i++)
            bytes[2 * i] = (uint8_t)i, bytes[2 * i + 1] = 0x3c;
        values[n] = 5;
        halves[n] = 7;
        cd_half_to_float(bytes, n, values);
        cd_half_from_float(values, n, halves);
        for (size_t i = 0; i < n; i++)
            ck_assert_uint_eq(halves[i], 0x3c00 + i);
        ck_assert(values[n] == 5);
        ck_assert_uint_eq(halves[n], 7);
        free(bytes);
        free(values);
        free(halves);
    }
}
END_TEST

Suite *suite_half(void)
{
    Suite *suite = suite_create("half");
    TCase *tests = tcase_create("half");

    tcase_add_test(tests, every_half);
    tcase_add_test(tests, rounding);
    tcase_add_test(tests, both_ends);
    tcase_add_test(tests, any_number);
    suite_add_tcase(suite, tests);
    return suite;
}
