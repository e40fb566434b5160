/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700
#include "support/photo_folder.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void folder_make(struct photo_folder *folder)
{
    const char *base = getenv("TMPDIR");
    int length = snprintf(folder->path, sizeof folder->path, "%s/catdog-test-XXXXXX",
                          base && *base ? base : "/tmp");
    ck_assert(length > 0 && (size_t)length < sizeof folder->path);
    ck_assert_ptr_nonnull(mkdtemp(folder->path));
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

void folder_remove(const struct photo_folder *folder)
{
    ck_assert_int_eq(nftw(folder->path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

const char *folder_path(const struct photo_folder *folder, const char *name)
{
    static char path[FOLDER_PATH_SIZE + 512];
    int length = snprintf(path, sizeof path, "%s/%s", folder->path, name);
    ck_assert(length > 0 && (size_t)length < sizeof path);
    return path;
}

void folder_sub(const struct photo_folder *folder, const char *name)
{
    ck_assert_int_eq(mkdir(folder_path(folder, name), 0777), 0);
}

void folder_file(const struct photo_folder *folder, const char *name, const void *bytes,
                 size_t size)
{
    FILE *file = fopen(folder_path(folder, name), "wb");
    ck_assert_ptr_nonnull(file);
    if (size > 0)
        ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

void folder_touch(const struct photo_folder *folder, const char *name)
{
    folder_file(folder, name, NULL, 0);
}

void folder_copy(const struct photo_folder *folder, const char *from, const char *name)
{
    static uint8_t bytes[1 << 16];
    FILE *file = fopen(folder_path(folder, from), "rb");

    ck_assert_ptr_nonnull(file);
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    ck_assert(size > 0 && size < sizeof bytes);
    folder_file(folder, name, bytes, size);
}

void folder_link(const struct photo_folder *folder, const char *target, const char *name)
{
    ck_assert_int_eq(symlink(target, folder_path(folder, name)), 0);
}

void folder_photo(const struct photo_folder *folder, const char *name, size_t height, size_t width,
                  unsigned shade)
{
    cnn_context_t *context = context_with_threads(1);
    uint8_t *pixels = malloc(height * width * 3);
    cnn_image_t *image;

    ck_assert_ptr_nonnull(pixels);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            uint8_t *pixel = pixels + (y * width + x) * 3;
            pixel[0] = (uint8_t)(shade * 37);
            pixel[1] = (uint8_t)(255 * x / width);
            pixel[2] = (uint8_t)(shade + 255 * y / height);
        }
    ck_assert_int_eq(cnn_image_create(context, pixels, height, width, 0, &image), CNN_OK);
    ck_assert_int_eq(cnn_image_save(image, folder_path(folder, name), NULL), CNN_OK);
    cnn_image_free(image);
    cnn_context_free(context);
    free(pixels);
}

void folder_cats_and_dogs(const struct photo_folder *folder, int n)
{
    char name[32];

    for (int i = 0; i < n; i++) {
        snprintf(name, sizeof name, "%s.%d.jpg", i % 2 ? "cat" : "dog", i);
        folder_photo(folder, name, 20 + (size_t)i, 40 - (size_t)i, (unsigned)i);
    }
}

void folder_cut_photo(const struct photo_folder *folder, const char *name, size_t keep)
{
    folder_photo(folder, name, 60, 80, 1);
    ck_assert_int_eq(truncate(folder_path(folder, name), (off_t)keep), 0);
}

cnn_context_t *context_with_threads(uint32_t threads)
{
    cnn_context_options_t options = {.struct_size = sizeof options, .threads = threads};
    cnn_context_t *context;
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    return context;
}
