/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <jerror.h>

#include "core/pool.h"
#include "core/random.h"
#include "golden/golden_jpeg.h"
#include "image/decode.h"
#include "image/image_limits.h"
#include "image/image_load.h"
#include "image/jpeg_errors.h"
#include "support/make_jpeg.h"
#include "support/test_context.h"

static struct test_context test;
static cnn_image_options_t limits;

static void open_context(void)
{
    test_context_open(&test, 1);
    cd_image_limits(NULL, &limits);
}

static void close_context(void)
{
    test_context_close(&test);
}

/* Describes an image in memory that error messages call a.jpg. */
static struct cd_image_source source_of(const uint8_t *bytes, size_t size)
{
    return (struct cd_image_source){.context = test.context,
                                    .name = "a.jpg",
                                    .bytes = bytes,
                                    .size = size,
                                    .limits = &limits};
}

/* Decodes an image and expects status `rc`. An error message must contain `word`. */
static cnn_image_t *decode(const uint8_t *bytes, size_t size, cnn_status_t rc, const char *word)
{
    const struct cd_image_source source = source_of(bytes, size);
    cnn_image_t *image;

    ck_assert_int_eq(cd_image_decode(&source, &image), rc);
    if (rc != CNN_OK) {
        ck_assert_ptr_null(image);
        ck_assert_msg(strncmp(cd_error_message(), "a.jpg: ", 7) == 0, "%s", cd_error_message());
        ck_assert_msg(strstr(cd_error_message(), word), "\"%s\" lacks %s", cd_error_message(),
                      word);
    }
    return image;
}

static void expect_rgb(enum make_jpeg_kind kind, int adobe, const uint8_t *in, int *rgb)
{
    for (int c = 0; c < 3; c++) {
        if (kind == MAKE_GREY)
            rgb[c] = in[0];
        else if (make_jpeg_channels(kind) == 3)
            rgb[c] = in[c];
        else if (adobe)
            rgb[c] = in[c] * in[3] / 255;
        else
            rgb[c] = (255 - in[c]) * (255 - in[3]) / 255;
    }
}

static const struct {
    struct make_jpeg how;
    int tolerance;
} kinds[] = {
    {{.height = 37, .width = 51}, 3},
    {{.height = 37, .width = 51, .kind = MAKE_RGB}, 2},
    {{.height = 37, .width = 51, .kind = MAKE_GREY}, 2},
    {{.height = 37, .width = 51, .kind = MAKE_CMYK}, 3},
    {{.height = 37, .width = 51, .kind = MAKE_CMYK, .without_adobe = 1}, 3},
    {{.height = 37, .width = 51, .kind = MAKE_YCCK}, 4},
    {{.height = 37, .width = 51, .kind = MAKE_YCCK, .horizontal = 2, .vertical = 2}, 8},
    {{.height = 37, .width = 51, .horizontal = 2, .vertical = 2}, 8},
    {{.height = 37, .width = 51, .horizontal = 2, .vertical = 1}, 8},
    {{.height = 37, .width = 51, .horizontal = 1, .vertical = 2}, 8},
    {{.height = 37, .width = 51, .horizontal = 4, .vertical = 1}, 12},
    {{.height = 37, .width = 51, .progressive = 1}, 3},
    {{.height = 37, .width = 51, .progressive = 1, .kind = MAKE_GREY}, 2},
    {{.height = 37, .width = 51, .progressive = 1, .kind = MAKE_CMYK}, 3},
    {{.height = 37, .width = 51, .progressive = 1, .horizontal = 2, .vertical = 2}, 8},
    {{.height = 37, .width = 51, .restart_rows = 1}, 3},
    {{.height = 1, .width = 1}, 3},
    {{.height = 1, .width = 1, .kind = MAKE_GREY}, 2},
    {{.height = 1, .width = 1, .progressive = 1, .horizontal = 2, .vertical = 2}, 8},
    {{.height = 1, .width = 1, .kind = MAKE_CMYK}, 3},
    {{.height = 1, .width = 3000}, 3},
    {{.height = 3000, .width = 1, .horizontal = 2, .vertical = 2}, 8},
    {{.height = 65500, .width = 1}, 3},
};

