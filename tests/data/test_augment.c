/* SPDX-License-Identifier: MIT
 *
 * Tests augmentation against simple reference computations in double precision: geometry, colour,
 * erasing. The draws must depend only on the key and the sample. */
#include <catdog/catdog.h>
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/random.h"
#include "data/augment.h"
#include "support/loader_pass.h"
#include "support/from_pixels.h"
#include "support/photo_folder.h"

enum { H = 47, W = 66, SIZE = H * W * 3, SAMPLES = 200 };

static const double DEGREE = 3.14159265358979323846 / 180;

static uint8_t pixels[SIZE];
static float x[SIZE];
static float table[3][256];
static const struct cd_rgb_image source_image = {pixels, H, W};

static void setup(void)
{
    static const double mean[3] = {0.5, 0.25, 0}, std[3] = {0.25, 1, 0.5};

    for (size_t i = 0; i < SIZE; i++)
        pixels[i] = (uint8_t)cd_random_bits(1, i);
    for (int c = 0; c < 3; c++)
        for (int v = 0; v < 256; v++)
            table[c][v] = (float)((v / 255.0 - mean[c]) / std[c]);
}

/* Returns an augmentation that does everything at once. */
static struct cd_augmentation every_augmentation(uint64_t key)
{
    return (struct cd_augmentation){.key = key,
                                    .options.mirror = 1,
                                    .options.crop_area = 0.3f,
                                    .options.crop_aspect = 1.5f,
                                    .options.rotation = 25,
                                    .options.shear = 10,
                                    .options.brightness = 0.4f,
                                    .options.contrast = 0.4f,
                                    .options.saturation = 0.5f,
                                    .options.hue = 30,
                                    .options.erase = 0.5f};
}

/* ---- applying a map, a matrix and a rectangle ---- */

static double limited(double value, double most)
{
    return fmin(fmax(value, 0), most);
}

static double source_at(const struct cd_rgb_image *p, double sx, double sy, int c)
{
    const double right = (double)p->width - 1, low = (double)p->height - 1;
    const double px = limited(sx, right), py = limited(sy, low);
    double sum = 0;

    for (double row = floor(py); row <= floor(py) + 1; row++)
        for (double column = floor(px); column <= floor(px) + 1; column++) {
            const double weight = (1 - fabs(py - row)) * (1 - fabs(px - column));
            const size_t at = (size_t)fmin(row, low) * p->width + (size_t)fmin(column, right);
            sum += weight * p->rgb[at * 3 + (size_t)c];
        }
    return sum;
}

static int is_erased(const struct cd_erased *e, size_t row, size_t column)
{
    return row >= e->top && row < e->top + e->height && column >= e->left &&
           column < e->left + e->width;
}

static void check_pixel(const struct cd_augment *a, const struct cd_rgb_image *p, size_t row,
                        size_t column, const float *got)
{
    const double at[3] = {(double)column, (double)row, 1};
    double place[2] = {0}, rgb[3];

    for (int i = 0; i < 3; i++) {
        place[0] += a->map[0][i] * at[i];
        place[1] += a->map[1][i] * at[i];
    }
    for (int c = 0; c < 3; c++)
        rgb[c] = source_at(p, place[0], place[1], c);
    for (int c = 0; c < 3; c++) {
        const double *m = a->colour[c];
        const double value = m[0] * rgb[0] + m[1] * rgb[1] + m[2] * rgb[2] + m[3];
        const double expected =
            table[c][0] + limited(value, 255) / 255 * ((double)table[c][255] - table[c][0]);
        ck_assert_double_eq_tol((double)got[c], expected, 2e-3);
    }
}

static size_t check_applied(const struct cd_augmentation *a, size_t index,
                            const struct cd_rgb_image *p, size_t height, size_t width)
{
    const struct cd_augment augment = cd_augment_draw(a, index, p, height, width);
    size_t erased = 0;

    x[height * width * 3] = 77;
    cd_augment_apply(&augment, p, (const float(*)[256])table, height, width, x);
    ck_assert(x[height * width * 3] == 77);
    for (size_t row = 0; row < height; row++)
        for (size_t column = 0; column < width; column++) {
            if (is_erased(&augment.erased, row, column))
                erased++;
            else
                check_pixel(&augment, p, row, column, x + (row * width + column) * 3);
        }
    return erased;
}

