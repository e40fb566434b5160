/* SPDX-License-Identifier: MIT
 *
 * Tests of the public image functions: creating, loading, saving, and running out of memory. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/random.h"
#include "support/make_jpeg.h"
#include "support/test_context.h"

static struct test_context test;
static char folder[4096], path[4200];

static void open_folder(void)
{
    const char *temporary = getenv("TMPDIR");

    test_context_open(&test, 1);
    snprintf(folder, sizeof folder, "%.4000s/catdog-image-XXXXXX", temporary ? temporary : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/saved.jpg", folder);
}

static void close_folder(void)
{
    unlink(path);
    ck_assert_int_eq(rmdir(folder), 0); /* no temporary file is left */
    test_context_close(&test);
}

START_TEST(from_pixels)
{
    uint8_t rows[2][16];
    cnn_image_t *image;

    for (int i = 0; i < 32; i++)
        rows[i / 16][i % 16] = (uint8_t)i;
    ck_assert_int_eq(cnn_image_create(test.context, rows[0], 2, 4, 16, &image), CNN_OK);
    ck_assert_uint_eq(cnn_image_height(image), 2);
    ck_assert_uint_eq(cnn_image_width(image), 4);
    ck_assert_mem_eq(cnn_image_pixels(image), rows[0], 12);
    ck_assert_mem_eq(cnn_image_pixels(image) + 12, rows[1], 12);
    cnn_image_free(image);
    ck_assert_int_eq(cnn_image_create(test.context, rows[0], 2, 4, 0, &image), CNN_OK);
    ck_assert_mem_eq(cnn_image_pixels(image), rows[0], 24);
    cnn_image_free(image);
}
END_TEST

START_TEST(black)
{
    cnn_image_t *image;

    ck_assert_int_eq(cnn_image_create(test.context, NULL, 50, 70, 1, &image), CNN_OK);
    ck_assert_int_eq(cnn_image_pixels(image)[0], 0);
    ck_assert_int_eq(memcmp(cnn_image_pixels(image), cnn_image_pixels(image) + 1,
                            50 * 70 * 3 - 1), 0); /* all bytes are equal */
    cnn_image_free(image);
    ck_assert_int_eq(cnn_image_create(test.context, NULL, 1, 65535, 0, &image), CNN_OK);
    cnn_image_free(image);
}
END_TEST

