/* SPDX-License-Identifier: MIT
 *
 * Tests datasets of some samples of another dataset: order, shared pixels, invalid arguments. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "data/dataset.h"
#include "support/failing_allocator.h"
#include "support/from_pixels.h"
#include "support/photo_folder.h"

enum { COUNT = 6 };

static const char *const names[] = {"a", "b"};
static cnn_context_t *context;

static void setup(void)
{
    context = context_with_threads(1);
}

static void teardown(void)
{
    cnn_context_free(context);
}

/* Makes a dataset of images of one pixel, whose red value is the sample's number. Labels
 * alternate. */
static cnn_dataset_t *numbered(cnn_context_t *with)
{
    uint8_t pixels[COUNT * 3] = {0};
    uint32_t labels[COUNT];
    cnn_dataset_t *dataset;

    for (uint32_t i = 0; i < COUNT; i++) {
        pixels[i * 3] = (uint8_t)i;
        labels[i] = i % 2;
    }
    ck_assert_int_eq(from_pixels(with, pixels, labels, COUNT, 1, 1, names, 2, &dataset), CNN_OK);
    return dataset;
}

static void has(const cnn_dataset_t *dataset, const size_t *numbers, size_t n)
{
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), n);
    ck_assert_uint_eq(cnn_dataset_class_count(dataset), 2);
    for (size_t i = 0; i < n; i++) {
        cnn_sample_t sample = {.struct_size = sizeof sample};
        ck_assert_int_eq(cnn_dataset_sample(dataset, i, &sample), CNN_OK);
        ck_assert_uint_eq(sample.pixels[0], numbers[i]);
        ck_assert_uint_eq(sample.label, numbers[i] % 2);
    }
}

START_TEST(keeps_the_order_of_the_whole)
{
    static const size_t asked[] = {4, 0, 5}, expected[] = {0, 4, 5}, again[] = {2, 1},
                        last[] = {4, 5};
    cnn_dataset_t *whole = numbered(context), *subset, *smaller;

    ck_assert_int_eq(cnn_dataset_subset(whole, asked, 3, &subset), CNN_OK);
    ck_assert_ptr_eq(subset->pixel_block, whole->pixel_block);
    cnn_dataset_free(whole);
    has(subset, expected, 3);
    ck_assert_int_eq(cnn_dataset_subset(subset, again, 2, &smaller), CNN_OK);
    cnn_dataset_free(subset);
    has(smaller, last, 2);
    cnn_dataset_free(smaller);
}
END_TEST

START_TEST(refused)
{
    static const size_t twice[] = {1, 3, 1}, beyond[] = {0, COUNT}, far[] = {SIZE_MAX};
    cnn_dataset_t *whole = numbered(context), *subset = whole;

    ck_assert_int_eq(cnn_dataset_subset(whole, twice, 3, &subset), CNN_ERROR_ARGUMENT);
    ck_assert_str_eq(cnn_error_message(), "cnn_dataset_subset: index 1 comes twice");
    ck_assert_ptr_null(subset);
    ck_assert_int_eq(cnn_dataset_subset(whole, beyond, 2, &subset), CNN_ERROR_ARGUMENT);
    ck_assert_str_eq(cnn_error_message(), "cnn_dataset_subset: index 6; there are 6");
    ck_assert_int_eq(cnn_dataset_subset(whole, far, 1, &subset), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_subset(whole, twice, 0, &subset), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_subset(whole, NULL, 1, &subset), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_subset(NULL, twice, 1, &subset), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_subset(whole, twice, 1, NULL), CNN_ERROR_ARGUMENT);
    cnn_dataset_free(whole);
}
END_TEST

/* A subset of a folder's photos has the paths of its photos, and no skipped photos. All subsets use
 * one cache file. */
START_TEST(of_a_folder)
{
    static const size_t asked[] = {5, 1};
    const cnn_preprocess_t small = {.struct_size = sizeof small, .height = 4, .width = 5};
    cnn_dataset_load_options_t load = {.struct_size = sizeof load};
    struct photo_folder folder;
    char name[32], cache[FOLDER_PATH_SIZE];
    cnn_dataset_t *whole, *subset;
    cnn_sample_t a = {.struct_size = sizeof a}, b = a;

    folder_make(&folder);
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(name, sizeof name, "%s.%u.jpg", i % 2 ? "cat" : "dog", i);
        folder_photo(&folder, name, 8, 9, i * 40);
    }
    folder_touch(&folder, "photo.jpg");
    ck_assert_int_eq(cnn_dataset_open(context, folder.path, NULL, &whole), CNN_OK);
    ck_assert_int_eq(cnn_dataset_subset(whole, asked, 2, &subset), CNN_OK);
    ck_assert_uint_eq(cnn_dataset_skipped_count(whole), 1);
    ck_assert_uint_eq(cnn_dataset_skipped_count(subset), 0);
    snprintf(cache, sizeof cache, "%s", folder_path(&folder, "cache"));
    load.cache = cache;
    ck_assert_int_eq(cnn_dataset_load(subset, &small, &load), CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(whole, &small, &load), CNN_OK);
    for (size_t i = 0; i < 2; i++) {
        ck_assert_int_eq(cnn_dataset_sample(subset, i, &a), CNN_OK);
        ck_assert_int_eq(cnn_dataset_sample(whole, asked[1 - i], &b), CNN_OK);
        ck_assert_str_eq(a.path, b.path);
        ck_assert_mem_eq(a.pixels, b.pixels, 4 * 5 * 3);
    }
    ck_assert_ptr_eq(subset->pixel_block, whole->pixel_block);
    cnn_dataset_free(whole);
    cnn_dataset_free(subset);
    folder_remove(&folder);
}
END_TEST

START_TEST(no_memory)
{
    static const size_t asked[] = {1, 2};
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 1);
    cnn_dataset_t *whole = numbered(own), *subset;
    const size_t live = atomic_load(&allocator.live);
    cnn_status_t rc;

    for (size_t n = 1;; n++) {
        failing_allocator_set(&allocator, n);
        rc = cnn_dataset_subset(whole, asked, 2, &subset);
        if (!failing_allocator_failed(&allocator))
            break;
        ck_assert_int_eq(rc, CNN_ERROR_MEMORY);
        ck_assert_ptr_null(subset);
        ck_assert_uint_eq(atomic_load(&allocator.live), live);
    }
    ck_assert_int_eq(rc, CNN_OK);
    cnn_dataset_free(subset);
    cnn_dataset_free(whole);
    cnn_context_free(own);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}
END_TEST

Suite *suite_subset(void)
{
    Suite *suite = suite_create("subset");
    TCase *tcase = tcase_create("subset");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, keeps_the_order_of_the_whole);
    tcase_add_test(tcase, refused);
    tcase_add_test(tcase, of_a_folder);
    tcase_add_test(tcase, no_memory);
    suite_add_tcase(suite, tcase);
    return suite;
}
