/* SPDX-License-Identifier: MIT
 *
 * Tests that invalid cache files are detected and made again. */
#define _POSIX_C_SOURCE 200809L
#include <catdog/catdog.h>
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/hash.h"
#include "data/cache_file.h"
#include "data/dataset.h"
#include "support/cache_fixture.h"

static void change_byte(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");

    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, at, SEEK_SET), 0);
    const int byte = fgetc(file);
    ck_assert_int_ne(byte, EOF);
    ck_assert_int_eq(fseek(file, at, SEEK_SET), 0);
    fputc(byte ^ 16, file);
    ck_assert_int_eq(fclose(file), 0);
}

/* Loads the dataset with an invalid cache file, and checks that the file is made again. why: the
 * expected reason in the warning. */
static void is_made_anew(const char *why)
{
    char expected[1024];
    const ino_t before = cache_inode();
    cnn_dataset_t *memory = cache_photos_load(cache_fixture.test.context, NULL, 0);
    cnn_dataset_t *cached = cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0);

    snprintf(expected, sizeof expected, "%s: %s: the cache is made anew\n", cache_fixture.cache,
             why);
    cache_warned(expected);
    ck_assert(cache_inode() != before);
    cache_same_pixels(memory, cached);
    ck_assert_uint_eq(cache_files(), 1);
    cnn_dataset_free(memory);
    cnn_dataset_free(cached);
}

/* Changes one byte: in the header, in an image, in the list of entries, and in a reason. */
START_TEST(damaged)
{
    static const struct {
        long at;
        const char *why;
    } bytes[] = {
        {8, "made on a machine of another byte order"},
        {12, "made by another version of the library"},
        {20, "its header is damaged"},
        {30, "its header is damaged"},
        {60, "its header is damaged"},
        {CD_CACHE_HEADER, "an image in it is damaged"},
        {CD_CACHE_HEADER + 5 * IMAGE_SIZE + 7, "an image in it is damaged"},
        {CD_CACHE_HEADER + (PHOTOS + 1) * IMAGE_SIZE + 40, "its list of photos is damaged"},
        {CD_CACHE_HEADER + (PHOTOS + 1) * (IMAGE_SIZE + 16) + 3, "its list of photos is damaged"}};

    cnn_dataset_free(cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0));
    change_byte(cache_fixture.cache, bytes[_i].at);
    is_made_anew(bytes[_i].why);
}
END_TEST

/* The header is valid but has other settings, as if another version of libjpeg had been used. */
START_TEST(made_by_another_library)
{
    uint8_t header[64]; /* the header without its last field, the hash of the header */
    uint64_t hash;

    cnn_dataset_free(cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0));
    change_byte(cache_fixture.cache, 24);
    FILE *file = fopen(cache_fixture.cache, "r+b");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fread(header, 1, sizeof header, file), sizeof header);
    hash = cd_hash_bytes(0, header, sizeof header);
    ck_assert_int_eq(fseek(file, sizeof header, SEEK_SET), 0);
    ck_assert_uint_eq(fwrite(&hash, 1, sizeof hash, file), sizeof hash);
    ck_assert_int_eq(fclose(file), 0);
    is_made_anew("made with other settings, or by another version of the library");
}
END_TEST

START_TEST(cut_short)
{
    static const off_t lengths[] = {8, 100, CD_CACHE_HEADER, CD_CACHE_HEADER + 9999};
    struct stat about;

    cnn_dataset_free(cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0));
    ck_assert_int_eq(stat(cache_fixture.cache, &about), 0);
    ck_assert_int_eq(truncate(cache_fixture.cache, _i < 4 ? lengths[_i] : about.st_size - 1), 0);
    is_made_anew(_i < 2 ? "cut short" : "cut short, or longer than it was");
}
END_TEST

START_TEST(photos_changed)
{
    cnn_dataset_free(cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0));
    switch (_i) {
    case 0:
        folder_photo(&cache_fixture.photos, "dog.00.jpg", 40, 40, 77);
        break;
    case 1:
        folder_photo(&cache_fixture.photos, "dog.80.jpg", 40, 40, 77);
        break;
    case 2:
        ck_assert_int_eq(unlink(folder_path(&cache_fixture.photos, "dog.00.jpg")), 0);
        break;
    default:
        ck_assert_int_eq(chmod(folder_path(&cache_fixture.photos, "dog.00.jpg"), 0604), 0);
    }
    is_made_anew("the photos have changed since it was made");
}
END_TEST

