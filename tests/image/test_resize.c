/* SPDX-License-Identifier: MIT */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "golden/golden_resize.h"
#include "image/resize.h"
#include "support/kernel_tables.h"
#include "support/test_context.h"

/* Creates the image from which tests/golden/make_resize_golden.py made the expected pixels. */
static uint8_t *formula(size_t height, size_t width)
{
    uint8_t *pixels = malloc(height * width * 3);

    ck_assert_ptr_nonnull(pixels);
    for (uint64_t y = 0; y < height; y++)
        for (uint64_t x = 0; x < width; x++)
            for (uint64_t c = 0; c < 3; c++)
                pixels[(y * width + x) * 3 + c] = (uint8_t)(
                    (x * x * 3 + y * y * 5 + x * y * 7 + c * 85 + (x ^ y) % 32 * 64) / 4);
    return pixels;
}

static uint64_t fnv1a(const uint8_t *bytes, size_t size)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < size; i++)
        value = (value ^ bytes[i]) * UINT64_C(0x100000001b3);
    return value;
}

static uint8_t *resized(struct test_context *test, const uint8_t *pixels, size_t height,
                        size_t width, size_t out_height, size_t out_width)
{
    uint8_t *out = malloc(out_height * out_width * 3);
    const struct cd_resize_source source = {pixels, height, width, width * 3};
    const struct cd_resize_target target = {out, out_height, out_width, out_width * 3};

    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(cd_resize(test->context, &source, &target), CNN_OK);
    return out;
}

START_TEST(same_bits_as_pillow)
{
    const struct golden_resize *g = &golden_resize[_i];
    struct test_context test;
    const size_t size = g->out_height * g->out_width * 3;

    test_context_open(&test, 1);
    uint8_t *pixels = formula(g->height, g->width);
    uint8_t *out = resized(&test, pixels, g->height, g->width, g->out_height, g->out_width);
    if (size <= sizeof g->values)
        ck_assert_mem_eq(out, g->values, size);
    ck_assert_uint_eq(fnv1a(out, size), g->fnv1a);
    free(out);
    free(pixels);
    test_context_close(&test);
}
END_TEST

/* Computes channel c of one output pixel directly as a weighted mean over both dimensions, in
 * double precision. The library uses fixed point and rounds between the two directions. */
static double reference(const uint8_t *pixels, size_t height, size_t width, double centre_y,
                        double centre_x, double reach_y, double reach_x, size_t c)
{
    double sum = 0, weights = 0;

    for (size_t y = 0; y < height; y++) {
        const double down = 1 - fabs(((double)y + 0.5 - centre_y) / reach_y);
        if (down <= 0)
            continue;
        for (size_t x = 0; x < width; x++) {
            const double across = 1 - fabs(((double)x + 0.5 - centre_x) / reach_x);
            if (across > 0) {
                sum += down * across * pixels[(y * width + x) * 3 + c];
                weights += down * across;
            }
        }
    }
    return sum / weights;
}

START_TEST(near_the_definition)
{
    struct test_context test;

    test_context_open(&test, 1);
    for (uint64_t i = 0; i < 60; i++) {
        const size_t height = 1 + cd_random_bits(i, 0) % 40, width = 1 + cd_random_bits(i, 1) % 40;
        const size_t h = 1 + cd_random_bits(i, 2) % 20, w = 1 + cd_random_bits(i, 3) % 20;
        const double scale_y = (double)height / (double)h, scale_x = (double)width / (double)w;
        uint8_t *pixels = formula(height, width);
        uint8_t *out = resized(&test, pixels, height, width, h, w);
        for (size_t k = 0; k < h * w * 3; k++) {
            const double expected = reference(pixels, height, width,
                                              ((double)(k / 3 / w) + 0.5) * scale_y,
                                              ((double)(k / 3 % w) + 0.5) * scale_x,
                                              fmax(scale_y, 1), fmax(scale_x, 1), k % 3);
            if (fabs(out[k] - expected) > 1.01)
                ck_abort_msg("%zux%zu to %zux%zu, byte %zu: %d, %f", height, width, h, w, k,
                             out[k], expected);
        }
        free(out);
        free(pixels);
    }
    test_context_close(&test);
}
END_TEST

