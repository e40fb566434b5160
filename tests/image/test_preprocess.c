/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "image/preprocess.h"
#include "image/readers.h"
#include "support/make_jpeg.h"
#include "support/test_context.h"

static struct test_context test;

static void open_context(void)
{
    test_context_open(&test, 1);
}

static void close_context(void)
{
    test_context_close(&test);
}

START_TEST(defaults)
{
    const cnn_preprocess_t empty = {.struct_size = sizeof empty};
    cnn_preprocess_t a, b;

    ck_assert_int_eq(cd_preprocess_complete(NULL, &a), CNN_OK);
    ck_assert_int_eq(cd_preprocess_complete(&empty, &b), CNN_OK);
    ck_assert_uint_eq(a.height, 94);
    ck_assert_uint_eq(a.width, 125);
    ck_assert_int_eq(a.fit, CNN_FIT_SQUASH);
    for (int c = 0; c < 3; c++) {
        ck_assert(a.mean[c] == 0);
        ck_assert(a.std[c] == 1);
    }
    ck_assert_uint_eq(a.struct_size, sizeof a);
    ck_assert_mem_eq(&a, &b, sizeof a);
}
END_TEST

START_TEST(an_older_callers_struct)
{
    cnn_preprocess_t old = {.height = 7, .width = 9, .fit = CNN_FIT_LETTERBOX}, complete;

    old.struct_size = offsetof(cnn_preprocess_t, width);
    ck_assert_int_eq(cd_preprocess_complete(&old, &complete), CNN_OK);
    ck_assert_uint_eq(complete.height, 7);
    ck_assert_uint_eq(complete.width, 125);
    ck_assert_int_eq(complete.fit, CNN_FIT_SQUASH);
}
END_TEST

static void check_refused(const cnn_preprocess_t *preprocess, const char *word)
{
    cnn_preprocess_t complete;

    ck_assert_int_eq(cd_preprocess_complete(preprocess, &complete), CNN_ERROR_ARGUMENT);
    ck_assert_msg(strstr(cnn_error_message(), word), "\"%s\" lacks %s", cnn_error_message(), word);
}

START_TEST(what_is_refused)
{
    const cnn_preprocess_t good = {.struct_size = sizeof good, .height = 65535, .width = 1};
    cnn_preprocess_t bad, complete;

    ck_assert_int_eq(cd_preprocess_complete(&good, &complete), CNN_OK);
    bad = good, bad.struct_size = 0;
    check_refused(&bad, "struct_size");
    bad = good, bad.height = 65536;
    check_refused(&bad, "65536");
    bad = good, bad.width = UINT32_MAX;
    check_refused(&bad, "4294967295");
    bad = good, bad.fit = (cnn_fit_t)3;
    check_refused(&bad, "fit 3");
    bad = good, bad.decode = (cnn_decode_t)-1;
    check_refused(&bad, "decode -1");
    bad = good, bad.mean[1] = NAN;
    check_refused(&bad, "mean[1]");
    bad = good, bad.mean[2] = INFINITY;
    check_refused(&bad, "mean[2]");
    bad = good, bad.std[0] = -1;
    check_refused(&bad, "std[0]");
    bad = good, bad.std[1] = NAN;
    check_refused(&bad, "std[1]");
    bad = good, bad.std[2] = INFINITY;
    check_refused(&bad, "std[2]");
    bad = good, bad.std[2] = 1e-39f;
    check_refused(&bad, "std[2]");
    bad = good, bad.mean[0] = 1e30f, bad.std[0] = 1e-30f;
    check_refused(&bad, "std[0]");
}
END_TEST

START_TEST(same_pixels)
{
    const cnn_preprocess_t a = {.height = 5, .width = 6};
    cnn_preprocess_t b = a;

    b.mean[0] = 0.5f, b.std[1] = 2, b.pad[2] = 9;
    ck_assert_int_eq(cd_preprocess_same_pixels(&a, &b), 1);
    b = a, b.height = 6;
    ck_assert_int_eq(cd_preprocess_same_pixels(&a, &b), 0);
    b = a, b.width = 5;
    ck_assert_int_eq(cd_preprocess_same_pixels(&a, &b), 0);
    b = a, b.decode = CNN_DECODE_SCALED;
    ck_assert_int_eq(cd_preprocess_same_pixels(&a, &b), 0);
    b = a, b.fit = CNN_FIT_CROP;
    ck_assert_int_eq(cd_preprocess_same_pixels(&a, &b), 0);
    cnn_preprocess_t c = a;
    c.fit = CNN_FIT_LETTERBOX, b = c, b.pad[2] = 9;
    ck_assert_int_eq(cd_preprocess_same_pixels(&c, &b), 0);
    b.pad[2] = 0;
    ck_assert_int_eq(cd_preprocess_same_pixels(&c, &b), 1);
}
END_TEST

/* A cache written with another version of the library or of libjpeg must not be used, so the hash
 * includes both versions. */