START_TEST(every_kind)
{
    const struct make_jpeg *how = &kinds[_i].how;
    const size_t channels = make_jpeg_channels(how->kind);
    uint8_t *pixels = make_smooth_image(how->height, how->width, channels);
    size_t size;
    uint8_t *bytes = make_jpeg(how, pixels, &size);
    cnn_image_t *image = decode(bytes, size, CNN_OK, NULL);

    ck_assert_uint_eq(image->height, how->height);
    ck_assert_uint_eq(image->width, how->width);
    for (size_t i = 0; i < how->height * how->width; i++) {
        int rgb[3];
        expect_rgb(how->kind, !how->without_adobe, pixels + i * channels, rgb);
        for (int c = 0; c < 3; c++)
            if (abs(image->pixels[i * 3 + (size_t)c] - rgb[c]) > kinds[_i].tolerance)
                ck_abort_msg("pixel %zu, channel %d: %d, not %d", i, c,
                             image->pixels[i * 3 + (size_t)c], rgb[c]);
    }
    ck_assert_int_eq(test.logged[CNN_LOG_WARNING], 0);
    cd_image_free(image);
    free(bytes);
    free(pixels);
}
END_TEST

static uint64_t fnv1a(const uint8_t *bytes, size_t size)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        value = (value ^ bytes[i]) * UINT64_C(0x100000001b3);
    return value;
}

START_TEST(same_pixels_as_another_decoder)
{
    const struct golden_jpeg *golden = &golden_jpeg[_i];
    cnn_image_t *image = decode(golden->bytes, golden->size, CNN_OK, NULL);

    ck_assert_uint_eq(image->height, 21);
    ck_assert_uint_eq(image->width, 29);
    ck_assert_msg(fnv1a(image->pixels, 21 * 29 * 3) == golden->fnv1a, "%s", golden->name);
    cd_image_free(image);
}
END_TEST

static void decode_golden(void *argument, size_t task, size_t worker)
{
    uint64_t *hashes = argument;
    const struct golden_jpeg *golden = &golden_jpeg[task % 6];
    const struct cd_image_source source = source_of(golden->bytes, golden->size);
    cnn_image_t *image;

    (void)worker;
    if (cd_image_decode(&source, &image) != CNN_OK)
        return;
    hashes[task] = fnv1a(image->pixels, 21 * 29 * 3);
    cd_image_free(image);
}

START_TEST(by_several_threads)
{
    uint64_t hashes[120] = {0};

    test_context_close(&test);
    test_context_open(&test, 4);
    cd_parallel_for(test.context, 120, decode_golden, hashes);
    for (size_t i = 0; i < 120; i++)
        ck_assert(hashes[i] == golden_jpeg[i % 6].fnv1a);
}
END_TEST

static const struct make_jpeg cut_cases[] = {
    {.height = 16, .width = 24, .orientation = 6},
    {.height = 16, .width = 24, .progressive = 1, .horizontal = 2, .vertical = 2},
    {.height = 16, .width = 24, .kind = MAKE_CMYK, .restart_rows = 1},
    {.height = 1, .width = 1, .kind = MAKE_GREY},
};

/* Truncated files are refused, even if only the end marker is missing. */
START_TEST(cut_short_at_every_length)
{
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&cut_cases[_i], &size);

    for (size_t length = 0; length < size; length++) {
        uint8_t *part = malloc(length ? length : 1);
        ck_assert_ptr_nonnull(part);
        memcpy(part, bytes, length);
        decode(part, length, CNN_ERROR_IMAGE, length ? "cut short" : "is empty");
        free(part);
    }
    cd_image_free(decode(bytes, size, CNN_OK, NULL));
    free(bytes);
}
END_TEST

START_TEST(random_damage)
{
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&cut_cases[_i], &size), *copy = malloc(size);
    int good = 0, bad = 0;

    ck_assert_ptr_nonnull(copy);
    limits.max_pixels = 1 << 18;
    for (uint64_t i = 0; i < 1000; i++) {
        memcpy(copy, bytes, size);
        for (uint64_t k = 0; k <= i % 5; k++) {
            const uint64_t bits = cd_random_bits((uint64_t)_i, i * 8 + k);
            copy[2 + (bits >> 8) % (size - 2)] = (uint8_t)bits;
        }
        const struct cd_image_source source = source_of(copy, size);
        cnn_image_t *image;
        const cnn_status_t rc = cd_image_decode(&source, &image);
        if ((rc != CNN_OK && rc != CNN_ERROR_IMAGE) || (rc == CNN_OK) != (image != NULL))
            ck_abort_msg("%d: %s", rc, cd_error_message());
        good += rc == CNN_OK;
        bad += rc != CNN_OK;
        cd_image_free(image);
    }
    ck_assert_int_gt(good, 0);
    ck_assert_int_gt(bad, 0);
    free(copy);
    free(bytes);
}
END_TEST

