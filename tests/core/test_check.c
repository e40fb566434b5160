/* SPDX-License-Identifier: MIT */
#include <check.h>

#include "core/check.h"

START_TEST(index_must_be_below_count)
{
    ck_assert_int_eq(cd_check_index("f", 2, 3), CNN_OK);
    ck_assert_int_eq(cd_check_index("f", 3, 3), CNN_ERROR_ARGUMENT);
    ck_assert_str_eq(cd_error_message(), "f: index 3; there are 3");
    ck_assert_int_eq(cd_check_index("f", 0, 0), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cd_check_index("f", SIZE_MAX, 3), CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(enum_value_must_exist)
{
    ck_assert_int_eq(cd_check_enum("f", "fit", 0, 3), CNN_OK);
    ck_assert_int_eq(cd_check_enum("f", "fit", 2, 3), CNN_OK);
    ck_assert_int_eq(cd_check_enum("f", "fit", 3, 3), CNN_ERROR_ARGUMENT);
    ck_assert_str_eq(cd_error_message(), "f: fit 3 is not one of cnn_fit_t");
    ck_assert_int_eq(cd_check_enum("f", "fit", -1, 3), CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(number_must_not_be_too_large)
{
    ck_assert_int_eq(cd_check_most("f", "threads", 8, 8), CNN_OK);
    ck_assert_int_eq(cd_check_most("f", "threads", 9, 8), CNN_ERROR_ARGUMENT);
    ck_assert_str_eq(cd_error_message(), "f: threads must be at most 8, not 9");
}
END_TEST

START_TEST(counts_must_agree)
{
    ck_assert_int_eq(cd_check_count("f", "bias", 5, 5), CNN_OK);
    ck_assert_int_eq(cd_check_count("f", "bias", 5, 4), CNN_ERROR_ARGUMENT);
    ck_assert_str_eq(cd_error_message(), "f: \"bias\" has 5 values, not 4");
}
END_TEST

Suite *suite_check(void)
{
    Suite *suite = suite_create("check");
    TCase *tests = tcase_create("check");

    tcase_add_test(tests, index_must_be_below_count);
    tcase_add_test(tests, enum_value_must_exist);
    tcase_add_test(tests, number_must_not_be_too_large);
    tcase_add_test(tests, counts_must_agree);
    suite_add_tcase(suite, tests);
    return suite;
}