/* The path of a photo, and the path that it is renamed to while it must be missing. Renaming keeps
 * the photo's size and modification time. */
struct moment {
    char path[600], aside[600];
};

static int put_aside(size_t done, size_t total, void *user)
{
    const struct moment *moment = user;

    ck_assert_uint_le(done, total);
    if (done == 1)
        ck_assert_int_eq(rename(moment->path, moment->aside), 0);
    return 0;
}

/* A cache made while a photo was unreadable is made again once the photo is readable. */
START_TEST(unreadable_for_a_moment)
{
    struct moment moment;
    const cnn_dataset_load_options_t options = {.struct_size = sizeof options,
                                                .cache = cache_fixture.cache,
                                                .progress = put_aside,
                                                .user = &moment};
    cnn_context_t *alone = context_with_threads(1); /* photos are decoded one after the other */
    cnn_dataset_t *made = cache_photos_open(alone, 0);

    snprintf(moment.path, sizeof moment.path, "%s",
             folder_path(&cache_fixture.photos, "dog.20.jpg"));
    snprintf(moment.aside, sizeof moment.aside, "%s", folder_path(&cache_fixture.photos, "aside"));
    ck_assert_int_eq(cnn_dataset_load(made, &cache_photos_size, &options), CNN_OK);
    ck_assert_uint_eq(made->count, PHOTOS - 1);
    ck_assert_uint_eq(made->n_skipped, 2);
    ck_assert_int_eq(made->skipped[1].status, CNN_ERROR_IO);
    ck_assert_int_eq(rename(moment.aside, moment.path), 0);
    is_made_anew("a photo that could not be read then can be now");
    cnn_dataset_free(made);
    cnn_context_free(alone);
}
END_TEST

/* A cache stays valid as long as its unreadable photos stay unreadable. */
START_TEST(unreadable_for_good)
{
    cnn_dataset_t *first = cache_photos_open(cache_fixture.test.context, 0),
                  *second = cache_photos_open(cache_fixture.test.context, 0);
    const cnn_dataset_load_options_t options = {.struct_size = sizeof options,
                                                .cache = cache_fixture.cache};

    ck_assert_int_eq(unlink(folder_path(&cache_fixture.photos, "dog.20.jpg")), 0);
    folder_sub(&cache_fixture.photos, "dog.20.jpg");
    ck_assert_int_eq(cnn_dataset_load(first, &cache_photos_size, &options), CNN_OK);
    const ino_t inode = cache_inode();
    ck_assert_int_eq(cnn_dataset_load(second, &cache_photos_size, &options), CNN_OK);
    ck_assert(cache_inode() == inode);
    ck_assert_uint_eq(second->count, PHOTOS - 1);
    cache_same_pixels(first, second);
    cnn_dataset_free(first);
    cnn_dataset_free(second);
}
END_TEST

START_TEST(other_settings)
{
    const cnn_dataset_load_options_t options = {.struct_size = sizeof options,
                                                .cache = cache_fixture.cache};
    cnn_preprocess_t cropped = cache_photos_size;
    cnn_dataset_t *dataset = cache_photos_open(cache_fixture.test.context, 0),
                  *plain = cache_photos_open(cache_fixture.test.context, 0);

    cnn_dataset_free(cache_photos_load(cache_fixture.test.context, cache_fixture.cache, 0));
    cropped.fit = CNN_FIT_CROP;
    ck_assert_int_eq(cnn_dataset_load(dataset, &cropped, &options), CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(plain, &cropped, NULL), CNN_OK);
    cache_same_pixels(dataset, plain);
    cache_warned(": made with other settings, or by another version of the library: the cache is ");
    cnn_dataset_free(dataset);
    cnn_dataset_free(plain);
}
END_TEST

Suite *suite_cache_refused(void)
{
    Suite *suite = suite_create("cache_refused");
    TCase *tcase = tcase_create("cache_refused");

    tcase_add_checked_fixture(tcase, cache_fixture_setup, cache_fixture_teardown);
    tcase_add_loop_test(tcase, damaged, 0, 9);
    tcase_add_test(tcase, made_by_another_library);
    tcase_add_loop_test(tcase, cut_short, 0, 5);
    tcase_add_loop_test(tcase, photos_changed, 0, 4);
    tcase_add_test(tcase, unreadable_for_a_moment);
    tcase_add_test(tcase, unreadable_for_good);
    tcase_add_test(tcase, other_settings);
    suite_add_tcase(suite, tcase);
    return suite;
}