START_TEST(arguments)
{
    static const size_t sizes[][3] = {{0, 1, 0}, {1, 0, 0}, {65536, 1, 0}, {1, 65536, 0},
                                      {1, 2, 5}, {2, 2, SIZE_MAX}, {SIZE_MAX, SIZE_MAX, 0}};
    const uint8_t rgb[12] = {0};
    cnn_context_t *context = test.context;
    cnn_image_t *image;

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        image = (cnn_image_t *)&image;
        ck_assert_int_eq(
            cnn_image_create(context, rgb, sizes[i][0], sizes[i][1], sizes[i][2], &image),
            CNN_ERROR_ARGUMENT);
        ck_assert_ptr_null(image);
    }
    ck_assert_int_eq(cnn_image_create(NULL, rgb, 1, 1, 0, &image), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_image_create(context, rgb, 1, 1, 0, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_image_load_memory(NULL, rgb, 12, NULL, &image), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_image_load_memory(context, NULL, 12, NULL, &image), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_image_load_memory(context, rgb, 12, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_image_load_memory(context, NULL, 0, NULL, &image), CNN_ERROR_IMAGE);
    ck_assert_int_eq(cnn_image_load(NULL, "x", NULL, &image), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_image_load(context, NULL, NULL, &image), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_image_load(context, "x", NULL, NULL), CNN_ERROR_ARGUMENT);
    const cnn_image_options_t unset = {.max_bytes = 1};
    ck_assert_int_eq(cnn_image_load(context, "x", &unset, &image), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_null(image);
    ck_assert_uint_eq(cnn_image_height(NULL), 0);
    ck_assert_uint_eq(cnn_image_width(NULL), 0);
    ck_assert_ptr_null(cnn_image_pixels(NULL));
    cnn_image_free(NULL);
}
END_TEST

START_TEST(faults_are_logged_once)
{
    cnn_image_t *image;

    ck_assert_int_eq(cnn_image_load_memory(test.context, "GIF89a", 6, NULL, &image),
                     CNN_ERROR_IMAGE);
    ck_assert_ptr_null(image);
    ck_assert_int_eq(test.logged[CNN_LOG_ERROR], 1);
    ck_assert_str_eq(test.last_log, cnn_error_message());
    ck_assert_int_eq(cnn_image_load(test.context, path, NULL, &image), CNN_ERROR_IO);
    ck_assert_int_eq(test.logged[CNN_LOG_ERROR], 2);
    ck_assert_ptr_nonnull(strstr(test.last_log, path));
}
END_TEST

START_TEST(options_limit)
{
    const struct make_jpeg how = {.height = 10, .width = 20};
    cnn_image_options_t options = {.struct_size = sizeof options, .max_pixels = 200};
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&how, &size);
    cnn_image_t *image;

    ck_assert_int_eq(cnn_image_load_memory(test.context, bytes, size, &options, &image), CNN_OK);
    cnn_image_free(image);
    options.max_pixels = 199;
    ck_assert_int_eq(cnn_image_load_memory(test.context, bytes, size, &options, &image),
                     CNN_ERROR_IMAGE);
    free(bytes);
}
END_TEST

static cnn_status_t save(const cnn_image_t *image, const char *file, int quality)
{
    const cnn_image_save_options_t options = {.struct_size = sizeof options, .quality = quality};
    return cnn_image_save(image, file, &options);
}

/* An image stays usable after its context is freed, because it holds a reference to it. */
START_TEST(any_order_of_freeing)
{
    struct test_context own;
    cnn_image_t *image;

    test_context_open(&own, 1);
    ck_assert_int_eq(cnn_image_create(own.context, NULL, 8, 8, 0, &image), CNN_OK);
    cnn_context_free(own.context);
    ck_assert_int_eq(cnn_image_save(image, path, NULL), CNN_OK);
    cnn_image_free(image);
    ck_assert_int_eq(own.live, 0);
}
END_TEST

static size_t largest_difference(const cnn_image_t *image, const uint8_t *pixels)
{
    int largest = 0;

    for (size_t i = 0; i < cnn_image_height(image) * cnn_image_width(image) * 3; i++) {
        const int difference = abs(cnn_image_pixels(image)[i] - pixels[i]);
        largest = difference > largest ? difference : largest;
    }
    return (size_t)largest;
}

START_TEST(save_and_load)
{
    static const size_t sizes[][2] = {{1, 1}, {47, 61}, {301, 402}};

    for (int i = 0; i < 3; i++) {
        const size_t height = sizes[i][0], width = sizes[i][1];
        uint8_t *pixels = make_smooth_image(height, width, 3);
        cnn_image_t *image, *again;
        ck_assert_int_eq(cnn_image_create(test.context, pixels, height, width, 0, &image), CNN_OK);
        for (int quality = 1; quality <= 100; quality += 33) {
            ck_assert_int_eq(save(image, path, quality), CNN_OK);
            ck_assert_int_eq(cnn_image_load(test.context, path, NULL, &again), CNN_OK);
            ck_assert_uint_eq(cnn_image_height(again), height);
            ck_assert_uint_eq(cnn_image_width(again), width);
            ck_assert_uint_le(largest_difference(again, pixels), quality == 100 ? 10 : 128);
            cnn_image_free(again);
        }
        cnn_image_free(image);
        free(pixels);
    }
}
END_TEST

START_TEST(save_refuses)
{
    cnn_image_t *image;
    char nowhere[4300];

    ck_assert_int_eq(cnn_image_create(test.context, NULL, 2, 2, 0, &image), CNN_OK);
    ck_assert_int_eq(save(image, path, -1), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(save(image, path, 101), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_image_save(NULL, path, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_image_save(image, NULL, NULL), CNN_ERROR_ARGUMENT);
    snprintf(nowhere, sizeof nowhere, "%s/none/a.jpg", folder);
    ck_assert_int_eq(cnn_image_save(image, nowhere, NULL), CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), nowhere));
    cnn_image_free(image);
    ck_assert_int_eq(cnn_image_create(test.context, NULL, 1, 65535, 0, &image), CNN_OK);
    ck_assert_int_eq(cnn_image_save(image, path, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "65535 x 1"));
    cnn_image_free(image);
}
END_TEST

/* Writing fails in libjpeg's output callback, because the file exceeds a size limit. The old file
 * is unchanged. */
START_TEST(save_without_room)
{
    const size_t side = 200;
    uint8_t *noise = malloc(side * side * 3);
    struct rlimit old, small;
    cnn_image_t *image, *large;

    ck_assert_ptr_nonnull(noise);
    for (size_t i = 0; i < side * side * 3; i++)
        noise[i] = (uint8_t)cd_random_bits(1, i);
    ck_assert_int_eq(cnn_image_create(test.context, NULL, 9, 9, 0, &image), CNN_OK);
    ck_assert_int_eq(cnn_image_create(test.context, noise, side, side, 0, &large), CNN_OK);
    ck_assert_int_eq(cnn_image_save(image, path, NULL), CNN_OK);
    cnn_image_free(image);
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = old;
    small.rlim_cur = 8192;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    const cnn_status_t rc = save(large, path, 100);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &old), 0);
    ck_assert_int_eq(rc, CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), path));
    ck_assert_int_eq(test.logged[CNN_LOG_ERROR], 1);
    cnn_image_free(large);
    ck_assert_int_eq(cnn_image_load(test.context, path, NULL, &image), CNN_OK);
    ck_assert_uint_eq(cnn_image_height(image), 9);
    cnn_image_free(image);
    free(noise);
}
END_TEST

