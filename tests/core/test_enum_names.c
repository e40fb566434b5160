/* SPDX-License-Identifier: MIT
 *
 * Tests of tables that hold the names of an enum's values. */
#include <check.h>

#include "core/enum_names.h"

static const char *const words[] = {"zero", NULL, "two"}; /* value 1 has no name */
static const struct {
    int other;
    const char *name;
} rows[] = {{7, "a"}, {8, "b"}};

static const struct cd_enum_names word_names = CD_ENUM_NAMES(words);
static const struct cd_enum_names row_names = CD_ENUM_NAMES_OF_ROWS(rows, name);

START_TEST(names_by_value)
{
    ck_assert_str_eq(cd_enum_name(&word_names, 0), "zero");
    ck_assert_ptr_null(cd_enum_name(&word_names, 1));
    ck_assert_str_eq(cd_enum_name(&word_names, 2), "two");
    ck_assert_ptr_null(cd_enum_name(&word_names, 3));
    ck_assert_ptr_null(cd_enum_name(&word_names, -1));
    ck_assert_str_eq(cd_enum_name(&row_names, 1), "b");
    ck_assert_ptr_null(cd_enum_name(&row_names, 2));
}
END_TEST

START_TEST(values_by_name)
{
    ck_assert_int_eq(cd_enum_find(&word_names, "zero"), 0);
    ck_assert_int_eq(cd_enum_find(&word_names, "two"), 2);
    ck_assert_int_eq(cd_enum_find(&word_names, "Two"), -1);
    ck_assert_int_eq(cd_enum_find(&word_names, "tw"), -1);
    ck_assert_int_eq(cd_enum_find(&word_names, ""), -1);
    ck_assert_int_eq(cd_enum_find(&row_names, "a"), 0);
    ck_assert_int_eq(cd_enum_find(&row_names, "b"), 1);
}
END_TEST

Suite *suite_enum_names(void)
{
    Suite *suite = suite_create("enum_names");
    TCase *tcase = tcase_create("enum_names");

    tcase_add_test(tcase, names_by_value);
    tcase_add_test(tcase, values_by_name);
    suite_add_tcase(suite, tcase);
    return suite;
}