static const struct {
    const char *bytes;
    size_t size;
    const char *name;
} others[] = {
#define OTHER(bytes, name) {bytes, sizeof bytes - 1, name}
    OTHER("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a JPEG but a PNG image"),
    OTHER("GIF89a", "a GIF image"),
    OTHER("RIFF\x24\0\0\0WEBPVP8 ", "a WebP image"),
    OTHER("RIFF\x24\0\0\0WAVEfmt ", "a RIFF file"),
    OTHER("BM\x36\0\0\0", "a BMP image"),
    OTHER("II*\0\x08\0\0\0", "a TIFF image"),
    OTHER("MM\0*\0\0\0\x08", "a TIFF image"),
    OTHER("\0\0\0\x18" "ftypheic\0\0\0\0", "a HEIC image"),
    OTHER("\0\0\0\x1c" "ftypavif\0\0\0\0", "an AVIF image"),
    OTHER("\0\0\0\x1c" "ftypisom\0\0\0\0", "an MP4 or QuickTime file"),
    OTHER("\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 image"),
    OTHER("\xff\x0a\x00", "a JPEG XL image"),
    OTHER("%PDF-1.7", "a PDF document"),
    OTHER("PK\x03\x04", "a ZIP archive"),
    OTHER("\x1f\x8b\x08", "a gzip file"),
    OTHER("\0\x05\x16\x07\0\x02\0\0", "an AppleDouble file"),
    OTHER("<!DOCTYPE HTML>\n<p>404", "an HTML page"),
    OTHER("\n <html>", "an HTML page"),
    OTHER("\xef\xbb\xbf<?xml version=", "an XML or SVG file"),
    OTHER("<svg xmlns=", "an SVG drawing"),
    OTHER("Not found\n", "a text file"),
    OTHER("version https://git-lfs.github.com/spec/v1\noid", "a Git LFS pointer"),
    OTHER("\0\0\0\0\0\0", "a file of zero bytes"),
    OTHER("\x01\x02\x03", "an unknown kind of file"),
    OTHER("P", "a text file"),
};

START_TEST(what_it_is_instead)
{
    decode((const uint8_t *)others[_i].bytes, others[_i].size, CNN_ERROR_IMAGE, others[_i].name);
}
END_TEST

START_TEST(limits_of_bytes_and_pixels)
{
    const struct make_jpeg how = {.height = 10, .width = 20};
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&how, &size);

    limits.max_bytes = size;
    limits.max_pixels = 200;
    cd_image_free(decode(bytes, size, CNN_OK, NULL));
    limits.max_pixels = 199;
    decode(bytes, size, CNN_ERROR_IMAGE, "20 x 10 pixels are over the limit of 199");
    limits.max_bytes = size - 1;
    decode(bytes, size, CNN_ERROR_IMAGE, "bytes are over the limit");
    free(bytes);
}
END_TEST

/* Finds the frame header (SOFn): marker, length, precision, height, width, components. */
static uint8_t *frame_of(uint8_t *bytes, size_t size)
{
    for (size_t i = 2; i + 4 < size && bytes[i] == 0xff;
         i += 2 + (size_t)bytes[i + 2] * 256 + bytes[i + 3])
        if (bytes[i + 1] == 0xc0 || bytes[i + 1] == 0xc2)
            return bytes + i;
    ck_abort_msg("no frame header");
    return NULL;
}

/* The size in the header is checked before memory for the pixels is allocated. */
START_TEST(a_claim_is_checked_before_memory_is_taken)
{
    const struct make_jpeg how = {.height = 10, .width = 20};
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&how, &size);

    memcpy(frame_of(bytes, size) + 5, "\xff\x00\xff\x00", 4);
    const long before = test.allocated;
    decode(bytes, size, CNN_ERROR_IMAGE, "65280 x 65280 pixels are over the limit");
    ck_assert_int_eq(test.allocated, before);
    memcpy(frame_of(bytes, size) + 5, "\xff\xff\x00\x01", 4);
    decode(bytes, size, CNN_ERROR_IMAGE, "65500");
    memcpy(frame_of(bytes, size) + 5, "\x00\x00\x00\x01", 4);
    decode(bytes, size, CNN_ERROR_IMAGE, "a.jpg: ");
    free(bytes);
}
END_TEST

START_TEST(unsupported_kinds)
{
    const struct make_jpeg rgb = {.height = 10, .width = 20};
    const struct make_jpeg two = {.height = 4, .width = 4, .kind = MAKE_TWO};
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&rgb, &size);

    frame_of(bytes, size)[4] = 12;
    decode(bytes, size, CNN_ERROR_IMAGE, "precision 12");
    frame_of(bytes, size)[4] = 8;
    frame_of(bytes, size)[1] = 0xc3;
    decode(bytes, size, CNN_ERROR_IMAGE, "a.jpg: ");
    free(bytes);
    bytes = make_jpeg_smooth(&two, &size);
    decode(bytes, size, CNN_ERROR_IMAGE, "colour space of 2 components");
    free(bytes);
}
END_TEST

