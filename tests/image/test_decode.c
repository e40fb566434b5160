/* SPDX-License-Identifier: MIT
 *
 * Tests of cd_decode_photo(), which decodes a photo directly to the network's input size. The
 * expected pixels come from decoding the whole image, rotating it upright and resizing it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include "core/random.h"
#include "image/decode.h"
#include "image/image_limits.h"
#include "image/image_load.h"
#include "image/preprocess.h"
#include "kernels/kernels.h"
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

static cnn_preprocess_t preprocess_of(uint32_t height, uint32_t width, cnn_fit_t fit,
                                      cnn_decode_t decode)
{
    const cnn_preprocess_t given = {.struct_size = sizeof given,
                                    .height = height,
                                    .width = width,
                                    .fit = fit,
                                    .decode = decode,
                                    .pad = {9, 8, 7}};
    cnn_preprocess_t complete;

    ck_assert_int_eq(cd_preprocess_complete(&given, &complete), CNN_OK);
    return complete;
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

/* Decodes a copy of exactly `size` bytes, so that AddressSanitizer detects reads past the end. */
static cnn_status_t decode(const cnn_preprocess_t *p, const uint8_t *bytes, size_t size,
                           uint8_t *out)
{
    uint8_t *copy = malloc(size ? size : 1);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, size);
    const struct cd_image_source source = source_of(copy, size);
    const cnn_status_t rc = cd_decode_photo(&source, p, NULL, out);
    free(copy);
    return rc;
}

static void by_whole_image(const cnn_preprocess_t *p, const uint8_t *bytes, size_t size,
                           uint8_t *out)
{
    const struct cd_image_source source = source_of(bytes, size);
    cnn_image_t *image;

    ck_assert_int_eq(cd_image_decode(&source, &image), CNN_OK);
    ck_assert_int_eq(cd_preprocess_pixels(test.context, p, image->pixels, image->height,
                                          image->width, 3 * image->width, out),
                     CNN_OK);
    cd_image_free(image);
}

static const struct make_jpeg kinds[] = {
    {.height = 70, .width = 203},
    {.height = 203, .width = 70, .kind = MAKE_RGB},
    {.height = 70, .width = 203, .kind = MAKE_GREY},
    {.height = 203, .width = 70, .kind = MAKE_CMYK},
    {.height = 70, .width = 203, .kind = MAKE_CMYK, .without_adobe = 1},
    {.height = 203, .width = 70, .kind = MAKE_YCCK, .horizontal = 2, .vertical = 2},
    {.height = 70, .width = 203, .horizontal = 2, .vertical = 2},
    {.height = 203, .width = 70, .horizontal = 2, .vertical = 2},
    {.height = 203, .width = 70, .horizontal = 2, .vertical = 2, .progressive = 1},
    {.height = 70, .width = 203, .horizontal = 2, .vertical = 1},
    {.height = 203, .width = 70, .horizontal = 1, .vertical = 2, .restart_rows = 1},
    {.height = 70, .width = 203, .horizontal = 4, .vertical = 1},
    {.height = 203, .width = 70, .kind = MAKE_GREY, .progressive = 1},
    {.height = 70, .width = 203, .horizontal = 2, .vertical = 2, .arithmetic = 1},
    {.height = 1, .width = 1},
    {.height = 1, .width = 300, .horizontal = 2, .vertical = 2},
    {.height = 300, .width = 1, .horizontal = 2, .vertical = 2},
};

/* With CNN_FIT_CROP, the last two sizes cut off fewer columns or rows than a DCT block has. */
static const uint32_t sizes[][2] = {{12, 17}, {94, 125}, {1, 1}, {9, 80}, {30, 85}, {85, 30}};
enum { SIZES = sizeof sizes / sizeof *sizes };
static const cnn_fit_t fits[] = {CNN_FIT_SQUASH, CNN_FIT_CROP, CNN_FIT_LETTERBOX};

/* Each image in `kinds` is tested with every orientation and fit, and with all `sizes`. */
START_TEST(same_pixels_as_by_whole_image)
{
    struct make_jpeg how = kinds[_i];
    static uint8_t out[94 * 125 * 3], expected[94 * 125 * 3];

    for (how.orientation = 1; how.orientation <= 8; how.orientation++) {
        size_t size;
        uint8_t *bytes = make_jpeg_smooth(&how, &size);
        for (size_t i = 0; i < 3 * SIZES; i++) {
            const cnn_preprocess_t p =
                preprocess_of(sizes[i / 3][0], sizes[i / 3][1], fits[i % 3], CNN_DECODE_FULL);
            by_whole_image(&p, bytes, size, expected);
            ck_assert_int_eq(decode(&p, bytes, size, out), CNN_OK);
            ck_assert_msg(memcmp(out, expected, (size_t)p.height * p.width * 3) == 0,
                          "orientation %d, %u x %u, fit %d", how.orientation, p.width, p.height,
                          (int)p.fit);
        }
        free(bytes);
    }
}
END_TEST