START_TEST(one_colour_stays)
{
    static const size_t cases[][4] = {{1, 65535, 1, 1}, {65535, 1, 1, 1}, {1, 65535, 65535, 1},
                                      {1, 1, 94, 125},  {977, 3, 94, 125}, {94, 125, 1, 1}};
    struct test_context test;

    test_context_open(&test, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int colour = 0; colour < 256; colour += 51) {
            const size_t *c = cases[i];
            uint8_t *pixels = malloc(c[0] * c[1] * 3);
            ck_assert_ptr_nonnull(pixels);
            memset(pixels, colour, c[0] * c[1] * 3);
            uint8_t *out = resized(&test, pixels, c[0], c[1], c[2], c[3]);
            ck_assert_int_eq(out[0], colour);
            ck_assert(memcmp(out, out + 1, c[2] * c[3] * 3 - 1) == 0); /* all bytes are equal */
            free(out);
            free(pixels);
        }
    test_context_close(&test);
}
END_TEST

/* Resizing part of an image into part of a target gives the same pixels as resizing a copy of that
 * part, and changes nothing else in the target. */
START_TEST(strides)
{
    enum { HEIGHT = 20, WIDTH = 30, OUT_HEIGHT = 9, OUT_WIDTH = 8 };
    struct test_context test;
    uint8_t part[11 * 13 * 3], out[OUT_HEIGHT * OUT_WIDTH * 3];

    test_context_open(&test, 1);
    uint8_t *pixels = formula(HEIGHT, WIDTH);
    for (size_t y = 0; y < 11; y++)
        memcpy(part + y * 13 * 3, pixels + ((4 + y) * WIDTH + 6) * 3, 13 * 3);
    uint8_t *expected = resized(&test, part, 11, 13, 5, 7);
    memset(out, 0xa5, sizeof out);
    const struct cd_resize_source source = {pixels + (4 * WIDTH + 6) * 3, 11, 13, WIDTH * 3};
    const struct cd_resize_target target = {out + OUT_WIDTH * 3 + 3, 5, 7, OUT_WIDTH * 3};
    ck_assert_int_eq(cd_resize(test.context, &source, &target), CNN_OK);
    for (size_t y = 0; y < OUT_HEIGHT; y++)
        for (size_t x = 0; x < OUT_WIDTH; x++)
            for (size_t c = 0; c < 3; c++) {
                const int inside = y >= 1 && y < 6 && x >= 1;
                ck_assert_int_eq(out[(y * OUT_WIDTH + x) * 3 + c],
                                 inside ? expected[((y - 1) * 7 + x - 1) * 3 + c] : 0xa5);
            }
    free(expected);
    free(pixels);
    test_context_close(&test);
}
END_TEST

/* Resizes an image by adding one to nine rows at a time. Each row has its own heap block of exactly
 * its size, so that AddressSanitizer detects reads past the end. */
static void stream(cnn_context_t *context, const struct cd_kernels *kernels,
                   const struct cd_resize_stream *how, const uint8_t *pixels)
{
    enum { MOST = 9 };
    const size_t size = how->across.n * 3;
    struct cd_resizer *resizer;
    uint8_t *rows[MOST];

    for (size_t i = 0; i < MOST; i++) {
        rows[i] = malloc(size);
        ck_assert_ptr_nonnull(rows[i]);
    }
    context->kernels = kernels;
    ck_assert_int_eq(cd_resizer_create(context, how, &resizer), CNN_OK);
    for (size_t y = 0, n; y < how->down.n; y += n) {
        n = 1 + (size + y) % MOST;
        if (n > how->down.n - y)
            n = how->down.n - y;
        for (size_t i = 0; i < n; i++)
            memcpy(rows[i], pixels + (y + i) * size, size);
        cd_resizer_add(resizer, (const uint8_t *const *)rows, n);
    }
    cd_resizer_free(resizer);
    for (size_t i = 0; i < MOST; i++)
        free(rows[i]);
}

/* Returns a random range that omits less than one pixel at either end. */
static struct cd_resize_range random_range(uint64_t key, size_t n)
{
    const double from = (double)(cd_random_bits(key, 0) % 8) / 8;
    const double to = (double)n - (double)(cd_random_bits(key, 1) % 8) / 8;

    return n == 1 || key % 2 ? (struct cd_resize_range){n, 0, (double)n}
                             : (struct cd_resize_range){n, from, to};
}