START_TEST(too_many_scans)
{
    const struct make_jpeg few = {.height = 9, .width = 9, .kind = MAKE_GREY, .progressive = 1,
                                  .scans = 500};
    struct make_jpeg many = few;
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&few, &size);

    cd_image_free(decode(bytes, size, CNN_OK, NULL));
    free(bytes);
    many.scans = 502;
    bytes = make_jpeg_smooth(&many, &size);
    decode(bytes, size, CNN_ERROR_IMAGE, "more than 500 progressive scans");
    free(bytes);
}
END_TEST

START_TEST(warnings_keep_the_photo)
{
    const struct make_jpeg how = {.height = 16, .width = 16};
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&how, &size), *longer = calloc(size + 40, 1);
    cnn_image_t *good = decode(bytes, size, CNN_OK, NULL);

    ck_assert_ptr_nonnull(longer);
    memcpy(longer, bytes, size - 2); /* 40 surplus bytes before the end marker */
    memcpy(longer + size + 38, "\xff\xd9", 2);
    cnn_image_t *kept = decode(longer, size + 40, CNN_OK, NULL);
    ck_assert_mem_eq(kept->pixels, good->pixels, 16 * 16 * 3);
    ck_assert_int_eq(test.logged[CNN_LOG_WARNING], 1);
    ck_assert_ptr_nonnull(strstr(test.last_log, "a.jpg: decoded with 1 warning: "));
    cd_image_free(kept);

    /* If the caller passes `info`, it receives the warnings, and nothing is logged. */
    const struct cd_image_source source = source_of(longer, size + 40);
    const cnn_preprocess_t same = {
        .struct_size = sizeof same, .height = 16, .width = 16, .std = {1, 1, 1}};
    struct cd_image_info info = {0};
    uint8_t pixels[16 * 16 * 3];
    ck_assert_int_eq(cd_decode_photo(&source, &same, &info, pixels), CNN_OK);
    ck_assert_mem_eq(pixels, good->pixels, sizeof pixels);
    ck_assert_int_eq(test.logged[CNN_LOG_WARNING], 1);
    ck_assert_int_eq(info.warnings, 1);
    ck_assert_ptr_nonnull(strstr(info.warning, "extraneous bytes"));
    ck_assert_uint_eq(info.width, 16);
    cd_image_free(good);
    free(longer);
    free(bytes);
}
END_TEST

START_TEST(bytes_after_the_end_do_not_matter)
{
    const struct make_jpeg how = {.height = 16, .width = 16};
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&how, &size);

    bytes = realloc(bytes, size + 1000);
    ck_assert_ptr_nonnull(bytes);
    memset(bytes + size, 0xff, 1000);
    cd_image_free(decode(bytes, size + 1000, CNN_OK, NULL));
    ck_assert_int_eq(test.logged[CNN_LOG_WARNING], 0);
    free(bytes);
}
END_TEST

/* The test cannot make libjpeg's own allocations fail, so it calls libjpeg's error handler. */
START_TEST(libjpeg_without_memory)
{
    static struct cd_jpeg_errors errors;
    static struct jpeg_decompress_struct jpeg;

    jpeg.err = cd_jpeg_errors_init(&errors);
    if (setjmp(errors.escape) == 0) {
        errors.base.msg_code = JERR_OUT_OF_MEMORY;
        errors.base.error_exit((j_common_ptr)&jpeg);
    }
    ck_assert_int_eq(errors.status, CNN_ERROR_MEMORY);
}
END_TEST

#define COUNT(array) (sizeof(array) / sizeof *(array))

Suite *suite_jpeg(void)
{
    Suite *suite = suite_create("jpeg");
    TCase *tests = tcase_create("jpeg");

    tcase_add_checked_fixture(tests, open_context, close_context);
    tcase_add_loop_test(tests, every_kind, 0, COUNT(kinds));
    tcase_add_loop_test(tests, same_pixels_as_another_decoder, 0, COUNT(golden_jpeg));
    tcase_add_test(tests, by_several_threads);
    tcase_add_loop_test(tests, cut_short_at_every_length, 0, COUNT(cut_cases));
    tcase_add_loop_test(tests, random_damage, 0, COUNT(cut_cases));
    tcase_add_loop_test(tests, what_it_is_instead, 0, COUNT(others));
    tcase_add_test(tests, limits_of_bytes_and_pixels);
    tcase_add_test(tests, a_claim_is_checked_before_memory_is_taken);
    tcase_add_test(tests, unsupported_kinds);
    tcase_add_test(tests, too_many_scans);
    tcase_add_test(tests, warnings_keep_the_photo);
    tcase_add_test(tests, bytes_after_the_end_do_not_matter);
    tcase_add_test(tests, libjpeg_without_memory);
    suite_add_tcase(suite, tests);
    return suite;
}
