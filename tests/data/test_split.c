/* SPDX-License-Identifier: MIT
 *
 * Tests that the sets of a split are disjoint, complete, stratified, and determined only by the
 * seed. */
#include <catdog/catdog.h>
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "data/dataset.h"
#include "data/split.h"
#include "support/photo_folder.h"
#include "support/from_pixels.h"

enum { MAX_CLASSES = 5 };

static const char *const names[MAX_CLASSES] = {"a", "b", "c", "d", "e"};
static cnn_context_t *context;

static void setup(void)
{
    context = context_with_threads(1);
}

static void teardown(void)
{
    cnn_context_free(context);
}

/* Makes a dataset of n images of one pixel. The three bytes of the pixel are the sample's
 * number. */
static cnn_dataset_t *numbered(size_t n, const uint32_t *labels, size_t n_classes)
{
    uint8_t *pixels = malloc(n * 3);
    cnn_dataset_t *dataset;

    ck_assert_ptr_nonnull(pixels);
    for (size_t i = 0; i < n; i++) {
        pixels[i * 3] = (uint8_t)i;
        pixels[i * 3 + 1] = (uint8_t)(i >> 8);
        pixels[i * 3 + 2] = (uint8_t)(i >> 16);
    }
    ck_assert_int_eq(from_pixels(context, pixels, labels, n, 1, 1, names, n_classes,
                                             &dataset),
                     CNN_OK);
    free(pixels);
    return dataset;
}

static size_t number_of(const cnn_dataset_t *dataset, size_t index)
{
    cnn_sample_t sample = {.struct_size = sizeof sample};
    ck_assert_int_eq(cnn_dataset_sample(dataset, index, &sample), CNN_OK);
    return sample.pixels[0] + ((size_t)sample.pixels[1] << 8) + ((size_t)sample.pixels[2] << 16);
}

static void split(const cnn_dataset_t *dataset, size_t n_train, size_t n_validation, uint64_t seed,
                  cnn_dataset_t **train, cnn_dataset_t **validation)
{
    cnn_dataset_split_options_t options = {.struct_size = sizeof options,
                                           .n_train = n_train,
                                           .n_validation = n_validation,
                                           .seed = seed};
    cnn_status_t rc = cnn_dataset_split(dataset, &options, train, validation);
    ck_assert_msg(rc == CNN_OK, "%s", cnn_error_message());
}

static int same_members(const cnn_dataset_t *a, const cnn_dataset_t *b)
{
    int same = cnn_dataset_sample_count(a) == cnn_dataset_sample_count(b);
    for (size_t i = 0; same && i < cnn_dataset_sample_count(a); i++)
        same = number_of(a, i) == number_of(b, i);
    return same;
}

/* Checks one set of a split: its size, the order of its samples, their labels, and the number of
 * samples of each class. Marks its samples in `seen`, and fails if another set has marked one. */
static void check_part(const cnn_dataset_t *part, size_t size, size_t all, const uint32_t *labels,
                       const size_t *counts, size_t n_classes, double tolerance,
                       unsigned char *seen)
{
    size_t of_class[MAX_CLASSES] = {0};

    ck_assert_uint_eq(cnn_dataset_sample_count(part), size);
    ck_assert_uint_eq(cnn_dataset_class_count(part), n_classes);
    for (size_t i = 0; i < size; i++) {
        size_t number = number_of(part, i);
        cnn_sample_t sample = {.struct_size = sizeof sample};
        ck_assert_uint_lt(number, all);
        ck_assert(i == 0 || number > number_of(part, i - 1));
        ck_assert_int_eq(seen[number]++, 0);
        ck_assert_int_eq(cnn_dataset_sample(part, i, &sample), CNN_OK);
        ck_assert_uint_eq(sample.label, labels[number]);
        of_class[sample.label]++;
    }
    for (size_t c = 0; c < n_classes; c++) {
        double share = (double)counts[c] * (double)size / (double)all;
        ck_assert_msg(fabs((double)of_class[c] - share) < tolerance,
                      "class %zu of %zu: %zu samples, its share is %g", c, n_classes, of_class[c],
                      share);
    }
}

START_TEST(random_sizes)
{
    const uint64_t key = 77;
    uint64_t next = 0;

    for (int round = 0; round < 300; round++) {
        const size_t n_classes = 2 + cd_random_bits(key, next++) % (MAX_CLASSES - 1);
        const size_t all = 2 + cd_random_bits(key, next++) % 400;
        const size_t n_validation = 1 + cd_random_bits(key, next++) % (all - 1);
        const int rest = round % 3 == 0 && n_validation + 1 < all;
        const size_t n_train = rest ? 1 + cd_random_bits(key, next++) % (all - n_validation - 1)
                                    : all - n_validation;
        const uint64_t seed = cd_random_bits(key, next++);
        uint32_t labels[402];
        size_t counts[MAX_CLASSES] = {0};
        unsigned char seen[402] = {0};
        cnn_dataset_t *train, *validation, *train_again, *validation_again;

        for (size_t i = 0; i < all; i++) { /* classes have different sizes, in random order */
            const uint64_t bits = cd_random_bits(key, next++);
            labels[i] = (uint32_t)((bits >> 8) % n_classes * (bits % 4 != 0));
            counts[labels[i]]++;
        }
        cnn_dataset_t *dataset = numbered(all, labels, n_classes);
        split(dataset, rest ? n_train : 0, n_validation, seed, &train, &validation);
        split(dataset, n_train, n_validation, seed, &train_again, &validation_again);
        cnn_dataset_free(dataset);

        /* If the validation share of a class was rounded up, its number of training samples may
         * differ from the exact share by more than 1. */
        check_part(train, n_train, all, labels, counts, n_classes, rest ? 2 : 1, seen);
        check_part(validation, n_validation, all, labels, counts, n_classes, 1, seen);
        ck_assert(same_members(train, train_again));
        ck_assert(same_members(validation, validation_again));
        cnn_dataset_free(train);
        cnn_dataset_free(validation);
        cnn_dataset_free(train_again);
        cnn_dataset_free(validation_again);
    }
}
END_TEST