/* ---- scaled ---- */

struct scaled_case {
    size_t height, width;
    uint32_t out_height, out_width;
    unsigned scale;          /* expected scale of decoding, in eighths */
    size_t y, x, h, w;       /* the crop, in pixels of the full-size image */
};

static const struct scaled_case scaled_cases[] = {
    {375, 500, 94, 125, 2, 0, 0, 375, 500}, /* 375 * 2/8 = 93.75 rows, rounded up */
    {376, 500, 94, 125, 2, 0, 0, 376, 500}, {371, 500, 94, 125, 4, 0, 0, 371, 500},
    {375, 495, 94, 125, 4, 0, 0, 375, 495}, {187, 250, 94, 125, 4, 0, 0, 187, 250},
    {185, 249, 94, 125, 8, 0, 0, 185, 249}, {94, 125, 94, 125, 8, 0, 0, 94, 125},
    {50, 60, 94, 125, 8, 0, 0, 50, 60},     {800, 1000, 94, 125, 1, 0, 0, 800, 1000},
    {200, 300, 20, 20, 1, 0, 50, 200, 200}, {300, 200, 20, 20, 1, 50, 0, 200, 200},
    {300, 170, 20, 20, 1, 65, 0, 170, 170}, {301, 150, 40, 20, 2, 0, 0, 300, 150},
};

static void skip_nothing(j_common_ptr jpeg)
{
    (void)jpeg;
}

/* Decodes the whole image at scale/8 of its size with libjpeg. The caller frees the result. */
static uint8_t *whole_scaled(const uint8_t *bytes, size_t size, unsigned scale, size_t *height,
                             size_t *width)
{
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;

    jpeg.err = jpeg_std_error(&errors);
    errors.output_message = skip_nothing;
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes, (unsigned long)size);
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = JCS_RGB;
    jpeg.dct_method = JDCT_ISLOW;
    jpeg.do_block_smoothing = FALSE;
    jpeg.scale_num = scale;
    jpeg.scale_denom = 8;
    jpeg_start_decompress(&jpeg);
    *height = jpeg.output_height;
    *width = jpeg.output_width;
    uint8_t *pixels = malloc(*height * *width * 3);
    ck_assert_ptr_nonnull(pixels);
    while (jpeg.output_scanline < jpeg.output_height) {
        JSAMPROW row = pixels + jpeg.output_scanline * *width * 3;
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    jpeg_destroy_decompress(&jpeg);
    return pixels;
}

/* Converts the range from .. from + length, in pixels of the full-size image, to pixels of the
 * scaled image. Stores the first pixel in *first; the returned range is relative to it. */
static struct cd_resize_range range(size_t from, size_t length, unsigned scale, size_t *first)
{
    const double low = (double)(from * scale) / 8, high = (double)((from + length) * scale) / 8;

    *first = (size_t)low;
    const size_t end = (size_t)high + (high > (double)(size_t)high);
    return (struct cd_resize_range){end - *first, low - (double)*first, high - (double)*first};
}

/* Scaled decoding gives the same pixels as scaling with libjpeg and then resizing the crop. */
START_TEST(scaled_as_by_whole_image)
{
    const struct scaled_case *c = &scaled_cases[_i / 3];
    const struct make_jpeg how = {.height = c->height, .width = c->width, .horizontal = 1 + _i % 2,
                                  .vertical = 1 + _i % 2, .progressive = _i % 3 == 2};
    const cnn_preprocess_t p =
        preprocess_of(c->out_height, c->out_width,
                      c->h == c->height && c->w == c->width ? CNN_FIT_SQUASH : CNN_FIT_CROP,
                      CNN_DECODE_SCALED);
    static uint8_t out[94 * 125 * 3], expected[94 * 125 * 3];
    size_t size, height, width, y, x;
    uint8_t *bytes = make_jpeg_smooth(&how, &size);
    uint8_t *whole = whole_scaled(bytes, size, c->scale, &height, &width);
    struct cd_resize_stream stream = {
        .down = range(c->y, c->h, c->scale, &y), .across = range(c->x, c->w, c->scale, &x),
        .orientation = cd_orientation_of(1),
        .target = {expected, p.height, p.width, 3 * (size_t)p.width}};
    struct cd_resizer *resizer;

    const struct cd_kernels *chosen = test.context->kernels;
    test.context->kernels = cd_kernels_find("reference");
    ck_assert_int_eq(cd_resizer_create(test.context, &stream, &resizer), CNN_OK);
    test.context->kernels = chosen;
    for (size_t row = 0; row < stream.down.n; row++) {
        const uint8_t *rgb = whole + ((y + row) * width + x) * 3;
        cd_resizer_add(resizer, &rgb, 1);
    }
    cd_resizer_free(resizer);
    ck_assert_int_eq(decode(&p, bytes, size, out), CNN_OK);
    ck_assert(memcmp(out, expected, (size_t)p.height * p.width * 3) == 0);
    free(whole);
    free(bytes);
}
END_TEST

