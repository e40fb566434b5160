/* SPDX-License-Identifier: MIT
 *
 * Tests loading the photos of a folder: which photos are skipped and why, the same pixels for any
 * number of threads, and loading again with other settings. */
#define _POSIX_C_SOURCE 200809L
#include <catdog/catdog.h>
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "data/dataset.h"
#include "support/dataset_checks.h"
#include "support/failing_allocator.h"

enum { HEIGHT = 12, WIDTH = 17, IMAGE_SIZE = HEIGHT * WIDTH * 3 };

static const cnn_preprocess_t small = {
    .struct_size = sizeof small, .height = HEIGHT, .width = WIDTH};

static struct photo_folder folder;
static cnn_context_t *context;

static void setup(void)
{
    folder_make(&folder);
    context = context_with_threads(2);
}

static void teardown(void)
{
    cnn_context_free(context);
    folder_remove(&folder);
}

/* Makes three good photos, and one photo with each kind of damage. */
static void make_mixed_photos(void)
{
    static const unsigned char png[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13};

    folder_photo(&folder, "cat.1.jpg", 30, 40, 1);
    folder_touch(&folder, "cat.2.jpg");
    folder_cut_photo(&folder, "cat.3.jpg", 700);
    folder_photo(&folder, "cat.4.jpg", 1, 1, 2);
    folder_file(&folder, "dog.1.jpg", png, sizeof png);
    folder_photo(&folder, "dog.2.jpg", 50, 20, 3);
    folder_file(&folder, "dog.3.jpg", "meow meow meow", 14);
    folder_photo(&folder, "dog.4.jpg", 25, 25, 4);
    folder_photo(&folder, "photo.jpg", 25, 25, 4);
    folder_photo(&folder, "all.jpg", 25, 25, 4);
}

START_TEST(bad_photos_are_skipped)
{
    static const struct {
        const char *name;
        cnn_status_t status;
        const char *reason;
    } skipped[] = {{"all.jpg", CNN_ERROR_DATA, "class"},   {"cat.2.jpg", CNN_ERROR_IMAGE, "empty"},
                   {"cat.3.jpg", CNN_ERROR_IMAGE, ""},     {"dog.1.jpg", CNN_ERROR_IMAGE, "PNG"},
                   {"dog.3.jpg", CNN_ERROR_IMAGE, "JPEG"}, {"dog.4.jpg", CNN_ERROR_IO, ""},
                   {"photo.jpg", CNN_ERROR_DATA, "class"}};
    static const char *const kept[] = {"cat.1.jpg", "cat.4.jpg", "dog.2.jpg"};
    cnn_dataset_t *dataset;

    make_mixed_photos();
    dataset = dataset_of_folder(context, &folder, 0);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 8);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 2);
    ck_assert_int_eq(unlink(folder_path(&folder, "dog.4.jpg")), 0); /* removed before the load */
    dataset_load(dataset, &small);

    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 3);
    for (size_t i = 0; i < 3; i++) {
        cnn_sample_t sample = dataset_sample_at(dataset, i);
        ck_assert_str_eq(sample.path, folder_path(&folder, kept[i]));
        ck_assert_uint_eq(sample.label, i < 2);
        dataset_has_pixels_of_file(context, dataset, i, &small);
    }
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 7);
    for (size_t i = 0; i < 7; i++) {
        cnn_skipped_t found = dataset_skipped_at(dataset, i);
        ck_assert_str_eq(found.path, folder_path(&folder, skipped[i].name));
        ck_assert_int_eq(found.status, skipped[i].status);
        ck_assert_msg(strstr(found.reason, skipped[i].reason) != NULL, "%s: \"%s\"", found.path,
                      found.reason);
        ck_assert_uint_gt(strlen(found.reason), 5);
        /* the path is in found.path only */
        ck_assert_ptr_null(strstr(found.reason, folder.path));
    }

    /* A load with another size skips one more photo. The list stays sorted. */
    const cnn_preprocess_t other = {.struct_size = sizeof other, .height = 5, .width = 4};
    ck_assert_int_eq(unlink(folder_path(&folder, "cat.4.jpg")), 0);
    dataset_load(dataset, &other);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 2);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 8);
    ck_assert_str_eq(dataset_skipped_at(dataset, 3).path, folder_path(&folder, "cat.4.jpg"));
    dataset_has_pixels_of_file(context, dataset, 0, &other);
    dataset_has_pixels_of_file(context, dataset, 1, &other);
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(strict)
{
    for (uint32_t threads = 1; threads <= 4; threads++) {
        char expected[FOLDER_PATH_SIZE + 32];
        cnn_context_t *with = context_with_threads(threads);
        if (threads == 1) {
            make_mixed_photos();
            unlink(folder_path(&folder, "all.jpg"));
            unlink(folder_path(&folder, "photo.jpg"));
        }
        cnn_dataset_t *dataset = dataset_of_folder(with, &folder, 1);
        ck_assert_int_eq(cnn_dataset_load(dataset, &small, NULL), CNN_ERROR_IMAGE);
        /* The error is about the first bad photo by path, whichever thread failed first. */
        snprintf(expected, sizeof expected, "%s: ", folder_path(&folder, "cat.2.jpg"));
        ck_assert_msg(strncmp(cnn_error_message(), expected, strlen(expected)) == 0, "%s",
                      cnn_error_message());
        ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 8);
        ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 0);
        ck_assert_ptr_null(dataset_sample_at(dataset, 0).pixels);
        cnn_dataset_free(dataset);
        cnn_context_free(with);
    }
}
END_TEST