/* Loads, preprocesses, saves and reloads an image. Returns the first error, or CNN_OK. */
static cnn_status_t whole_way(const uint8_t *bytes, size_t size)
{
    const cnn_preprocess_t p = {.struct_size = sizeof p, .height = 9, .width = 7,
                                .fit = CNN_FIT_LETTERBOX};
    uint8_t out[9 * 7 * 3];
    cnn_image_t *image = NULL, *again = NULL;
    cnn_status_t rc = cnn_image_load_memory(test.context, bytes, size, NULL, &image);

    if (rc == CNN_OK)
        rc = cnn_preprocess_apply_rgb(test.context, &p, cnn_image_pixels(image),
                                      cnn_image_height(image), cnn_image_width(image), 0, out);
    if (rc == CNN_OK)
        rc = save(image, path, 75);
    if (rc == CNN_OK)
        rc = cnn_image_load(test.context, path, NULL, &again);
    cnn_image_free(again);
    cnn_image_free(image);
    return rc;
}

START_TEST(every_allocation_fails_once)
{
    const struct make_jpeg how = {.height = 30, .width = 40, .kind = MAKE_CMYK, .orientation = 5};
    const long before = test.live;
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&how, &size);
    long n = 1;

    for (;; n++) {
        test_context_fail(&test, n);
        const cnn_status_t rc = whole_way(bytes, size);
        test_context_fail(&test, 0);
        ck_assert_int_eq(test.live, before);
        if (rc == CNN_OK)
            break;
        ck_assert_int_eq(rc, CNN_ERROR_MEMORY);
        ck_assert_ptr_nonnull(strstr(cnn_error_message(), "out of memory"));
    }
    ck_assert_int_gt(n, 12);
    free(bytes);
}
END_TEST

Suite *suite_image(void)
{
    Suite *suite = suite_create("image");
    TCase *tests = tcase_create("image");

    tcase_add_checked_fixture(tests, open_folder, close_folder);
    tcase_add_test(tests, from_pixels);
    tcase_add_test(tests, black);
    tcase_add_test(tests, arguments);
    tcase_add_test(tests, faults_are_logged_once);
    tcase_add_test(tests, options_limit);
    tcase_add_test(tests, any_order_of_freeing);
    tcase_add_test(tests, save_and_load);
    tcase_add_test(tests, save_refuses);
    tcase_add_test(tests, save_without_room);
    tcase_add_test(tests, every_allocation_fails_once);
    suite_add_tcase(suite, tests);
    return suite;
}
