/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <math.h>
#include <string.h>

#include "image/heat.h"
#include "support/test_context.h"

static struct test_context test;

static void setup(void)
{
    test_context_open(&test, 1);
}

static void teardown(void)
{
    test_context_close(&test);
}

/* ---- colours ---- */

START_TEST(colors_get_lighter)
{
    float before = -1, rgb[3];

    for (int i = 0; i <= 100; i++) {
        cd_heat_color((float)i / 100, rgb);
        const float luma = 0.299f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
        for (int c = 0; c < 3; c++)
            ck_assert(rgb[c] >= 0 && rgb[c] <= 255);
        ck_assert_float_gt(luma, before);
        before = luma;
    }
    cd_heat_color(0, rgb);
    ck_assert(rgb[0] == 0 && rgb[1] == 0 && rgb[2] == 4);
    cd_heat_color(1, rgb);
    ck_assert(rgb[0] == 252 && rgb[1] == 255 && rgb[2] == 164);
}
END_TEST

/* ---- drawing ---- */

/* Creates a photo whose pixel at (y, x) has the colour (y, x, 200). */
static cnn_image_t *make_photo(size_t height, size_t width)
{
    cnn_image_t *photo;

    ck_assert_int_eq(cd_image_create(test.context, height, width, &photo), CNN_OK);
    for (size_t i = 0; i < height * width; i++) {
        photo->pixels[3 * i] = (uint8_t)(i / width);
        photo->pixels[3 * i + 1] = (uint8_t)(i % width);
        photo->pixels[3 * i + 2] = 200;
    }
    return photo;
}

static cnn_preprocess_t preprocess(uint32_t height, uint32_t width, cnn_fit_t fit)
{
    const cnn_preprocess_t given = {
        .struct_size = sizeof given, .height = height, .width = width, .fit = fit};
    cnn_preprocess_t complete;

    ck_assert_int_eq(cd_preprocess_complete(&given, &complete), CNN_OK);
    return complete;
}

static cnn_image_t *draw(const cnn_preprocess_t *p, const float *values, size_t height,
                         size_t width, float opacity, const cnn_image_t *photo)
{
    const struct cd_heat_map map = {values, height, width};
    cnn_image_t *drawing;

    ck_assert_int_eq(cd_heat_draw(p, &map, opacity, photo, &drawing), CNN_OK);
    ck_assert_uint_eq(drawing->height, photo->height);
    ck_assert_uint_eq(drawing->width, photo->width);
    return drawing;
}

static void check_pixel(const cnn_image_t *drawing, const cnn_image_t *photo, size_t y, size_t x,
                        float value, float opacity)
{
    const uint8_t *got = drawing->pixels + (y * drawing->width + x) * 3;
    const uint8_t *was = photo->pixels + (y * photo->width + x) * 3;
    const float grey = 0.299f * was[0] + 0.587f * was[1] + 0.114f * was[2];
    float color[3];

    cd_heat_color(value, color);
    for (int c = 0; c < 3; c++)
        ck_assert_msg(fabsf(got[c] - ((1 - opacity) * grey + opacity * color[c])) < 1.0f,
                      "pixel %zu %zu, channel %d: %d", y, x, c, got[c]);
}

/* Returns 1 if pixel (y, x) of the drawing equals the same pixel of the photo. */
static int untouched(const cnn_image_t *drawing, const cnn_image_t *photo, size_t y, size_t x)
{
    const size_t at = (y * photo->width + x) * 3;
    return memcmp(drawing->pixels + at, photo->pixels + at, 3) == 0;
}

/* Each value of the 2 x 2 heat map covers 3 x 3 pixels. The centre pixel has exactly this value.
 * Pixels outside the outermost centres have the nearest value; those between are interpolated. */