START_TEST(pixels_hash)
{
    const cnn_preprocess_t a = {.height = 5, .width = 6};
    cnn_preprocess_t b = a;
    const uint64_t none = cd_hash_text(0, cnn_version());
    uint64_t hash = cd_image_hash_decoders(none);

    ck_assert(hash != none);
    for (int i = 0; i < 5; i++)
        hash = cd_hash_number(hash, (uint64_t[]){1, 5, 6, CNN_FIT_SQUASH, CNN_DECODE_FULL}[i]);
    ck_assert(cd_preprocess_pixels_hash(&a) == hash);
    b.mean[0] = 0.5f, b.pad[2] = 9;
    ck_assert(cd_preprocess_pixels_hash(&b) == hash);
    b.decode = CNN_DECODE_SCALED;
    ck_assert(cd_preprocess_pixels_hash(&b) != hash);
}
END_TEST

START_TEST(table)
{
    cnn_preprocess_t complete;
    const cnn_preprocess_t given = {.struct_size = sizeof given, .mean = {0, 0.25f, 0.5f},
                                    .std = {0, 0.5f, 4}};
    const uint8_t rgb[] = {0, 51, 255, 255, 0, 102};
    float values[3][256], out[6];

    ck_assert_int_eq(cd_preprocess_complete(&given, &complete), CNN_OK);
    cd_preprocess_table(&complete, values);
    for (int v = 0; v < 256; v++) {
        ck_assert(values[0][v] == (float)(v / 255.0));
        ck_assert_float_eq_tol(values[1][v], ((float)v / 255 - 0.25f) / 0.5f, 1e-6f);
        ck_assert_float_eq_tol(values[2][v], ((float)v / 255 - 0.5f) / 4, 1e-6f);
    }
    cd_preprocess_to_float((const float(*)[256])values, rgb, 2, out);
    ck_assert_float_eq(out[0], 0);
    ck_assert_float_eq_tol(out[1], -0.1f, 1e-6f);
    ck_assert_float_eq_tol(out[2], 0.125f, 1e-6f);
    ck_assert_float_eq(out[3], 1);
    ck_assert_float_eq_tol(out[4], -0.5f, 1e-6f);
    ck_assert_float_eq_tol(out[5], -0.025f, 1e-6f);
}
END_TEST

/* Resizes the part of an image that begins at pixel (y, x) and has height x width pixels. `row` is
 * the width of the whole image in pixels. */
static void squash(const uint8_t *rgb, size_t row, size_t y, size_t x, size_t height, size_t width,
                   uint32_t out_height, uint32_t out_width, uint8_t *out)
{
    const cnn_preprocess_t p = {.struct_size = sizeof p, .height = out_height, .width = out_width};

    ck_assert_int_eq(cnn_preprocess_apply_rgb(test.context, &p, rgb + (y * row + x) * 3, height,
                                              width, row * 3, out),
                     CNN_OK);
}

struct fit_case {
    size_t height, width;         /* size of the image */
    uint32_t out_height, out_width;
    size_t y, x, h, w;            /* crop: part of the image; letterbox: part of the output */
};

/* The comments give the exact size of the crop before rounding. */
static const struct fit_case crop_cases[] = {
    {100, 300, 94, 125, 0, 83, 100, 133},  /* 132.98 wide */
    {300, 100, 94, 125, 112, 0, 75, 100},  /* 75.2 high */
    {94, 125, 94, 125, 0, 0, 94, 125},     {188, 250, 94, 125, 0, 0, 188, 250},
    {7, 10, 5, 5, 0, 1, 7, 7},             {1, 200, 10, 20, 0, 99, 1, 2},
    {1, 200, 20, 10, 0, 99, 1, 1},         /* 0.5 wide, rounded up */
    {1, 200, 400, 10, 0, 99, 1, 1},        /* 0.025 wide, at least 1 */
    {200, 1, 10, 400, 99, 0, 1, 1},        {1, 1, 94, 125, 0, 0, 1, 1},
    {9, 10, 2, 3, 1, 0, 7, 10},            /* 6.67 high */
    {5, 10, 2, 3, 0, 1, 5, 8},             /* 7.5 wide, rounded up */
};

START_TEST(crop)
{
    const struct fit_case *c = &crop_cases[_i];
    const cnn_preprocess_t p = {.struct_size = sizeof p, .height = c->out_height,
                                .width = c->out_width, .fit = CNN_FIT_CROP};
    const size_t size = (size_t)c->out_height * c->out_width * 3;
    uint8_t *rgb = make_smooth_image(c->height, c->width, 3);
    uint8_t *out = malloc(size), *expected = malloc(size);

    ck_assert_int_eq(cnn_preprocess_apply_rgb(test.context, &p, rgb, c->height, c->width, 0, out),
                     CNN_OK);
    squash(rgb, c->width, c->y, c->x, c->h, c->w, c->out_height, c->out_width, expected);
    ck_assert(memcmp(out, expected, size) == 0);
    free(expected);
    free(out);
    free(rgb);
}
END_TEST

