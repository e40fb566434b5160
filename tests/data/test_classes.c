/* SPDX-License-Identifier: MIT
 *
 * Tests class names: the order of their labels, and the matching of given names with found
 * names. */
#include <catdog/catdog.h>
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "data/classes.h"
#include "support/photo_folder.h"

static cnn_context_t *context;

static void setup(void)
{
    context = context_with_threads(1);
}

static void teardown(void)
{
    cnn_context_free(context);
}

enum { MOST_NAMES = 4 };

/* Checks that cd_classes_order() restores this order from every rotation of the names. */
static void are_in_order(size_t n, const char *const *names)
{
    for (size_t first = 0; first < n; first++) {
        const char *found[MOST_NAMES];
        for (size_t i = 0; i < n; i++)
            found[i] = names[(first + i) % n];
        cd_classes_order(found, n);
        for (size_t i = 0; i < n; i++)
            ck_assert_str_eq(found[i], names[i]);
    }
}

#define IN_ORDER(...)                                                                              \
    are_in_order(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *),                      \
                 (const char *const[]){__VA_ARGS__})

START_TEST(labels_ascend_in_byte_order)
{
    IN_ORDER("ants", "bees");
    IN_ORDER("Dog", "Wolf");
    IN_ORDER("Zebra", "ant"); /* upper case sorts before lower case */
    IN_ORDER("ant", "bee", "b\xc3\xa4r", "cat");
    IN_ORDER("a", "aa");
    IN_ORDER("only");
}
END_TEST

START_TEST(dog_precedes_cat)
{
    IN_ORDER("dog", "cat");
    IN_ORDER("dogs", "cats");
    IN_ORDER("dogs", "cat");
    IN_ORDER("dog", "cats");
    IN_ORDER("Dog", "Cat");
    IN_ORDER("DOGS", "cAtS");
    IN_ORDER("Dog", "cat"); /* here byte order gives the same result */
    IN_ORDER("dog", "Cat");
}
END_TEST

START_TEST(no_other_classes_are_an_exception)
{
    IN_ORDER("cat", "dog", "horse");
    IN_ORDER("Cat", "cat");
    IN_ORDER("cat", "cats");
    IN_ORDER("cat", "doggy");
    IN_ORDER("catss", "dog");
    IN_ORDER("kitten", "puppy");
    IN_ORDER("ca", "dog");
}
END_TEST

static uint32_t match(const char *const *given, size_t n, const char *found)
{
    uint32_t label;
    ck_assert_int_eq(cd_classes_match(context, given, n, &found, 1, &label), CNN_OK);
    return label;
}

START_TEST(given_names_match_found_names)
{
    static const char *const given[] = {"cats", "Cat", "cat", "s", "glas", "DOGS"};

    ck_assert_uint_eq(match(given, 6, "cat"), 2);  /* the names are equal */
    ck_assert_uint_eq(match(given, 6, "Cat"), 1);
    ck_assert_uint_eq(match(given, 6, "cats"), 0);
    ck_assert_uint_eq(match(given, 6, "CAT"), 1);  /* two match if case is ignored: the first one */
    /* ignoring case is tried before adding or removing an "s" */
    ck_assert_uint_eq(match(given, 6, "CATS"), 0);
    ck_assert_uint_eq(match(given, 6, "dog"), 5);
    ck_assert_uint_eq(match(given, 6, "DOGs"), 5);
    ck_assert_uint_eq(match(given, 6, "Glass"), 4);
    ck_assert_uint_eq(match(given, 6, "glasss"), CD_NO_CLASS); /* only a single "s" is removed */
    ck_assert_uint_eq(match(given, 6, "S"), 3);
    ck_assert_uint_eq(match(given, 6, "ss"), 3);
    ck_assert_uint_eq(match(given, 6, "ca"), CD_NO_CLASS);
    ck_assert_uint_eq(match(given, 6, "catz"), CD_NO_CLASS);
    /* Case is ignored for ASCII letters only. */
    ck_assert_uint_eq(match((const char *const[]){"b\xc3\xa4r"}, 1, "B\xc3\xa4R"), 0);
    ck_assert_uint_eq(match((const char *const[]){"b\xc3\xa4r"}, 1, "B\xc3\x84R"), CD_NO_CLASS);
}
END_TEST

/* This test would take minutes if every given name were compared with every found name. */
START_TEST(many_names_match_quickly)
{
    enum { N = 20000 };
    static char text[N][16];
    static const char *given[N], *found[N];
    static uint32_t labels[N];

    for (size_t i = 0; i < N; i++) {
        snprintf(text[i], sizeof text[i], "%c%zu", i % 2 ? 'k' : 'K', i);
        given[i] = text[i];
        found[N - 1 - i] = text[i];
    }
    ck_assert_int_eq(cd_classes_match(context, given, N, found, N, labels), CNN_OK);
    for (size_t i = 0; i < N; i++)
        ck_assert_uint_eq(labels[i], N - 1 - i);
}
END_TEST

Suite *suite_classes(void)
{
    Suite *suite = suite_create("classes");
    TCase *tcase = tcase_create("classes");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, labels_ascend_in_byte_order);
    tcase_add_test(tcase, dog_precedes_cat);
    tcase_add_test(tcase, no_other_classes_are_an_exception);
    tcase_add_test(tcase, given_names_match_found_names);
    tcase_add_test(tcase, many_names_match_quickly);
    suite_add_tcase(suite, tcase);
    return suite;
}