static void two_classes(uint32_t *labels, size_t n)
{
    for (size_t i = 0; i < n; i++)
        labels[i] = i >= n / 2;
}

START_TEST(seeds)
{
    enum { N = 200 };
    uint32_t labels[N];
    cnn_dataset_t *train[4], *validation[4];

    two_classes(labels, N);
    cnn_dataset_t *dataset = numbered(N, labels, 2);
    split(dataset, 100, 50, 1, &train[0], &validation[0]);
    split(dataset, 100, 50, 2, &train[1], &validation[1]);
    split(dataset, 20, 50, 1, &train[2], &validation[2]);
    ck_assert(!same_members(train[0], train[1]));
    ck_assert(!same_members(validation[0], validation[1]));
    /* With fewer training photos, the validation set is the same. */
    ck_assert(same_members(validation[0], validation[2]));
    ck_assert_uint_eq(cnn_dataset_sample_count(train[2]), 20);

    /* Seed 0 means the seed of the context. */
    cnn_context_options_t options = {.struct_size = sizeof options, .threads = 1, .seed = 2};
    cnn_context_t *before = context;
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    cnn_dataset_t *other = numbered(N, labels, 2);
    split(other, 100, 50, 0, &train[3], &validation[3]);
    ck_assert(same_members(train[1], train[3]));
    ck_assert(same_members(validation[1], validation[3]));
    cnn_dataset_free(other);
    cnn_context_free(context);
    context = before;

    for (int i = 0; i < 4; i++) {
        cnn_dataset_free(train[i]);
        cnn_dataset_free(validation[i]);
    }
    cnn_dataset_free(dataset);
}
END_TEST