START_TEST(images)
{
    const struct cd_augmentation all = every_augmentation(3);
    const struct cd_augmentation turned = {.key = 4, .options.rotation = 180},
                                 colours = {.key = 5,
                                            .options.mirror = 1,
                                            .options.saturation = 1,
                                            .options.hue = 180},
                                 plain = {.key = 6, .options.mirror = 1, .options.erase = 1};
    static const size_t sizes[][2] = {{1, 1}, {1, 9}, {7, 1}, {2, 2}, {13, 64}, {5, 65}};

    for (size_t i = 0; i < 12; i++) {
        check_applied(&all, i, &source_image, H - 1, W - 1);
        check_applied(&turned, i, &source_image, 30, 20);
        check_applied(&colours, i, &source_image, 20, W);
        ck_assert_uint_gt(check_applied(&plain, i, &source_image, H - 1, W - 1), 0);
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            const struct cd_rgb_image small = {pixels, sizes[s][0], sizes[s][1]};
            check_applied(&all, i, &small, sizes[s][0], sizes[s][1]);
            check_applied(&all, i, &small, 8, 11);
        }
    }
}
END_TEST

/* Without any changes, and with augmentation NULL, the pixels are only normalised. */
START_TEST(nothing)
{
    const struct cd_augmentation none = {.key = 3};

    cd_augment_image(&none, 4, &source_image, (const float(*)[256])table, H, W, x);
    for (size_t i = 0; i < SIZE; i++)
        ck_assert(x[i] == table[i % 3][pixels[i]]);
    memset(x, 0, sizeof x);
    cd_augment_image(NULL, 4, &source_image, (const float(*)[256])table, H, W, x);
    for (size_t i = 0; i < SIZE; i++)
        ck_assert(x[i] == table[i % 3][pixels[i]]);
}
END_TEST

/* ---- drawing ---- */

static struct cd_augment drawn(const struct cd_augmentation *a, size_t index)
{
    return cd_augment_draw(a, index, &source_image, H, W);
}

/* Every crop lies inside the source. Over many samples, area and aspect ratio stay in their ranges
 * and come near both ends of them. */
START_TEST(crops)
{
    const struct cd_augmentation a = {
        .key = 7, .options.crop_area = 0.25f, .options.crop_aspect = 2};
    double least = 1, most = 0, narrow = 9, wide = 0, left = W, right = 0;

    for (size_t i = 0; i < SAMPLES; i++) {
        const struct cd_augment d = drawn(&a, i);
        const double x0 = d.map[0][2] - d.map[0][0] / 2, y0 = d.map[1][2] - d.map[1][1] / 2;
        const double x1 = x0 + d.map[0][0] * W, y1 = y0 + d.map[1][1] * H;
        const double area = (x1 - x0) * (y1 - y0) / (H * W);
        const double aspect = (x1 - x0) / (y1 - y0) * H / W;
        ck_assert(d.moved && !d.coloured && d.erased.height == 0);
        ck_assert(d.map[0][1] == 0 && d.map[1][0] == 0);
        ck_assert(x0 > -0.5 - 1e-9 && x1 < W - 0.5 + 1e-9 && y0 > -0.5 - 1e-9 &&
                  y1 < H - 0.5 + 1e-9);
        ck_assert(area > 0.25 - 1e-9 && area < 1 + 1e-9);
        ck_assert(aspect > 0.5 - 1e-9 && aspect < 2 + 1e-9);
        least = fmin(least, area);
        most = fmax(most, area);
        narrow = fmin(narrow, aspect);
        wide = fmax(wide, aspect);
        left = fmin(left, x0);
        right = fmax(right, x1);
    }
    ck_assert(least < 0.3 && most > 0.95 && narrow < 0.6 && wide > 1.7);
    ck_assert(left < 1 && right > W - 2);
}
END_TEST

/* Rotation: the map is a pure rotation about the centre. Shear: the map is a pure horizontal
 * shear. The angles stay within the limits of the options. */
