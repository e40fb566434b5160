/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "support/cache_fixture.h"

#include <check.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "data/dataset.h"

const cnn_preprocess_t cache_photos_size = {
    .struct_size = sizeof cache_photos_size, .height = HEIGHT, .width = WIDTH};

struct cache_fixture cache_fixture;

void cache_fixture_setup(void)
{
    char name[32];

    folder_make(&cache_fixture.photos);
    folder_make(&cache_fixture.other);
    test_context_open(&cache_fixture.test, 2);
    for (int i = 0; i < PHOTOS; i++) {
        snprintf(name, sizeof name, "%s.%02d.jpg", i % 2 ? "cat" : "dog", i);
        folder_photo(&cache_fixture.photos, name, 20 + (size_t)i, 60 - (size_t)i, (unsigned)i);
    }
    folder_cut_photo(&cache_fixture.photos, "cat.99.jpg", 700);
    snprintf(cache_fixture.cache, sizeof cache_fixture.cache, "%s",
             folder_path(&cache_fixture.other, "cache"));
}

void cache_fixture_teardown(void)
{
    test_context_close(&cache_fixture.test);
    folder_remove(&cache_fixture.photos);
    folder_remove(&cache_fixture.other);
}

cnn_dataset_t *cache_photos_open(cnn_context_t *context, int strict)
{
    const cnn_dataset_open_options_t options = {.struct_size = sizeof options, .strict = strict};
    cnn_dataset_t *dataset;

    ck_assert_int_eq(cnn_dataset_open(context, cache_fixture.photos.path, &options, &dataset),
                     CNN_OK);
    return dataset;
}

cnn_dataset_t *cache_photos_load(cnn_context_t *context, const char *file, uint64_t memory)
{
    const cnn_dataset_load_options_t options = {
        .struct_size = sizeof options, .cache = file, .max_bytes = memory};
    cnn_dataset_t *dataset = cache_photos_open(context, 0);
    cnn_status_t rc = cnn_dataset_load(dataset, &cache_photos_size, &options);

    ck_assert_msg(rc == CNN_OK, "%s", cnn_error_message());
    return dataset;
}

void cache_same_pixels(const cnn_dataset_t *a, const cnn_dataset_t *b)
{
    uint8_t scratch[2][IMAGE_SIZE];
    const uint8_t *pixels[2];

    ck_assert_uint_eq(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        ck_assert_str_eq(a->samples[i].path, b->samples[i].path);
        ck_assert_int_eq(cd_dataset_pixels(a, i, scratch[0], &pixels[0]), CNN_OK);
        ck_assert_int_eq(cd_dataset_pixels(b, i, scratch[1], &pixels[1]), CNN_OK);
        ck_assert_mem_eq(pixels[0], pixels[1], IMAGE_SIZE);
        ck_assert(cd_dataset_hash(a, i) == cd_dataset_hash(b, i));
    }
    ck_assert_uint_eq(a->n_skipped, b->n_skipped);
    for (size_t i = 0; i < a->n_skipped; i++) {
        ck_assert_str_eq(a->skipped[i].path, b->skipped[i].path);
        ck_assert_int_eq(a->skipped[i].status, b->skipped[i].status);
        ck_assert_str_eq(a->skipped[i].reason, b->skipped[i].reason);
    }
}

ino_t cache_inode(void)
{
    struct stat about;
    ck_assert_int_eq(stat(cache_fixture.cache, &about), 0);
    return about.st_ino;
}

void cache_warned(const char *text)
{
    ck_assert_msg(strstr(cache_fixture.test.warnings, text) != NULL, "no \"%s\" in:\n%s", text,
                  cache_fixture.test.warnings);
}

size_t cache_files(void)
{
    DIR *directory = opendir(cache_fixture.other.path);
    size_t n = 0;

    ck_assert_ptr_nonnull(directory);
    for (const struct dirent *e; (e = readdir(directory));)
        n += e->d_name[0] != '.';
    closedir(directory);
    return n;
}
