/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "image/orientation.h"
#include "support/make_jpeg.h"
#include "support/test_context.h"

struct rgb {
    size_t height, width;
    uint8_t *pixels;
};

static struct rgb rgb_create(size_t height, size_t width)
{
    struct rgb rgb = {height, width, calloc(height * width, 3)};
    ck_assert_ptr_nonnull(rgb.pixels);
    return rgb;
}

/* mirrored() and turned_clockwise() free their argument and return a new image. */
static struct rgb mirrored(struct rgb in)
{
    struct rgb out = rgb_create(in.height, in.width);
    for (size_t y = 0; y < in.height; y++)
        for (size_t x = 0; x < in.width; x++)
            memcpy(out.pixels + (y * in.width + in.width - 1 - x) * 3,
                   in.pixels + (y * in.width + x) * 3, 3);
    free(in.pixels);
    return out;
}

static struct rgb turned_clockwise(struct rgb in, int quarters)
{
    for (; quarters > 0; quarters--) {
        struct rgb out = rgb_create(in.width, in.height);
        for (size_t y = 0; y < in.height; y++)
            for (size_t x = 0; x < in.width; x++)
                memcpy(out.pixels + (x * out.width + in.height - 1 - y) * 3,
                       in.pixels + (y * in.width + x) * 3, 3);
        free(in.pixels);
        in = out;
    }
    return in;
}

/* Applies an Exif orientation (1 to 8) by mirroring and quarter turns. Frees `stored`. */
static struct rgb upright(struct rgb stored, int orientation)
{
    static const struct {
        int mirror, quarters;
    } steps[] = {{0, 0}, {0, 0}, {1, 0}, {0, 2}, {1, 2}, {1, 3}, {0, 1}, {1, 1}, {0, 3}};

    if (steps[orientation].mirror)
        stored = mirrored(stored);
    return turned_clockwise(stored, steps[orientation].quarters);
}

static cnn_image_t *decoded(struct test_context *test, const struct make_jpeg *how)
{
    cnn_image_t *image;
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(how, &size);

    ck_assert_int_eq(cnn_image_load_memory(test->context, bytes, size, NULL, &image), CNN_OK);
    free(bytes);
    return image;
}

static void check_against(const cnn_image_t *image, const struct rgb *expected)
{
    ck_assert_uint_eq(cnn_image_height(image), expected->height);
    ck_assert_uint_eq(cnn_image_width(image), expected->width);
    ck_assert_mem_eq(cnn_image_pixels(image), expected->pixels,
                     expected->height * expected->width * 3);
}

static struct rgb copied(const cnn_image_t *image)
{
    struct rgb copy = rgb_create(cnn_image_height(image), cnn_image_width(image));
    memcpy(copy.pixels, cnn_image_pixels(image), copy.height * copy.width * 3);
    return copy;
}

START_TEST(eight_orientations)
{
    static const size_t sizes[][2] = {{5, 3}, {24, 33}, {1, 7}, {7, 1}, {1, 1}};
    struct test_context test;

    test_context_open(&test, 1);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct make_jpeg how = {.height = sizes[i][0], .width = sizes[i][1]};
        cnn_image_t *stored = decoded(&test, &how);
        for (how.orientation = 1; how.orientation <= 8; how.orientation++)
            for (how.big_endian = 0; how.big_endian <= 1; how.big_endian++) {
                cnn_image_t *image = decoded(&test, &how);
                struct rgb expected = upright(copied(stored), how.orientation);
                check_against(image, &expected);
                free(expected.pixels);
                cnn_image_free(image);
            }
        cnn_image_free(stored);
    }
    test_context_close(&test);
}
END_TEST

START_TEST(grey_and_cmyk_turn_too)
{
    static const enum make_jpeg_kind kinds[] = {MAKE_GREY, MAKE_CMYK};
    struct test_context test;

    test_context_open(&test, 1);
    for (int i = 0; i < 2; i++) {
        struct make_jpeg how = {.height = 9, .width = 14, .kind = kinds[i]};
        cnn_image_t *stored = decoded(&test, &how);
        how.orientation = 6;
        cnn_image_t *image = decoded(&test, &how);
        struct rgb expected = upright(copied(stored), 6);
        check_against(image, &expected);
        free(expected.pixels);
        cnn_image_free(image);
        cnn_image_free(stored);
    }
    test_context_close(&test);
}
END_TEST

START_TEST(values_that_do_not_exist_leave_the_photo_as_it_is)
{
    static const int values[] = {9, 10, 255};
    struct test_context test;

    test_context_open(&test, 1);
    for (int i = 0; i < 3; i++) {
        struct make_jpeg how = {.height = 3, .width = 5, .orientation = values[i]};
        cnn_image_t *image = decoded(&test, &how);
        ck_assert_uint_eq(cnn_image_height(image), 3);
        ck_assert_uint_eq(cnn_image_width(image), 5);
        cnn_image_free(image);
    }
    test_context_close(&test);
}
END_TEST

START_TEST(an_xmp_marker_before_does_not_hide_it)
{
    static const uint8_t xmp[] = "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>";
    struct test_context test;
    struct make_jpeg how = {.height = 3, .width = 5, .orientation = 8, .app1 = xmp,
                            .app1_size = sizeof xmp};

    test_context_open(&test, 1);
    cnn_image_t *image = decoded(&test, &how);
    ck_assert_uint_eq(cnn_image_height(image), 5);
    cnn_image_free(image);
    test_context_close(&test);
}
END_TEST

static const uint8_t block[] = "Exif\0\0MM\0*\0\0\0\x08\0\x02"
                               "\x01\x12\0\x03\0\0\0\x01\0\x07\0\0"
                               "\x87\x69\0\x04\0\0\0\x01\0\0\0\x26"
                               "\0\0\0\0\0\x01\xa0\x02\0\x04\0\0\0\x01\0\0\0\x05\0\0\0\0";

START_TEST(damaged_blocks_are_ignored)
{
    uint8_t copy[sizeof block];

    ck_assert_int_eq(cd_orientation_read(block, sizeof block - 1), 7);
    for (size_t size = 0; size < sizeof block; size++) {
        uint8_t *part = malloc(size + 1); /* AddressSanitizer detects reads past the end */
        ck_assert_ptr_nonnull(part);
        memcpy(part, block, size);
        part = realloc(part, size ? size : 1);
        const int orientation = cd_orientation_read(part, size);
        ck_assert(orientation >= 1 && orientation <= 8);
        free(part);
    }
    for (uint64_t i = 0; i < 5000; i++) {
        memcpy(copy, block, sizeof block);
        for (uint64_t k = 0; k <= i % 4; k++) {
            const uint64_t bits = cd_random_bits(1, i * 4 + k);
            copy[6 + (bits >> 8) % (sizeof block - 6)] = (uint8_t)bits;
        }
        const int orientation = cd_orientation_read(copy, sizeof block - 1);
        ck_assert(orientation >= 1 && orientation <= 8);
    }
}
END_TEST

Suite *suite_orientation(void)
{
    Suite *suite = suite_create("orientation");
    TCase *tests = tcase_create("orientation");

    tcase_add_test(tests, eight_orientations);
    tcase_add_test(tests, grey_and_cmyk_turn_too);
    tcase_add_test(tests, values_that_do_not_exist_leave_the_photo_as_it_is);
    tcase_add_test(tests, an_xmp_marker_before_does_not_hide_it);
    tcase_add_test(tests, damaged_blocks_are_ignored);
    suite_add_tcase(suite, tests);
    return suite;
}
