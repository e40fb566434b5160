/* SPDX-License-Identifier: MIT
 *
 * Tests progress reports, and loads that are cancelled or run out of memory. */
#define _POSIX_C_SOURCE 200809L
#include <catdog/catdog.h>
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "support/dataset_checks.h"
#include "support/failing_allocator.h"

enum { HEIGHT = 12, WIDTH = 17 };

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

struct watch {
    size_t calls, last, total;
    size_t stop_at; /* the call of the callback that returns 1; 0 = none */
    cnn_cancel_t *cancel;
    size_t cancel_at;
    int wrong;
};

static int watch_progress(size_t done, size_t total, void *user)
{
    struct watch *watch = user;

    watch->calls++;
    watch->wrong |= done != watch->last + 1 || (watch->total && watch->total != total);
    watch->last = done;
    watch->total = total;
    if (watch->calls == watch->cancel_at)
        cnn_cancel_request(watch->cancel);
    return watch->calls == watch->stop_at;
}

static cnn_status_t load_watched(cnn_dataset_t *dataset, struct watch *watch)
{
    cnn_dataset_load_options_t options = {.struct_size = sizeof options,
                                          .progress = watch_progress,
                                          .user = watch,
                                          .cancel = watch->cancel};
    return cnn_dataset_load(dataset, &small, &options);
}

START_TEST(progress)
{
    struct watch watch = {0}, again = {0};

    folder_cats_and_dogs(&folder, 12);
    folder_touch(&folder, "cat.99.jpg"); /* a photo that fails counts as done */
    cnn_dataset_t *dataset = dataset_of_folder(context, &folder, 0);
    ck_assert_int_eq(load_watched(dataset, &watch), CNN_OK);
    ck_assert_int_eq(watch.wrong, 0);
    ck_assert_uint_eq(watch.calls, 13);
    ck_assert_uint_eq(watch.last, 13);
    ck_assert_uint_eq(watch.total, 13);
    ck_assert_int_eq(load_watched(dataset, &again), CNN_OK); /* already loaded: no progress */
    ck_assert_uint_eq(again.calls, 0);
    cnn_dataset_free(dataset);
}
END_TEST

static void cancelled(cnn_dataset_t *dataset, struct watch *watch, size_t calls_at_most)
{
    ck_assert_int_eq(load_watched(dataset, watch), CNN_ERROR_CANCELLED);
    ck_assert_int_eq(watch->wrong, 0);
    ck_assert_uint_le(watch->calls, calls_at_most);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 13);
    ck_assert_uint_eq(cnn_dataset_skipped_count(dataset), 0);
    ck_assert_ptr_null(dataset_sample_at(dataset, 0).pixels);
}

START_TEST(cancelling)
{
    cnn_cancel_t *cancel;

    folder_cats_and_dogs(&folder, 12);
    folder_touch(&folder, "cat.99.jpg");
    cnn_dataset_t *dataset = dataset_of_folder(context, &folder, 0);
    cancelled(dataset, &(struct watch){.stop_at = 5}, 5);
    cancelled(dataset, &(struct watch){.stop_at = 1}, 1);
    cancelled(dataset, &(struct watch){.stop_at = 13}, 13);

    ck_assert_int_eq(cnn_cancel_create(context, &cancel), CNN_OK);
    /* Up to 6 calls: other threads may finish the photos that they have begun. */
    cancelled(dataset, &(struct watch){.cancel = cancel, .cancel_at = 4}, 6);
    cancelled(dataset, &(struct watch){.cancel = cancel}, 0); /* the request remains in effect */
    cnn_cancel_free(cancel);

    dataset_load(dataset, &small);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), 12);
    cnn_dataset_free(dataset);
}
END_TEST

/* Opens, loads and splits a dataset, and loads the training set. */
static cnn_status_t whole_way(cnn_context_t *with)
{
    cnn_dataset_t *dataset, *train = NULL, *validation = NULL;
    cnn_dataset_split_options_t options = {.struct_size = sizeof options, .n_validation = 3};
    const char *const classes[] = {"dogs", "CAT"};
    cnn_dataset_open_options_t given = {
        .struct_size = sizeof given, .classes = classes, .n_classes = 2};

    cnn_status_t rc = cnn_dataset_open(with, folder.path, &given, &dataset);
    if (rc == CNN_OK)
        rc = cnn_dataset_load(dataset, &small, NULL);
    if (rc == CNN_OK)
        rc = cnn_dataset_split(dataset, &options, &train, &validation);
    if (rc == CNN_OK)
        rc = cnn_dataset_load(train, NULL, NULL);
    cnn_dataset_free(dataset);
    cnn_dataset_free(train);
    cnn_dataset_free(validation);
    return rc;
}

START_TEST(no_memory_at_any_request)
{
    struct failing_allocator allocator = {0};
    const uint32_t threads = (uint32_t)_i + 1;
    int failures = 0;

    folder_cats_and_dogs(&folder, 6);
    folder_touch(&folder, "cat.99.jpg");
    folder_touch(&folder, "photo.jpg");
    cnn_context_t *own = failing_allocator_context(&allocator, threads);
    const size_t live = atomic_load(&allocator.live);
    for (size_t n = 1;; n++) {
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = whole_way(own);
        ck_assert_uint_eq(atomic_load(&allocator.live), live);
        if (!failing_allocator_failed(&allocator)) {
            ck_assert_int_eq(rc, CNN_OK);
            break;
        }
        ck_assert_msg(rc == CNN_ERROR_MEMORY, "request %zu: %d, %s", n, (int)rc,
                      cnn_error_message());
        failures++;
    }
    ck_assert_int_gt(failures, 50);
    cnn_context_free(own);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}
END_TEST

Suite *suite_load_stops(void)
{
    Suite *suite = suite_create("load_stops");
    TCase *tcase = tcase_create("load_stops");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, progress);
    tcase_add_test(tcase, cancelling);
    tcase_add_loop_test(tcase, no_memory_at_any_request, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