/* Every kernel table gives the same bits as the reference kernels, for random images, sizes,
 * orientations and ranges. About half of the bytes are 0 or 255. */
START_TEST(same_bits_in_every_table)
{
    static const size_t largest[] = {3, 20, 90, 700};
    const struct cd_kernels *kernels = kernel_table(_i);
    struct test_context test;

    test_context_open(&test, 1);
    for (uint64_t i = 0; i < 1500; i++) {
        const size_t limit = largest[i % 4];
        const size_t height = 1 + cd_random_bits(i, 0) % limit;
        const size_t width = 1 + cd_random_bits(i, 1) % limit;
        const size_t h = 1 + cd_random_bits(i, 2) % 60, w = 1 + cd_random_bits(i, 3) % 60;
        uint8_t *pixels = malloc(height * width * 3);
        uint8_t *out = malloc(h * w * 3 + 1), *expected = malloc(h * w * 3);
        ck_assert(pixels && out && expected);
        for (size_t k = 0; k < height * width * 3; k++) {
            const uint64_t bits = cd_random_bits(i, 100 + k);
            pixels[k] = bits % 4 == 0 ? 255 : bits % 4 == 1 ? 0 : (uint8_t)(bits >> 8);
        }
        struct cd_resize_stream how = {.down = random_range(3 * i, height),
                                       .across = random_range(3 * i + 1, width),
                                       .orientation = cd_orientation_of((int)(i % 8) + 1),
                                       .target = {expected, h, w, w * 3}};
        stream(test.context, cd_kernels_find("reference"), &how, pixels);
        how.target.pixels = out;
        out[h * w * 3] = 0xa5;
        stream(test.context, kernels, &how, pixels);
        ck_assert_msg(memcmp(out, expected, h * w * 3) == 0, "%s, %zux%zu to %zux%zu",
                      kernels->name, height, width, h, w);
        ck_assert_uint_eq(out[h * w * 3], 0xa5);
        free(expected);
        free(out);
        free(pixels);
    }
    test_context_close(&test);
}
END_TEST

/* Rotating an image while resizing it gives the same pixels as resizing the upright image. */
START_TEST(rotated_while_resized)
{
    enum { HEIGHT = 37, WIDTH = 61, OUT_HEIGHT = 11, OUT_WIDTH = 14 };
    const struct cd_orientation turn = cd_orientation_of(_i);
    const size_t height = turn.swaps ? WIDTH : HEIGHT, width = turn.swaps ? HEIGHT : WIDTH;
    uint8_t upright[HEIGHT * WIDTH * 3], out[OUT_HEIGHT * OUT_WIDTH * 3];
    struct test_context test;

    test_context_open(&test, 1);
    uint8_t *pixels = formula(HEIGHT, WIDTH);
    for (size_t y = 0; y < HEIGHT; y++)
        cd_orientation_place_row(&turn, pixels + y * WIDTH * 3, y, HEIGHT, WIDTH, upright,
                                 width * 3);
    uint8_t *expected = resized(&test, upright, height, width, OUT_HEIGHT, OUT_WIDTH);
    const struct cd_resize_stream how = {.down = {HEIGHT, 0, HEIGHT},
                                         .across = {WIDTH, 0, WIDTH},
                                         .orientation = turn,
                                         .target = {out, OUT_HEIGHT, OUT_WIDTH, OUT_WIDTH * 3}};
    stream(test.context, cd_kernels_find(NULL), &how, pixels);
    ck_assert_mem_eq(out, expected, sizeof out);
    free(expected);
    free(pixels);
    test_context_close(&test);
}
END_TEST

Suite *suite_resize(void)
{
    Suite *suite = suite_create("resize");
    TCase *tests = tcase_create("resize");

    tcase_add_loop_test(tests, same_bits_as_pillow, 0,
                        sizeof golden_resize / sizeof *golden_resize);
    tcase_add_test(tests, near_the_definition);
    tcase_add_test(tests, one_colour_stays);
    tcase_add_test(tests, strides);
    tcase_add_loop_test(tests, same_bits_in_every_table, 0, kernel_table_count());
    tcase_add_loop_test(tests, rotated_while_resized, 1, 9);
    suite_add_tcase(suite, tests);
    return suite;
}
