/* SPDX-License-Identifier: MIT
 *
 * Tests that pixels from a cache file, and streamed pixels, equal pixels decoded into memory. */
#define _POSIX_C_SOURCE 200809L
#include <catdog/catdog.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "data/dataset.h"
#include "support/cache_fixture.h"
#include "support/children.h"

START_TEST(same_pixels)
{
    cnn_dataset_t *memory = cache_photos_load(cache_fixture.test.context, NULL, 0);
    cnn_dataset_t *built = cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0);
    const ino_t inode = cache_inode();
    cnn_dataset_t *cached = cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0);
    cnn_dataset_t *streamed =
        cache_photos_load(cache_fixture.test.context, NULL, 5 * IMAGE_SIZE + 1);
    cnn_sample_t sample = {.struct_size = sizeof sample};

    ck_assert_uint_eq(memory->count, PHOTOS);
    ck_assert_uint_eq(memory->n_skipped, 1);
    ck_assert_uint_eq(streamed->pixel_block->held, 5);
    cache_same_pixels(memory, built);
    cache_same_pixels(memory, cached);
    cache_same_pixels(memory, streamed);
    ck_assert(cache_inode() == inode);
    ck_assert_uint_eq(cache_files(), 1);
    ck_assert_int_eq(cnn_dataset_sample(cached, 3, &sample), CNN_OK);
    ck_assert_ptr_nonnull(sample.pixels);
    ck_assert_int_eq(cnn_dataset_sample(streamed, PHOTOS - 1, &sample), CNN_OK);
    ck_assert_ptr_null(sample.pixels);
    cnn_dataset_free(memory);
    cnn_dataset_free(built);
    cnn_dataset_free(cached);
    cnn_dataset_free(streamed);
}
END_TEST

/* A cache file has the photos of the whole folder: loading one of two sets makes the file for both,
 * and the sets share one mapping of it. */
START_TEST(one_file_for_every_split)
{
    const cnn_dataset_load_options_t options = {.struct_size = sizeof options,
                                                .cache = cache_fixture.cache};
    cnn_dataset_t *whole = cache_photos_open(cache_fixture.test.context, 0), *all, *parts[2];

    ck_assert_int_eq(cnn_dataset_split(whole, NULL, &parts[0], &parts[1]), CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(parts[0], &cache_photos_size, &options), CNN_OK);
    const ino_t inode = cache_inode();
    ck_assert_int_eq(cnn_dataset_load(parts[1], &cache_photos_size, &options), CNN_OK);
    ck_assert(cache_inode() == inode);
    ck_assert_ptr_nonnull(parts[0]->pixel_block->map.bytes);
    ck_assert_ptr_eq(parts[0]->pixel_block, parts[1]->pixel_block);
    all = cache_photos_load(cache_fixture.test.context, NULL, 0);
    for (size_t p = 0; p < 2; p++)
        for (size_t i = 0; i < parts[p]->count; i++) {
            size_t same = 0;
            while (strcmp(all->samples[same].path, parts[p]->samples[i].path) != 0)
                same++;
            ck_assert_mem_eq(cd_dataset_held(all, same), cd_dataset_held(parts[p], i), IMAGE_SIZE);
        }
    ck_assert_uint_eq(parts[0]->n_skipped + parts[1]->n_skipped, 1);
    cnn_dataset_free(all);
    cnn_dataset_free(parts[0]);
    cnn_dataset_free(parts[1]);
    cnn_dataset_free(whole);
}
END_TEST

START_TEST(strict_with_cache)
{
    const cnn_dataset_load_options_t options = {.struct_size = sizeof options,
                                                .cache = cache_fixture.cache};
    cnn_dataset_t *dataset = cache_photos_open(cache_fixture.test.context, 1);

    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(cnn_dataset_load(dataset, &cache_photos_size, &options), CNN_ERROR_IMAGE);
        ck_assert_ptr_nonnull(strstr(cnn_error_message(), "cat.99.jpg"));
    }
    cnn_dataset_free(dataset);
}
END_TEST