/* The comments give the exact size of the image in the output before rounding. */
static const struct fit_case letterbox_cases[] = {
    {100, 300, 94, 125, 26, 0, 42, 125},   /* 41.67 high */
    {300, 100, 94, 125, 0, 47, 94, 31},    /* 31.33 wide */
    {94, 125, 94, 125, 0, 0, 94, 125},     {188, 250, 94, 125, 0, 0, 94, 125},
    {1, 1000, 10, 20, 4, 0, 1, 20},        /* 0.02 high, at least 1 */
    {1000, 1, 10, 20, 0, 9, 10, 1},        {1, 1, 5, 8, 0, 1, 5, 5},
    {5, 10, 3, 5, 0, 0, 3, 5},             /* 2.5 high, rounded up */
};

START_TEST(letterbox)
{
    const struct fit_case *c = &letterbox_cases[_i];
    const cnn_preprocess_t p = {.struct_size = sizeof p,
                                .height = c->out_height,
                                .width = c->out_width,
                                .fit = CNN_FIT_LETTERBOX,
                                .pad = {1, 2, 3}};
    const size_t size = (size_t)c->out_height * c->out_width * 3;
    uint8_t *rgb = make_smooth_image(c->height, c->width, 3);
    uint8_t *out = malloc(size), *inner = malloc(c->h * c->w * 3);

    ck_assert_int_eq(cnn_preprocess_apply_rgb(test.context, &p, rgb, c->height, c->width, 0, out),
                     CNN_OK);
    squash(rgb, c->width, 0, 0, c->height, c->width, (uint32_t)c->h, (uint32_t)c->w, inner);
    for (size_t y = 0; y < c->out_height; y++)
        for (size_t x = 0; x < c->out_width; x++) {
            static const uint8_t pad[] = {1, 2, 3};
            const int inside = y >= c->y && y < c->y + c->h && x >= c->x && x < c->x + c->w;
            const uint8_t *expected = inside ? inner + ((y - c->y) * c->w + x - c->x) * 3 : pad;
            if (memcmp(out + (y * c->out_width + x) * 3, expected, 3) != 0)
                ck_abort_msg("row %zu, column %zu", y, x);
        }
    free(inner);
    free(out);
    free(rgb);
}
END_TEST

START_TEST(same_size_is_a_copy)
{
    uint8_t *rgb = make_smooth_image(94, 125, 3), out[94 * 125 * 3];

    ck_assert_int_eq(cnn_preprocess_apply_rgb(test.context, NULL, rgb, 94, 125, 0, out), CNN_OK);
    ck_assert(memcmp(out, rgb, sizeof out) == 0);
    free(rgb);
}
END_TEST

START_TEST(arguments)
{
    const cnn_preprocess_t p = {.struct_size = sizeof p, .height = 1, .width = 1};
    const uint8_t rgb[12] = {0};
    uint8_t out[3];
    cnn_context_t *context = test.context;

    ck_assert_int_eq(cnn_preprocess_apply_rgb(NULL, &p, rgb, 2, 2, 0, out), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_preprocess_apply_rgb(context, &p, NULL, 2, 2, 0, out), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_preprocess_apply_rgb(context, &p, rgb, 2, 2, 0, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_preprocess_apply_rgb(context, &p, rgb, 0, 2, 0, out), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_preprocess_apply_rgb(context, &p, rgb, 2, 0, 0, out), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_preprocess_apply_rgb(context, &p, rgb, 65536, 1, 0, out),
                     CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_preprocess_apply_rgb(context, &p, rgb, 1, SIZE_MAX, 0, out),
                     CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_preprocess_apply_rgb(context, &p, rgb, 2, 2, 5, out), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_preprocess_apply_rgb(context, &p, rgb, 2, 2, SIZE_MAX, out),
                     CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_preprocess_apply_rgb(context, &p, rgb, 2, 2, 6, out), CNN_OK);
}
END_TEST

Suite *suite_preprocess(void)
{
    Suite *suite = suite_create("preprocess");
    TCase *tests = tcase_create("preprocess");

    tcase_add_checked_fixture(tests, open_context, close_context);
    tcase_add_test(tests, defaults);
    tcase_add_test(tests, an_older_callers_struct);
    tcase_add_test(tests, what_is_refused);
    tcase_add_test(tests, same_pixels);
    tcase_add_test(tests, pixels_hash);
    tcase_add_test(tests, table);
    tcase_add_loop_test(tests, crop, 0, sizeof crop_cases / sizeof *crop_cases);
    tcase_add_loop_test(tests, letterbox, 0, sizeof letterbox_cases / sizeof *letterbox_cases);
    tcase_add_test(tests, same_size_is_a_copy);
    tcase_add_test(tests, arguments);
    suite_add_tcase(suite, tests);
    return suite;
}