/* Scaled decoding is close to full decoding, for every fit and orientation. */
START_TEST(scaled_is_near)
{
    const cnn_fit_t fit = fits[_i / 8];
    const struct make_jpeg how = {.height = 280, .width = 400, .horizontal = 2, .vertical = 2,
                                  .orientation = _i % 8 + 1};
    const cnn_preprocess_t p = preprocess_of(40, 30, fit, CNN_DECODE_SCALED);
    uint8_t out[40 * 30 * 3], expected[40 * 30 * 3];
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&how, &size);
    double sum = 0;

    by_whole_image(&p, bytes, size, expected);
    ck_assert_int_eq(decode(&p, bytes, size, out), CNN_OK);
    for (size_t i = 0; i < sizeof out; i++)
        sum += abs(out[i] - expected[i]);
    ck_assert_double_lt(sum / sizeof out, 2.5);
    ck_assert(memcmp(out, expected, sizeof out) != 0);
    free(bytes);
}
END_TEST

/* ---- faults ---- */

static const struct make_jpeg faulty[] = {
    {.height = 64, .width = 24, .orientation = 6},
    {.height = 24, .width = 80, .progressive = 1, .horizontal = 2, .vertical = 2},
    {.height = 90, .width = 24, .horizontal = 2, .vertical = 2},
    {.height = 16, .width = 64, .kind = MAKE_CMYK, .restart_rows = 1},
    {.height = 64, .width = 24, .arithmetic = 1},
};

/* A truncated file is refused even if the missing part lies outside the crop. */
START_TEST(cut_short_at_every_length)
{
    const cnn_preprocess_t p = preprocess_of(5, 5, CNN_FIT_CROP, (cnn_decode_t)(_i % 2));
    uint8_t out[5 * 5 * 3];
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&faulty[_i / 2], &size);

    for (size_t length = 0; length < size; length++) {
        ck_assert_int_eq(decode(&p, bytes, length, out), CNN_ERROR_IMAGE);
        ck_assert_msg(strstr(cd_error_message(), length ? "cut short" : "is empty"), "%zu: %s",
                      length, cd_error_message());
    }
    ck_assert_int_eq(decode(&p, bytes, size, out), CNN_OK);
    free(bytes);
}
END_TEST

START_TEST(random_damage)
{
    const cnn_preprocess_t p = preprocess_of(7, 9, fits[_i % 3], (cnn_decode_t)(_i % 2));
    uint8_t out[7 * 9 * 3];
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&faulty[_i / 2], &size), *copy = malloc(size);
    int good = 0, bad = 0;

    ck_assert_ptr_nonnull(copy);
    limits.max_pixels = 1 << 18;
    for (uint64_t i = 0; i < 600; i++) {
        memcpy(copy, bytes, size);
        for (uint64_t k = 0; k <= i % 5; k++) {
            const uint64_t bits = cd_random_bits((uint64_t)_i, i * 8 + k);
            copy[2 + (bits >> 8) % (size - 2)] = (uint8_t)bits;
        }
        const cnn_status_t rc = decode(&p, copy, size, out);
        if (rc != CNN_OK && rc != CNN_ERROR_IMAGE)
            ck_abort_msg("%d: %s", rc, cd_error_message());
        good += rc == CNN_OK;
        bad += rc != CNN_OK;
    }
    ck_assert_int_gt(good, 0);
    ck_assert_int_gt(bad, 0);
    free(copy);
    free(bytes);
}
END_TEST

START_TEST(without_memory)
{
    const struct make_jpeg how = {.height = 40, .width = 60, .orientation = 1 + 5 * _i};
    const cnn_preprocess_t p = preprocess_of(9, 12, CNN_FIT_CROP, CNN_DECODE_FULL);
    uint8_t out[9 * 12 * 3];
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&how, &size);
    long n = 0;
    cnn_status_t rc;

    do {
        test_context_fail(&test, ++n);
        rc = decode(&p, bytes, size, out);
        if (rc != CNN_OK) {
            ck_assert_int_eq(rc, CNN_ERROR_MEMORY);
            ck_assert_ptr_nonnull(strstr(cd_error_message(), "a.jpg: out of memory"));
        }
    } while (rc != CNN_OK);
    ck_assert_int_gt(n, 5);
    test_context_fail(&test, 0);
    free(bytes);
}
END_TEST

