/* SPDX-License-Identifier: MIT
 *
 * Tests of image files: loading, reading only the header, and paths that are missing or not regular
 * files. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/image_limits.h"
#include "image/image_load.h"
#include "image/readers.h"
#include "support/make_jpeg.h"
#include "support/photos.h"
#include "support/test_context.h"

static struct test_context test;
static cnn_image_options_t limits;

static char folder[4096];

static void path_in_folder(char *path, const char *name)
{
    snprintf(path, sizeof folder, "%.4000s/%s", folder, name);
}

static void write_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static void make_folder(void)
{
    const char *temporary = getenv("TMPDIR");

    test_context_open(&test, 1);
    cd_image_limits(NULL, &limits);
    snprintf(folder, sizeof folder, "%.4000s/catdog-jpeg-XXXXXX", temporary ? temporary : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    char path[4096];

    path_in_folder(path, "photo.jpg");
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0);
    test_context_close(&test);
}

static cnn_status_t header(const char *path, struct cd_image_info *info)
{
    memset(info, 0, sizeof *info);
    return cd_image_read_info(test.context, path, info);
}

/* Heights and widths are as stored in the file, before rotation by the orientation. */
static const struct make_jpeg kinds[] = {
    {.height = 37, .width = 51, .orientation = 6},
    {.height = 51, .width = 37, .kind = MAKE_GREY},
    {.height = 37, .width = 300, .kind = MAKE_YCCK, .progressive = 1},
    {.height = 1, .width = 1},
    {.height = 1, .width = 65500, .kind = MAKE_RGB},
    {.height = 9, .width = 8, .kind = MAKE_CMYK, .orientation = 3},
    {.height = 9, .width = 8, .kind = MAKE_TWO},
};

START_TEST(from_the_header)
{
    static const cnn_color_space_t spaces[] = {
        [MAKE_YCBCR] = CNN_COLOR_SPACE_YCBCR, [MAKE_RGB] = CNN_COLOR_SPACE_RGB,
        [MAKE_GREY] = CNN_COLOR_SPACE_GREY,   [MAKE_CMYK] = CNN_COLOR_SPACE_CMYK,
        [MAKE_YCCK] = CNN_COLOR_SPACE_YCCK,   [MAKE_TWO] = CNN_COLOR_SPACE_UNKNOWN};
    char path[4096];
    struct cd_image_info info;

    path_in_folder(path, "photo.jpg");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t size;
        uint8_t *bytes = make_jpeg_smooth(&kinds[i], &size);
        write_file(path, bytes, size);
        ck_assert_int_eq(header(path, &info), CNN_OK);
        ck_assert_uint_eq(info.width, kinds[i].width);
        ck_assert_uint_eq(info.height, kinds[i].height);
        ck_assert_int_eq(info.color_space, spaces[kinds[i].kind]);
        ck_assert_int_eq(info.orientation, kinds[i].orientation ? kinds[i].orientation : 1);
        write_file(path, bytes, 60); /* truncated within the header */
        ck_assert_int_eq(header(path, &info), CNN_ERROR_IMAGE);
        ck_assert_ptr_nonnull(strstr(cd_error_message(), "photo.jpg: is cut short"));
        free(bytes);
    }
    write_file(path, "", 0);
    ck_assert_int_eq(header(path, &info), CNN_ERROR_IMAGE);
    ck_assert_ptr_nonnull(strstr(cd_error_message(), "photo.jpg: is empty"));
    write_file(path, "GIF89a", 6);
    ck_assert_int_eq(header(path, &info), CNN_ERROR_IMAGE);
    ck_assert_ptr_nonnull(strstr(cd_error_message(), "photo.jpg: is not a JPEG but a GIF image"));
}
END_TEST

START_TEST(no_regular_file)
{
    char path[4096];
    struct cd_image_info info;
    cnn_image_t *image;

    path_in_folder(path, "photo.jpg");
    ck_assert_int_eq(header(path, &info), CNN_ERROR_IO);
    ck_assert_int_eq(cd_image_load(test.context, path, &limits, &image), CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cd_error_message(), path));
    ck_assert_int_eq(header(folder, &info), CNN_ERROR_IO);
    ck_assert_int_eq(cd_image_load(test.context, folder, &limits, &image), CNN_ERROR_IO);
    ck_assert_ptr_null(image);
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert_int_eq(header(path, &info), CNN_ERROR_IO);
    ck_assert_int_eq(cd_image_load(test.context, path, &limits, &image), CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cd_error_message(), "not a regular file"));
}
END_TEST

START_TEST(loading)
{
    const struct make_jpeg how = {.height = 10, .width = 20, .orientation = 8};
    char path[4096];
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&how, &size);
    cnn_image_t *image;

    path_in_folder(path, "photo.jpg");
    write_file(path, bytes, size);
    ck_assert_int_eq(cd_image_load(test.context, path, &limits, &image), CNN_OK);
    ck_assert_uint_eq(image->height, 20);
    ck_assert_uint_eq(image->width, 10);
    cd_image_free(image);
    limits.max_bytes = size - 1;
    ck_assert_int_eq(cd_image_load(test.context, path, &limits, &image), CNN_ERROR_IMAGE);
    ck_assert_ptr_null(image);
    ck_assert_ptr_nonnull(strstr(cd_error_message(), "photo.jpg: "));
    ck_assert_ptr_nonnull(strstr(cd_error_message(), "over the limit"));
    ck_assert_int_eq(test.logged[CNN_LOG_ERROR], 0); /* not logged: a dataset may skip it */
    free(bytes);
}
END_TEST

START_TEST(real_photos)
{
    const char *photos = photos_folder("originals/cats", "jpeg_file: real photos");
    char path[4200];
    int seen = 0;

    for (int i = 0; photos && i < 100; i++) {
        struct cd_image_info info;
        cnn_image_t *image;
        snprintf(path, sizeof path, "%s/cat.%d.jpg", photos, i);
        if (access(path, R_OK) != 0)
            continue;
        ck_assert_msg(cd_image_load(test.context, path, &limits, &image) == CNN_OK, "%s",
                      cd_error_message());
        ck_assert_int_eq(header(path, &info), CNN_OK);
        ck_assert_uint_eq(image->width, info.width);
        ck_assert_uint_eq(image->height, info.height);
        cd_image_free(image);
        seen++;
    }
    ck_assert(!photos || seen > 0);
}
END_TEST

Suite *suite_jpeg_file(void)
{
    Suite *suite = suite_create("jpeg_file");
    TCase *tests = tcase_create("jpeg_file");

    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, from_the_header);
    tcase_add_test(tests, no_regular_file);
    tcase_add_test(tests, loading);
    tcase_add_test(tests, real_photos);
    suite_add_tcase(suite, tests);
    return suite;
}
