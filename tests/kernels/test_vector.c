/* SPDX-License-Identifier: MIT
 *
 * Tests the vector types of the kernels at the baseline level (SSE2, NEON or neither). Each
 * operation is tested lane by lane. Partial loads and stores must stay inside their arrays. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CD_LEVEL test
#include "kernels/simd/vector.h"

static const float special[] = {0.0f,     -0.0f,     1.0f, -1.0f,    3.5f, -2.25f, 1e30f,
                                INFINITY, -INFINITY, NAN,  1e-40f, 255.0f};
enum { SPECIAL = sizeof special / sizeof *special };

static int same(float a, float b)
{
    return isnan(a) ? isnan(b) : memcmp(&a, &b, sizeof a) == 0;
}

/* Returns n numbers that end with their heap block, so that a sanitizer finds any read beyond
 * them. */
static float *numbers(size_t n)
{
    float *values = malloc(n * sizeof *values + (n == 0));
    ck_assert_ptr_nonnull(values);
    for (size_t i = 0; i < n; i++)
        values[i] = (float)i + 0.5f;
    return values;
}

START_TEST(partial_vectors)
{
    for (size_t n = 0; n <= CD_LANES; n++) {
        float *from = numbers(n), to[CD_LANES + 1];
        const cd_vf value = cd_vf_load_n(from, n);
        for (size_t i = 0; i <= CD_LANES; i++)
            to[i] = -7.0f;
        cd_vf_store_n(to, value + cd_vf_all(1.0f), n);
        for (size_t i = 0; i < CD_LANES; i++) {
            ck_assert_float_eq(value[i], i < n ? (float)i + 0.5f : 0.0f);
            ck_assert_float_eq(to[i], i < n ? (float)i + 1.5f : -7.0f);
        }
        ck_assert_float_eq(to[CD_LANES], -7.0f);
        free(from);
    }
}
END_TEST

START_TEST(partial_vectors_of_bytes)
{
    for (size_t n = 0; n <= CD_LANES; n++) {
        uint8_t *from = malloc(n + (n == 0)), to[CD_LANES + 1];
        ck_assert_ptr_nonnull(from);
        for (size_t i = 0; i < n; i++)
            from[i] = (uint8_t)(255 - 60 * i);
        memset(to, 99, sizeof to);
        const cd_vi value = cd_vi_load_bytes_n(from, n);
        cd_vi_store_bytes_n(to, value, n);
        for (size_t i = 0; i < CD_LANES; i++) {
            ck_assert_int_eq(value[i], i < n ? from[i] : 0);
            ck_assert_uint_eq(to[i], i < n ? from[i] : 99);
        }
        if (n == CD_LANES) {
            const cd_vi all = cd_vi_load_bytes(from);
            memset(to, 99, sizeof to);
            cd_vi_store_bytes(to, all);
            ck_assert_mem_eq(&all, &value, sizeof all);
            ck_assert_mem_eq(to, from, CD_LANES);
        }
        ck_assert_uint_eq(to[CD_LANES], 99);
        free(from);
    }
}
END_TEST

/* Tests every pair of special numbers, and pairs of equal numbers. */
START_TEST(comparisons_and_selections)
{
    for (size_t i = 0; i < SPECIAL; i++)
        for (size_t j = 0; j < SPECIAL; j++) {
            const cd_vf a = cd_vf_all(special[i]);
            cd_vf b = cd_vf_all(special[j]);
            b[CD_LANES - 1] = special[i];
            const cd_vf one = cd_vf_all(1.0f), two = cd_vf_all(2.0f);
            const cd_vf greater = cd_vf_select(cd_vf_greater(a, b), one, two);
            const cd_vf nan = cd_vf_select(cd_vf_is_nan(b), one, two);
            const cd_vf choice = cd_vf_select(cd_vf_greater(one, b), a, b);
            for (size_t k = 0; k < CD_LANES; k++) {
                ck_assert_float_eq(greater[k], a[k] > b[k] ? 1.0f : 2.0f);
                ck_assert_float_eq(nan[k], isnan(b[k]) ? 1.0f : 2.0f);
                ck_assert(same(choice[k], 1.0f > b[k] ? a[k] : b[k]));
            }
        }
    cd_vi a = cd_vi_all(-5), b = cd_vi_all(-5);
    b[0] = 4;
    const cd_vi choice = cd_vi_select(cd_vi_equal(a, b), cd_vi_all(70000), cd_vi_all(-1));
    for (size_t k = 0; k < CD_LANES; k++)
        ck_assert_int_eq(choice[k], k == 0 ? -1 : 70000);
}
END_TEST

START_TEST(arithmetic)
{
    for (size_t i = 0; i < SPECIAL; i++) {
        const float x = special[i];
        const cd_vf relu = cd_vf_relu(cd_vf_all(x)), root = cd_vf_sqrt(cd_vf_all(fabsf(x)));
        for (size_t k = 0; k < CD_LANES; k++) {
            ck_assert_msg(x < 0.0f ? relu[k] == 0.0f : isnan(x) ? isnan(relu[k]) : relu[k] == x,
                          "relu of %g is %g", x, relu[k]);
            ck_assert_msg(same(root[k], sqrtf(fabsf(x))), "root of %g is %g", x, root[k]);
        }
    }
    const cd_vf sum = cd_vf_fma(cd_vf_all(3.0f), cd_vf_all(-2.0f), cd_vf_all(10.0f));
    for (size_t k = 0; k < CD_LANES; k++)
        ck_assert_float_eq(sum[k], 4.0f);
#if defined __aarch64__ || defined __FMA__
    const cd_vf factor = cd_vf_all(1.0f + 1.0f / 4096), rest = cd_vf_all(-1.0f - 1.0f / 2048);
    const cd_vf fused = cd_vf_fma(factor, factor, rest); /* would be 0 if it were rounded twice */
    for (size_t k = 0; k < CD_LANES; k++)
        ck_assert_float_eq(fused[k], 1.0f / 4096 / 4096);
#endif
}
END_TEST

START_TEST(transposition)
{
    cd_vf square[CD_LANES];
    for (size_t i = 0; i < CD_LANES; i++)
        for (size_t k = 0; k < CD_LANES; k++)
            square[i][k] = (float)(100 * i + k);
    cd_vf_transpose(square);
    for (size_t i = 0; i < CD_LANES; i++)
        for (size_t k = 0; k < CD_LANES; k++)
            ck_assert_float_eq(square[i][k], (float)(100 * k + i));
}
END_TEST

Suite *suite_vector(void)
{
    Suite *suite = suite_create("vector");
    TCase *tc = tcase_create("vector");

    tcase_add_test(tc, partial_vectors);
    tcase_add_test(tc, partial_vectors_of_bytes);
    tcase_add_test(tc, comparisons_and_selections);
    tcase_add_test(tc, arithmetic);
    tcase_add_test(tc, transposition);
    suite_add_tcase(suite, tc);
    return suite;
}