START_TEST(nothing_left)
{
    folder_touch(&folder, "cat.1.jpg");
    folder_touch(&folder, "dog.1.jpg");
    cnn_dataset_t *dataset = dataset_of_folder(context, &folder, 0);
    ck_assert_int_eq(cnn_dataset_load(dataset, &small, NULL), CNN_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "cat.1.jpg"));
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 2);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 0);
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(limits)
{
    const cnn_image_options_t pixels = {.struct_size = sizeof pixels, .max_pixels = 600};
    cnn_dataset_open_options_t options = {.struct_size = sizeof options, .image = &pixels};
    cnn_dataset_t *dataset;

    folder_photo(&folder, "cat.1.jpg", 20, 30, 1);
    folder_photo(&folder, "dog.1.jpg", 30, 20, 1);
    folder_photo(&folder, "dog.2.jpg", 30, 21, 1);
    ck_assert_int_eq(cnn_dataset_open(context, folder.path, &options, &dataset), CNN_OK);
    dataset_load(dataset, &small);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 2);
    ck_assert_int_eq(dataset_skipped_at(dataset, 0).status, CNN_ERROR_IMAGE);
    ck_assert_str_eq(dataset_skipped_at(dataset, 0).path, folder_path(&folder, "dog.2.jpg"));
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(any_number_of_threads)
{
    static const uint32_t threads[] = {1, 2, 7};
    cnn_context_t *contexts[3];
    cnn_dataset_t *datasets[3];

    folder_cats_and_dogs(&folder, 16);
    folder_touch(&folder, "cat.99.jpg");
    for (int t = 0; t < 3; t++) {
        contexts[t] = context_with_threads(threads[t]);
        datasets[t] = dataset_of_folder(contexts[t], &folder, 0);
        dataset_load(datasets[t], &small);
        ck_assert_uint_eq(cnn_dataset_sample_count(datasets[t]), 16);
        ck_assert_uint_eq(cnn_dataset_skipped_count(datasets[t]), 1);
        for (size_t i = 0; i < 16; i++)
            ck_assert_mem_eq(dataset_sample_at(datasets[t], i).pixels,
                             dataset_sample_at(datasets[0], i).pixels, IMAGE_SIZE);
    }
    ck_assert_mem_ne(dataset_sample_at(datasets[0], 0).pixels,
                     dataset_sample_at(datasets[0], 1).pixels, IMAGE_SIZE);
    for (int t = 0; t < 3; t++) {
        cnn_dataset_free(datasets[t]);
        cnn_context_free(contexts[t]);
    }
}
END_TEST