/* ---- memory ---- */

struct counted {
    size_t size;
    max_align_t block[];
};

static size_t now, most;

static void *count_allocate(size_t size, void *user)
{
    struct counted *c = malloc(sizeof *c + size);

    (void)user;
    if (!c)
        return NULL;
    c->size = size;
    now += size;
    most = now > most ? now : most;
    return c->block;
}

static void count_release(void *block, void *user)
{
    struct counted *c = (struct counted *)((char *)block - offsetof(struct counted, block));

    (void)user;
    now -= c->size;
    free(c);
}

/* Limits the memory for decoding a photo of 12 megapixels, not counting libjpeg's own memory. A
 * photo that is rotated by 90 degrees needs more, because whole rows are kept. */
START_TEST(memory_of_a_large_photo)
{
    const struct make_jpeg how = {.height = 3000, .width = 4000, .kind = MAKE_GREY, .quality = 30,
                                  .orientation = _i ? 6 : 1};
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 1,
                                           .allocate = count_allocate, .release = count_release};
    const cnn_preprocess_t p = preprocess_of(94, 125, CNN_FIT_SQUASH, CNN_DECODE_FULL);
    static uint8_t out[94 * 125 * 3];
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&how, &size);
    cnn_context_t *context;

    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    most = now;
    const size_t before = now;
    struct cd_image_source source = source_of(bytes, size);
    source.context = context;
    ck_assert_int_eq(cd_decode_photo(&source, &p, NULL, out), CNN_OK);
    ck_assert_uint_lt(most - before, _i ? 1 << 20 : 1 << 19);
    ck_assert_uint_eq(now, before);
    cnn_context_free(context);
    free(bytes);
}
END_TEST

/* ---- public functions ---- */

START_TEST(public_functions)
{
    const struct make_jpeg how = {.height = 40, .width = 60, .orientation = 6};
    const cnn_preprocess_t p = preprocess_of(9, 12, CNN_FIT_CROP, CNN_DECODE_FULL);
    cnn_preprocess_t wrong = p;
    uint8_t out[9 * 12 * 3], expected[9 * 12 * 3];
    size_t size;
    uint8_t *bytes = make_jpeg_smooth(&how, &size);

    by_whole_image(&p, bytes, size, expected);
    ck_assert_int_eq(cnn_preprocess_apply_memory(test.context, &p, bytes, size, NULL, out), CNN_OK);
    ck_assert_mem_eq(out, expected, sizeof out);
    ck_assert_int_eq(cnn_preprocess_apply_memory(test.context, &p, bytes, size - 1, NULL, out),
                     CNN_ERROR_IMAGE);
    ck_assert_int_eq(test.logged[CNN_LOG_ERROR], 1);
    ck_assert_int_eq(cnn_preprocess_apply_memory(test.context, &p, NULL, 0, NULL, out),
                     CNN_ERROR_IMAGE);
    ck_assert_int_eq(cnn_preprocess_apply_file(test.context, &p, "/nowhere/a.jpg", NULL, out),
                     CNN_ERROR_IO);
    wrong.decode = (cnn_decode_t)2;
    ck_assert_int_eq(cnn_preprocess_apply_file(test.context, &wrong, "a.jpg", NULL, out),
                     CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "decode 2 is not one of cnn_decode_t"));
    free(bytes);
}
END_TEST

#define COUNT(array) (sizeof(array) / sizeof *(array))

Suite *suite_decode(void)
{
    Suite *suite = suite_create("decode");
    TCase *tests = tcase_create("decode");

    tcase_add_checked_fixture(tests, open_context, close_context);
    tcase_add_loop_test(tests, same_pixels_as_by_whole_image, 0, COUNT(kinds));
    tcase_add_loop_test(tests, scaled_as_by_whole_image, 0, 3 * COUNT(scaled_cases));
    tcase_add_loop_test(tests, scaled_is_near, 0, 24);
    tcase_add_loop_test(tests, cut_short_at_every_length, 0, 2 * COUNT(faulty));
    tcase_add_loop_test(tests, random_damage, 0, 2 * COUNT(faulty));
    tcase_add_loop_test(tests, without_memory, 0, 2);
    tcase_add_loop_test(tests, memory_of_a_large_photo, 0, 2);
    tcase_add_test(tests, public_functions);
    suite_add_tcase(suite, tests);
    return suite;
}