START_TEST(turns_and_shears)
{
    const struct cd_augmentation turn = {.key = 8, .options.rotation = 20},
                                 shear = {.key = 9, .options.shear = 15};
    double least = 99, most = -99;

    for (size_t i = 0; i < SAMPLES; i++) {
        const struct cd_augment d = drawn(&turn, i), s = drawn(&shear, i);
        const double angle = atan2(d.map[1][0], d.map[0][0]) / DEGREE;
        ck_assert(fabs(angle) <= 20);
        ck_assert_double_eq_tol(hypot(d.map[0][0], d.map[1][0]), 1, 1e-12);
        ck_assert_double_eq_tol(d.map[0][1], -d.map[1][0], 1e-12);
        ck_assert_double_eq_tol(d.map[1][1], d.map[0][0], 1e-12);
        for (int axis = 0; axis < 2; axis++) {
            const double middle[2] = {(W - 1) / 2.0, (H - 1) / 2.0};
            ck_assert_double_eq_tol(d.map[axis][0] * middle[0] + d.map[axis][1] * middle[1] +
                                        d.map[axis][2],
                                    middle[axis], 1e-9);
        }
        least = fmin(least, angle);
        most = fmax(most, angle);
        ck_assert_double_eq_tol(s.map[0][0], 1, 1e-12);
        ck_assert_double_eq_tol(s.map[1][0], 0, 1e-12);
        ck_assert_double_eq_tol(s.map[1][1], 1, 1e-12);
        ck_assert(fabs(atan(s.map[0][1])) <= 15 * DEGREE + 1e-9);
    }
    ck_assert(least < -17 && most > 17);
}
END_TEST

/* The colours equal a step-by-step computation: multiply by the brightness factor; convert to luma
 * and colour differences; scale and rotate the colour differences; scale the distance from middle
 * grey by the contrast factor. The random numbers have the indices 6 to 9 in the sample's
 * stream. */
START_TEST(colours)
{
    const struct cd_augmentation a = {.key = 10,
                                      .options.brightness = 0.3f,
                                      .options.contrast = 0.4f,
                                      .options.saturation = 0.6f,
                                      .options.hue = 50};

    for (size_t i = 0; i < SAMPLES; i++) {
        const struct cd_augment d = drawn(&a, i);
        const uint64_t key = cd_random_key(10, CD_STREAM_AUGMENT, i, 0);
        const double factor[3] = {1 + 0.3 * (2 * cd_random_double(key, 6) - 1),
                                  1 + 0.4 * (2 * cd_random_double(key, 7) - 1),
                                  1 + 0.6 * (2 * cd_random_double(key, 8) - 1)};
        const double hue = 50 * (2 * cd_random_double(key, 9) - 1) * DEGREE;
        const double in[3] = {10.0 + (double)i, 200, 30};
        double rgb[3];

        ck_assert(d.coloured && !d.moved);
        for (int c = 0; c < 3; c++)
            rgb[c] = in[c] * factor[0];
        const double y = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
        const double u = 0.492 * (rgb[2] - y) * factor[2], v = 0.877 * (rgb[0] - y) * factor[2];
        const double u2 = cos(hue) * u - sin(hue) * v, v2 = sin(hue) * u + cos(hue) * v;
        rgb[0] = y + v2 / 0.877;
        rgb[2] = y + u2 / 0.492;
        rgb[1] = (y - 0.299 * rgb[0] - 0.114 * rgb[2]) / 0.587;
        for (int c = 0; c < 3; c++) {
            const double *m = d.colour[c];
            ck_assert_double_eq_tol(m[0] * in[0] + m[1] * in[1] + m[2] * in[2] + m[3],
                                    (rgb[c] - 127.5) * factor[1] + 127.5, 1e-4);
        }
    }
}
END_TEST

/* Erasing occurs with the requested probability. A rectangle has 2 to 40 % of the image's area
 * (before rounding to whole pixels) and an aspect ratio in the documented range, and lies inside
 * the image. All byte values are about equally frequent in it. */