/* Published results depend on which samples are in these sets, so the draw must never change. */
START_TEST(members_stay_the_same)
{
    static const size_t expected[] = {1, 3, 6, 11, 14, 19};
    uint32_t labels[20];
    cnn_dataset_t *train, *validation;

    two_classes(labels, 20);
    cnn_dataset_t *dataset = numbered(20, labels, 2);
    split(dataset, 0, 6, 1, &train, &validation);
    for (size_t i = 0; i < 6; i++)
        ck_assert_uint_eq(number_of(validation, i), expected[i]);
    cnn_dataset_free(train);
    cnn_dataset_free(validation);
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(sizes)
{
    static const struct {
        size_t train, validation;
        double fraction;
        size_t expect_train, expect_validation;
    } good[] = {{0, 0, 0, 80, 20},   {0, 0, 0.25, 75, 25}, {0, 0, 0.999, 0, 0},
                {10, 0, 0, 10, 20},  {10, 0, 0.5, 10, 50}, {0, 1, 0.5, 99, 1},
                {60, 40, 0, 60, 40}, {1, 1, 0, 1, 1},      {80, 0, 0, 80, 20},
                {81, 0, 0, 0, 0},    {0, 100, 0, 0, 0},    {1, 100, 0, 0, 0},
                {101, 0, 0, 0, 0},   {0, 0, 0.004, 0, 0},  {SIZE_MAX, 2, 0, 0, 0},
                {2, SIZE_MAX, 0, 0, 0}};
    uint32_t labels[100];

    two_classes(labels, 100);
    cnn_dataset_t *dataset = numbered(100, labels, 2);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        cnn_dataset_split_options_t options = {.struct_size = sizeof options,
                                               .n_train = good[i].train,
                                               .n_validation = good[i].validation,
                                               .validation_fraction = good[i].fraction};
        cnn_dataset_t *train = dataset, *validation = dataset;
        cnn_status_t rc = cnn_dataset_split(dataset, &options, &train, &validation);
        ck_assert_int_eq(rc, good[i].expect_train > 0 ? CNN_OK : CNN_ERROR_DATA);
        ck_assert_uint_eq(cnn_dataset_sample_count(train), good[i].expect_train);
        ck_assert_uint_eq(cnn_dataset_sample_count(validation), good[i].expect_validation);
        cnn_dataset_free(train);
        cnn_dataset_free(validation);
    }
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(arguments)
{
    static const double wrong[] = {1, -0.1, 2, NAN, INFINITY};
    uint32_t labels[10];
    cnn_dataset_t *train, *validation;

    two_classes(labels, 10);
    cnn_dataset_t *dataset = numbered(10, labels, 2);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cnn_dataset_split_options_t options = {.struct_size = sizeof options,
                                               .validation_fraction = wrong[i]};
        train = validation = dataset;
        ck_assert_int_eq(cnn_dataset_split(dataset, &options, &train, &validation),
                         CNN_ERROR_ARGUMENT);
        ck_assert_ptr_null(train);
        ck_assert_ptr_null(validation);
    }
    ck_assert_int_eq(cnn_dataset_split(NULL, NULL, &train, &validation), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_split(dataset, NULL, NULL, &validation), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_split(dataset, NULL, &train, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_split(dataset, NULL, &train, &train), CNN_ERROR_ARGUMENT);
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(apportion)
{
    static const struct {
        size_t counts[MAX_CLASSES], n, train, validation;
        size_t expect_train[MAX_CLASSES], expect_validation[MAX_CLASSES];
    } cases[] = {
        /* Exact shares: 1.2, 1.2, 1.6 of 4 validation photos; 1.8, 1.8, 2.4 of 6 for training. */
        {{3, 3, 4}, 3, 6, 4, {2, 2, 2}, {1, 1, 2}},
        /* All exact shares are 0.5. The validation photo is from the first class, which then has no
         * photo left, so the training photo is from the second class. */
        {{1, 1}, 2, 1, 1, {0, 1}, {1, 0}},
        {{9000, 9000}, 2, 4096, 1024, {2048, 2048}, {512, 512}},
        {{0, 7, 0, 2}, 4, 3, 6, {0, 2, 0, 1}, {0, 5, 0, 1}},
        /* The exact validation shares are 12.53, 37.59 and three times 0.63; the last three are
         * rounded up. The small classes then have no photo left. The exact training shares are
         * 6.99, 20.96 and three times 0.35, so the first two are rounded up instead. */
        {{20, 60, 1, 1, 1}, 5, 29, 52, {8, 21, 0, 0, 0}, {12, 37, 1, 1, 1}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cd_split_class classes[MAX_CLASSES] = {{0}};
        for (size_t c = 0; c < cases[i].n; c++)
            classes[c].count = cases[i].counts[c];
        ck_assert_int_eq(cd_split_apportion(context, classes, cases[i].n, cases[i].train,
                                            cases[i].validation),
                         CNN_OK);
        for (size_t c = 0; c < cases[i].n; c++) {
            ck_assert_uint_eq(classes[c].train, cases[i].expect_train[c]);
            ck_assert_uint_eq(classes[c].validation, cases[i].expect_validation[c]);
        }
    }
}
END_TEST

START_TEST(what_parts_inherit)
{
    struct photo_folder folder;
    const cnn_image_options_t limits = {
        .struct_size = sizeof limits, .max_pixels = 12345, .max_bytes = 678};
    cnn_dataset_open_options_t options = {.struct_size = sizeof options, .image = &limits};
    cnn_dataset_t *dataset, *parts[2];
    char name[32];

    folder_make(&folder);
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "%s.%d.jpg", i % 2 ? "cat" : "dog", i);
        folder_touch(&folder, name);
    }
    folder_touch(&folder, "photo.jpg");
    ck_assert_int_eq(cnn_dataset_open(context, folder.path, &options, &dataset), CNN_OK);
    dataset->strict = 1;
    split(dataset, 0, 4, 3, &parts[0], &parts[1]);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 1);
    cnn_dataset_free(dataset);
    for (int i = 0; i < 2; i++) {
        cnn_sample_t sample = {.struct_size = sizeof sample};
        ck_assert_uint_eq(cnn_dataset_sample_count(parts[i]), i == 0 ? 6 : 4);
        ck_assert_uint_eq(cnn_dataset_skipped_count(parts[i]), 0);
        ck_assert_str_eq(cnn_dataset_class_name(parts[i], 0), "dog");
        ck_assert_str_eq(cnn_dataset_class_name(parts[i], 1), "cat");
        ck_assert_int_eq(parts[i]->strict, 1);
        ck_assert_uint_eq(parts[i]->limits.max_pixels, 12345);
        ck_assert_uint_eq(parts[i]->limits.max_bytes, 678);
        ck_assert_int_eq(cnn_dataset_sample(parts[i], 0, &sample), CNN_OK);
        ck_assert(strncmp(sample.path, folder.path, strlen(folder.path)) == 0);
        ck_assert_ptr_null(sample.pixels);
        cnn_dataset_free(parts[i]);
    }
    folder_remove(&folder);
}
END_TEST

Suite *suite_split(void)
{
    Suite *suite = suite_create("split");
    TCase *tcase = tcase_create("split");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, random_sizes);
    tcase_add_test(tcase, seeds);
    tcase_add_test(tcase, members_stay_the_same);
    tcase_add_test(tcase, sizes);
    tcase_add_test(tcase, arguments);
    tcase_add_test(tcase, apportion);
    tcase_add_test(tcase, what_parts_inherit);
    suite_add_tcase(suite, tcase);
    return suite;
}
