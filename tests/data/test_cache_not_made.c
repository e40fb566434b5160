/* SPDX-License-Identifier: MIT
 *
 * Tests that making a cache file can fail or be stopped, and that files which are not caches are
 * not replaced. */
#define _POSIX_C_SOURCE 200809L
#include <catdog/catdog.h>
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "data/dataset.h"
#include "support/cache_fixture.h"
#include "support/failing_allocator.h"

struct stopping {
    cnn_cancel_t *cancel; /* requested to stop the load; NULL: the callback returns nonzero */
};

static int stop_after_three(size_t done, size_t total, void *user)
{
    const struct stopping *stopping = user;

    ck_assert_uint_le(done, total);
    if (done >= 3 && stopping->cancel)
        cnn_cancel_request(stopping->cancel);
    return done >= 3 && !stopping->cancel;
}

/* A load that is stopped while it makes the cache file leaves the old state: no file, or the
 * outdated cache that was there before. */
START_TEST(stopped_while_made)
{
    struct stopping stopping = {NULL};
    cnn_dataset_load_options_t options = {.struct_size = sizeof options,
                                          .cache = cache_fixture.cache,
                                          .progress = stop_after_three,
                                          .user = &stopping};
    ino_t before = 0;

    if (_i % 2) {
        cnn_dataset_free(cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0));
        before = cache_inode();
        folder_photo(&cache_fixture.photos, "dog.00.jpg", 40, 40, 77);
    }
    if (_i / 2)
        ck_assert_int_eq(cnn_cancel_create(cache_fixture.test.context, &stopping.cancel), CNN_OK);
    options.cancel = stopping.cancel;
    cnn_dataset_t *dataset = cache_photos_open(cache_fixture.test.context, 0);
    ck_assert_int_eq(cnn_dataset_load(dataset, &cache_photos_size, &options), CNN_ERROR_CANCELLED);
    ck_assert_uint_eq(cache_files(), _i % 2);
    if (_i % 2)
        ck_assert(cache_inode() == before);
    cnn_cancel_free(stopping.cancel);
    cnn_dataset_free(dataset);
}
END_TEST

/* Whichever allocation fails, a complete cache file or none is left, and no temporary file. */
START_TEST(no_memory_while_made)
{
    const cnn_dataset_load_options_t options = {.struct_size = sizeof options,
                                                .cache = cache_fixture.cache};
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 2);
    int without = 0, with = 0;

    for (size_t n = 1;; n++) {
        cnn_dataset_t *dataset = cache_photos_open(own, 0);
        failing_allocator_set(&allocator, n);
        const cnn_status_t rc = cnn_dataset_load(dataset, &cache_photos_size, &options);
        failing_allocator_set(&allocator, 0);
        cnn_dataset_free(dataset);
        if (rc == CNN_OK)
            break;
        ck_assert_int_eq(rc, CNN_ERROR_MEMORY);
        const size_t files = cache_files();
        *(files ? &with : &without) += 1;
        if (!files)
            continue;
        const ino_t inode = cache_inode();
        cnn_dataset_free(cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0));
        ck_assert(cache_inode() == inode);
        ck_assert_uint_eq(cache_files(), 1);
        ck_assert_int_eq(unlink(cache_fixture.cache), 0);
    }
    ck_assert_int_gt(without, PHOTOS);
    ck_assert_int_gt(with, 0); /* some allocations failed after the file was complete */
    cnn_context_free(own);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}
END_TEST

/* A file that is not a cache is not replaced. */
START_TEST(something_else)
{
    static const char text[] = "a letter to a friend";
    char back[sizeof text] = "";

    folder_file(&cache_fixture.other, "cache", text, sizeof text);
    cnn_dataset_t *dataset = cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0);
    FILE *file = fopen(cache_fixture.cache, "rb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fread(back, 1, sizeof back, file), sizeof text);
    fclose(file);
    ck_assert_str_eq(back, text);
    cache_warned(": not a cache of images: left as it is, going on without this cache\n");
    ck_assert_ptr_nonnull(dataset->pixel_block->block);
    cnn_dataset_free(dataset);
}
END_TEST

/* If the disk is full or the folder of the cache file is missing, the load continues without a
 * cache and logs one warning. */
START_TEST(cannot_be_written)
{
    char expected[1024];
    struct rlimit before, little;
    cnn_dataset_t *memory = cache_photos_load(cache_fixture.test.context, NULL, 0), *dataset;
    const int errors = cache_fixture.test.logged[CNN_LOG_ERROR];

    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    little = before;
    little.rlim_cur = 9000;
    if (_i == 0)
        ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &little), 0);
    else
        snprintf(cache_fixture.cache, sizeof cache_fixture.cache, "%s",
                 folder_path(&cache_fixture.other, "no/such/cache"));
    dataset = cache_photos_load(cache_fixture.test.context, cache_fixture.cache,
                                _i == 2 ? 3 * IMAGE_SIZE : 0);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_uint_eq(dataset->pixel_block->held, _i == 2 ? 3 : PHOTOS + 1);
    ck_assert_int_eq(cache_fixture.test.logged[CNN_LOG_ERROR], errors);
    snprintf(expected, sizeof expected, "%s: cannot be written: %s: going on without this cache\n",
             cache_fixture.cache, strerror(_i == 0 ? EFBIG : ENOENT));
    cache_warned(expected);
    ck_assert_uint_eq(cache_files(), 0);
    cache_same_pixels(memory, dataset);
    cnn_dataset_free(memory);
    cnn_dataset_free(dataset);
}
END_TEST

Suite *suite_cache_not_made(void)
{
    Suite *suite = suite_create("cache_not_made");
    TCase *tcase = tcase_create("cache_not_made");

    tcase_add_checked_fixture(tcase, cache_fixture_setup, cache_fixture_teardown);
    tcase_add_loop_test(tcase, stopped_while_made, 0, 4);
    tcase_add_test(tcase, no_memory_while_made);
    tcase_add_test(tcase, something_else);
    tcase_add_loop_test(tcase, cannot_be_written, 0, 3);
    suite_add_tcase(suite, tcase);
    return suite;
}