START_TEST(loading_again)
{
    cnn_preprocess_t shifted = small, letterbox = small;

    folder_cats_and_dogs(&folder, 4);
    cnn_dataset_t *dataset = dataset_of_folder(context, &folder, 0);
    dataset_load(dataset, &small);
    const uint8_t *pixels = dataset_sample_at(dataset, 0).pixels;

    shifted.mean[1] = 0.5f;
    shifted.std[2] = 2;
    ck_assert_int_eq(unlink(folder_path(&folder, "cat.1.jpg")), 0);
    dataset_load(dataset, &shifted); /* needs the same pixels, so no file is read */
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 4);
    ck_assert_ptr_eq(dataset_sample_at(dataset, 0).pixels, pixels);
    ck_assert(dataset->preprocess.mean[1] == 0.5f && dataset->preprocess.std[2] == 2);
    ck_assert(dataset->preprocess.std[0] == 1);

    letterbox.fit = CNN_FIT_LETTERBOX;
    dataset_load(dataset, &letterbox);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 3);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 1);
    for (size_t i = 0; i < 3; i++)
        dataset_has_pixels_of_file(context, dataset, i, &letterbox);

    cnn_preprocess_t wrong = small;
    wrong.std[0] = -1;
    ck_assert_int_eq(cnn_dataset_load(dataset, &wrong, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_load(NULL, &small, NULL), CNN_ERROR_ARGUMENT);
    dataset_has_pixels_of_file(context, dataset, 0, &letterbox);
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(need_is_known)
{
    folder_cats_and_dogs(&folder, 3);
    cnn_dataset_t *dataset = dataset_of_folder(context, &folder, 0);
    const cnn_preprocess_t wrong = {.struct_size = sizeof wrong, .height = 65536};

    ck_assert_uint_eq(cnn_dataset_load_bytes(dataset, NULL), 3 * 94 * 125 * 3);
    ck_assert_uint_eq(cnn_dataset_load_bytes(dataset, &small), 3 * IMAGE_SIZE);
    ck_assert_uint_eq(cnn_dataset_load_bytes(dataset, &wrong), 0);
    ck_assert_uint_eq(cnn_dataset_load_bytes(NULL, &small), 0);
    const size_t count = dataset->count;
    const cnn_preprocess_t large = {.struct_size = sizeof large, .height = 65535, .width = 65535};
    dataset->count = SIZE_MAX;
    ck_assert_uint_eq(cnn_dataset_load_bytes(dataset, &large), UINT64_MAX);
    dataset->count = count;
    cnn_dataset_free(dataset);
}
END_TEST

/* The two sets of a split share the pixels of the whole dataset. All three datasets can be freed in
 * any order. */
START_TEST(freed_in_any_order)
{
    struct failing_allocator allocator = {0};
    cnn_dataset_t *train, *validation;
    cnn_dataset_split_options_t options = {.struct_size = sizeof options, .n_validation = 4};

    folder_cats_and_dogs(&folder, 10);
    cnn_context_t *own = failing_allocator_context(&allocator, 2);
    cnn_dataset_t *dataset = dataset_of_folder(own, &folder, 0);
    cnn_context_free(own);
    dataset_load(dataset, &small);
    ck_assert_int_eq(cnn_dataset_split(dataset, &options, &train, &validation), CNN_OK);
    ck_assert_ptr_eq(train->pixel_block, dataset->pixel_block);
    ck_assert_ptr_eq(validation->pixel_block, dataset->pixel_block);
    cnn_dataset_free(dataset);
    for (size_t i = 0; i < 6; i++)
        dataset_has_pixels_of_file(context, train, i, &small);
    cnn_dataset_free(train);
    for (size_t i = 0; i < 4; i++)
        dataset_has_pixels_of_file(context, validation, i, &small);
    const cnn_preprocess_t other = {.struct_size = sizeof other, .height = 3, .width = 2};
    dataset_load(validation, &other);
    dataset_has_pixels_of_file(context, validation, 3, &other);
    cnn_dataset_free(validation);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}
END_TEST

Suite *suite_load(void)
{
    Suite *suite = suite_create("load");
    TCase *tcase = tcase_create("load");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, bad_photos_are_skipped);
    tcase_add_test(tcase, strict);
    tcase_add_test(tcase, nothing_left);
    tcase_add_test(tcase, limits);
    tcase_add_test(tcase, any_number_of_threads);
    tcase_add_test(tcase, loading_again);
    tcase_add_test(tcase, need_is_known);
    tcase_add_test(tcase, freed_in_any_order);
    suite_add_tcase(suite, tcase);
    return suite;
}