/* Runs in a child process. Waits for the start signal, loads the dataset with the cache file, and
 * compares the pixels with `expected`. Returns 0 on success. */
static int load_in_child(int line, const cnn_dataset_t *expected)
{
    cnn_context_t *context = context_with_threads(1);
    char go;

    child_hurries();
    if (read(line, &go, 1) != 0) /* the start signal: the parent closes the pipe */
        return 1;
    cnn_dataset_t *loaded = cache_photos_load(context, cache_fixture.cache, 0);
    cache_same_pixels(expected, loaded);
    const int mapped = loaded->pixel_block->map.bytes != NULL;
    cnn_dataset_free(loaded);
    cnn_context_free(context);
    return !mapped;
}

/* Several processes make the same cache file at the same time. Each process gets all pixels. One
 * file is left, and a later load uses it without making it again. */
START_TEST(made_by_processes_at_once)
{
    enum { CHILDREN = 3 };
    cnn_dataset_t *expected = cache_photos_load(cache_fixture.test.context, NULL, 0);
    pid_t children[CHILDREN];
    int line[2];

    ck_assert_int_eq(pipe(line), 0);
    for (size_t i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        ck_assert_int_ge(children[i], 0);
        if (children[i] == 0) {
            close(line[1]);
            _exit(load_in_child(line[0], expected));
        }
    }
    close(line[0]);
    close(line[1]);
    for (size_t i = 0; i < CHILDREN; i++) {
        int status = -1;
        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_int_eq(status, 0);
    }
    ck_assert_uint_eq(cache_files(), 1);
    const ino_t inode = cache_inode();
    cnn_dataset_t *later = cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0);
    ck_assert(cache_inode() == inode);
    cache_same_pixels(expected, later);
    cnn_dataset_free(later);
    cnn_dataset_free(expected);
}
END_TEST

/* Inserts surplus bytes before the end of a JPEG file, so that the decoder warns about it. */
static void add_surplus_bytes(const char *path)
{
    static const char tail[40 + 2] = {[40] = '\xff', [41] = '\xd9'};
    FILE *file = fopen(path, "r+b");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, -2, SEEK_END), 0); /* overwrites the end marker */
    ck_assert_uint_eq(fwrite(tail, 1, sizeof tail, file), sizeof tail);
    ck_assert_int_eq(fclose(file), 0);
}

/* The decoder's warning about a streamed photo is logged once, although the photo is decoded again
 * each time it is needed. */
START_TEST(warnings_come_once)
{
    add_surplus_bytes(folder_path(&cache_fixture.photos, "cat.01.jpg"));
    cnn_dataset_t *streamed = cache_photos_load(cache_fixture.test.context, NULL, 1);
    const int warnings = cache_fixture.test.logged[CNN_LOG_WARNING];
    uint8_t scratch[IMAGE_SIZE];
    const uint8_t *pixels;

    ck_assert_uint_eq(streamed->count, PHOTOS);
    ck_assert_int_eq(warnings, 2); /* the surplus bytes, and the truncated photo */
    for (size_t i = 0; i < streamed->count; i++)
        ck_assert_int_eq(cd_dataset_pixels(streamed, i, scratch, &pixels), CNN_OK);
    ck_assert_int_eq(cache_fixture.test.logged[CNN_LOG_WARNING], warnings);
    cnn_dataset_free(streamed);
}
END_TEST

Suite *suite_cache(void)
{
    Suite *suite = suite_create("cache");
    TCase *tcase = tcase_create("cache");

    tcase_add_checked_fixture(tcase, cache_fixture_setup, cache_fixture_teardown);
    tcase_add_test(tcase, same_pixels);
    tcase_add_test(tcase, one_file_for_every_split);
    tcase_add_test(tcase, made_by_processes_at_once);
    tcase_add_test(tcase, strict_with_cache);
    tcase_add_test(tcase, warnings_come_once);
    suite_add_tcase(suite, tcase);
    return suite;
}