START_TEST(squashed)
{
    static const float values[] = {0, 1, 0.5f, 0.25f};
    const cnn_preprocess_t p = preprocess(9, 7, CNN_FIT_SQUASH);
    cnn_image_t *photo = make_photo(6, 6), *drawing = draw(&p, values, 2, 2, 0.5f, photo);

    check_pixel(drawing, photo, 0, 0, 0, 0.5f);
    check_pixel(drawing, photo, 1, 1, 0, 0.5f);
    check_pixel(drawing, photo, 1, 4, 1, 0.5f);
    check_pixel(drawing, photo, 0, 5, 1, 0.5f);
    check_pixel(drawing, photo, 4, 1, 0.5f, 0.5f);
    check_pixel(drawing, photo, 5, 5, 0.25f, 0.5f);
    check_pixel(drawing, photo, 1, 2, 1.0f / 3, 0.5f);
    check_pixel(drawing, photo, 3, 1, 1.0f / 3, 0.5f);
    check_pixel(drawing, photo, 2, 2, (2 * (2 * 0.0f + 1.0f) + (2 * 0.5f + 0.25f)) / 9, 0.5f);
    cnn_image_free(drawing);
    drawing = draw(&p, values, 2, 2, 1, photo);
    check_pixel(drawing, photo, 1, 4, 1, 1);
    cnn_image_free(drawing);
    drawing = draw(&p, values, 2, 2, 0, photo); /* with opacity 0 the drawing is grey */
    check_pixel(drawing, photo, 4, 4, 0, 0);
    cnn_image_free(drawing);
    cnn_image_free(photo);
}
END_TEST

/* The network sees only the middle of a wide photo, so the heat map covers only the middle. */
START_TEST(cropped)
{
    static const float values[] = {0, 1};
    const cnn_preprocess_t p = preprocess(4, 4, CNN_FIT_CROP);
    cnn_image_t *photo = make_photo(8, 20), *drawing = draw(&p, values, 1, 2, 0.5f, photo);

    ck_assert(untouched(drawing, photo, 0, 5) && untouched(drawing, photo, 7, 14));
    check_pixel(drawing, photo, 0, 6, 0, 0.5f);
    check_pixel(drawing, photo, 7, 13, 1, 0.5f);
    check_pixel(drawing, photo, 3, 9, 0.5f - 0.5f / 4, 0.5f);
    cnn_image_free(drawing);
    cnn_image_free(photo);
}
END_TEST

/* The outer rows of the heat map belong to the bars; only its middle rows are drawn. */
START_TEST(letterboxed)
{
    static const float values[] = {0, 1, 1, 0};
    const cnn_preprocess_t p = preprocess(8, 8, CNN_FIT_LETTERBOX);
    cnn_image_t *photo = make_photo(8, 16), *drawing = draw(&p, values, 4, 1, 0.5f, photo);

    for (size_t x = 0; x < 16; x++) {
        check_pixel(drawing, photo, 3, x, 1, 0.5f);
        check_pixel(drawing, photo, 2, x, 1, 0.5f);
        check_pixel(drawing, photo, 0, x, 0.625f, 0.5f);
        check_pixel(drawing, photo, 7, x, 0.625f, 0.5f);
    }
    cnn_image_free(drawing);
    cnn_image_free(photo);
}
END_TEST

/* Heat maps of one row or one column, and a photo smaller than its heat map. */
START_TEST(extremes)
{
    static const float values[] = {0.5f, 0.5f, 0.5f, 0.5f, 0.5f, 0.5f};
    const cnn_preprocess_t p = preprocess(3, 100, CNN_FIT_SQUASH);
    cnn_image_t *photo = make_photo(1, 2), *drawing;

    for (size_t width = 1; width <= 6; width++) {
        drawing = draw(&p, values, 6 / width, width, 0.5f, photo);
        check_pixel(drawing, photo, 0, 0, 0.5f, 0.5f);
        check_pixel(drawing, photo, 0, 1, 0.5f, 0.5f);
        cnn_image_free(drawing);
    }
    cnn_image_free(photo);
}
END_TEST

START_TEST(without_memory)
{
    static const float value[] = {1};
    const struct cd_heat_map map = {value, 1, 1};
    const cnn_preprocess_t p = preprocess(2, 2, CNN_FIT_SQUASH);
    cnn_image_t *photo = make_photo(3, 3), *drawing;

    for (long n = 1; n <= 2; n++) {
        test_context_fail(&test, n);
        ck_assert_int_eq(cd_heat_draw(&p, &map, 0.5f, photo, &drawing), CNN_ERROR_MEMORY);
        ck_assert_ptr_null(drawing);
    }
    test_context_fail(&test, 0);
    cnn_image_free(photo);
}
END_TEST

Suite *suite_heat(void)
{
    Suite *suite = suite_create("heat");
    TCase *tests = tcase_create("heat");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, colors_get_lighter);
    tcase_add_test(tests, squashed);
    tcase_add_test(tests, cropped);
    tcase_add_test(tests, letterboxed);
    tcase_add_test(tests, extremes);
    tcase_add_test(tests, without_memory);
    suite_add_tcase(suite, tests);
    return suite;
}