START_TEST(erases)
{
    const struct cd_augmentation a = {.key = 11, .options.erase = 0.3f};
    size_t count = 0, bytes[256] = {0}, values = 0;
    double most = 0;

    for (size_t i = 0; i < 1000; i++) {
        const struct cd_augment d = drawn(&a, i);
        const struct cd_erased *e = &d.erased;
        const double area = (double)(e->height * e->width) / (H * W);
        if (e->height == 0)
            continue;
        count++;
        most = fmax(most, area);
        ck_assert(e->top + e->height <= H && e->left + e->width <= W);
        ck_assert(area > 0.015 && area < 0.42);
        ck_assert((double)e->height / (double)e->width < 1 / 0.25);
        ck_assert((double)e->width / (double)e->height < 1 / 0.25);
        cd_augment_apply(&d, &source_image, (const float(*)[256])table, H, W, x);
        const float *pixel = x + (e->top * W + e->left) * 3;
        for (int v = 0; v < 256; v++)
            bytes[v] += pixel[2] == table[2][v];
        values++;
    }
    ck_assert(count > 250 && count < 350 && most > 0.35);
    size_t seen = 0;
    for (int v = 0; v < 256; v++)
        seen += bytes[v];
    ck_assert_uint_eq(seen, values);
    for (int v = 0; v < 256; v++)
        ck_assert_uint_lt(bytes[v], 10);
}
END_TEST

/* ---- batches ---- */

enum { N = 19, TOY_H = 9, TOY_W = 8, TOY = TOY_H * TOY_W * 3 };

static cnn_dataset_t *load_toys(cnn_context_t *context, const uint8_t *toys)
{
    static const char *const classes[] = {"dog", "cat"};
    static const uint32_t labels[N];
    const cnn_preprocess_t preprocess = {sizeof preprocess, .height = TOY_H, .width = TOY_W};
    cnn_dataset_t *data;

    ck_assert_int_eq(from_pixels(context, toys, labels, N, TOY_H, TOY_W, classes, 2, &data),
                     CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(data, &preprocess, NULL), CNN_OK);
    return data;
}

/* A sample's augmented image is bit-for-bit the same for any number of threads, any batch size and
 * any order of the samples. It differs in another epoch. */
START_TEST(threads_and_batches)
{
    static const uint32_t threads[] = {1, 2, 3, 7};
    static uint8_t toys[N * TOY];
    static float first[N * TOY], again[N * TOY];
    uint32_t got[N];
    size_t order[N];
    struct cd_augmentation a = every_augmentation(12);

    for (size_t i = 0; i < sizeof toys; i++)
        toys[i] = (uint8_t)cd_random_bits(2, i);
    cd_random_permutation(5, order, N);
    struct cd_loader_pass pass = {.table = (const float(*)[256])table};
    for (size_t t = 0; t < 4; t++) {
        cnn_context_t *context = context_with_threads(threads[t]);
        cnn_dataset_t *data = load_toys(context, toys);
        pass.data = data;
        pass.order = NULL;
        pass.augmentation = a;
        loader_pass(&pass, N, again, got);
        if (t == 0)
            memcpy(first, again, sizeof first);
        ck_assert_mem_eq(first, again, sizeof first);
        pass.order = order;
        loader_pass(&pass, 4, again, got);
        for (size_t i = 0; i < N; i++)
            ck_assert_mem_eq(again + i * TOY, first + order[i] * TOY, TOY * sizeof *first);
        cnn_dataset_free(data);
        if (t == 3) {
            a.key = 13;
            data = load_toys(context, toys);
            pass.data = data;
            pass.order = NULL;
            pass.augmentation = a;
            loader_pass(&pass, N, again, got);
            for (size_t i = 0; i < N; i++)
                ck_assert_mem_ne(first + i * TOY, again + i * TOY, TOY * sizeof *first);
            cnn_dataset_free(data);
        }
        cnn_context_free(context);
    }
}
END_TEST

Suite *suite_augment(void)
{
    Suite *suite = suite_create("augment");
    TCase *tc = tcase_create("augment");

    tcase_add_checked_fixture(tc, setup, NULL);
    tcase_add_test(tc, images);
    tcase_add_test(tc, nothing);
    tcase_add_test(tc, crops);
    tcase_add_test(tc, turns_and_shears);
    tcase_add_test(tc, colours);
    tcase_add_test(tc, erases);
    tcase_add_test(tc, threads_and_batches);
    suite_add_tcase(suite, tc);
    return suite;
}
