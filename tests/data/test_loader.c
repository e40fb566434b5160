/* SPDX-License-Identifier: MIT
 *
 * Tests the loader: the order of the samples in an epoch, and the images and labels of its
 * batches. */
#include <catdog/catdog.h>
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/random.h"
#include "data/loader.h"
#include "image/preprocess.h"
#include "support/loader_pass.h"
#include "support/photo_folder.h"
#include "support/from_pixels.h"

enum { N = 6, HEIGHT = 3, WIDTH = 2, AREA = HEIGHT * WIDTH };

static const char *const classes[] = {"dog", "cat"};

START_TEST(shuffled)
{
    enum { COUNT = 500 };
    size_t first[COUNT], second[COUNT], other[COUNT], expected[COUNT];
    unsigned char seen[COUNT] = {0};
    size_t moved = 0;

    cd_loader_shuffle(9, 1, first, COUNT);
    cd_loader_shuffle(9, 2, second, COUNT);
    cd_loader_shuffle(10, 1, other, COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert_uint_lt(first[i], COUNT);
        ck_assert_int_eq(seen[first[i]]++, 0);
        moved += first[i] != i;
    }
    ck_assert_uint_gt(moved, COUNT / 2);
    ck_assert_mem_ne(first, second, sizeof first);
    ck_assert_mem_ne(first, other, sizeof first);
    /* The order depends only on the seed and the epoch. */
    cd_loader_shuffle(9, 1, second, COUNT);
    ck_assert_mem_eq(first, second, sizeof first);
    cd_random_permutation(cd_random_key(9, CD_STREAM_SHUFFLE, 1, 0), expected, COUNT);
    ck_assert_mem_eq(first, expected, sizeof first);
}
END_TEST

static cnn_dataset_t *make_dataset(cnn_context_t *context, uint8_t pixels[N][AREA][3],
                                   const uint32_t *labels)
{
    cnn_dataset_t *dataset;
    const cnn_preprocess_t preprocess = {.struct_size = sizeof preprocess,
                                         .height = HEIGHT,
                                         .width = WIDTH,
                                         .mean = {0.5f, 0, 0.25f},
                                         .std = {0.25f, 0, 2}};

    for (int i = 0; i < N; i++)
        for (int p = 0; p < AREA; p++)
            for (int c = 0; c < 3; c++)
                pixels[i][p][c] = (uint8_t)(i * 41 + p * 7 + c * 100);
    ck_assert_int_eq(from_pixels(context, &pixels[0][0][0], labels, N, HEIGHT, WIDTH,
                                             classes, 2, &dataset),
                     CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(dataset, &preprocess, NULL), CNN_OK);
    return dataset;
}

static void check_batch(uint8_t pixels[N][AREA][3], const uint32_t *all_labels,
                        const size_t *members, size_t n, const float *x, const uint32_t *labels)
{
    static const double mean[3] = {0.5, 0, 0.25}, std[3] = {0.25, 1, 2};

    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_eq(labels[i], all_labels[members[i]]);
        for (size_t p = 0; p < AREA; p++)
            for (size_t c = 0; c < 3; c++) {
                double expected = (pixels[members[i]][p][c] / 255.0 - mean[c]) / std[c];
                ck_assert(fabs(x[(i * AREA + p) * 3 + c] - expected) < 1e-6);
            }
    }
}

START_TEST(batches)
{
    static const uint32_t all_labels[N] = {0, 1, 1, 0, 1, 0};
    static const size_t order[N] = {4, 0, 5, 2, 1, 3}, own[N] = {0, 1, 2, 3, 4, 5};
    cnn_context_t *context = context_with_threads((uint32_t)_i);
    uint8_t pixels[N][AREA][3];
    cnn_dataset_t *dataset = make_dataset(context, pixels, all_labels);
    float values[3][256], x[N * AREA * 3];
    uint32_t labels[N];
    struct cd_loader_pass pass = {.data = dataset, .table = (const float(*)[256])values};

    cd_preprocess_table(&dataset->preprocess, values);
    for (size_t batch = 1; batch <= N + 1; batch++) {
        pass.order = NULL;
        loader_pass(&pass, batch, x, labels);
        check_batch(pixels, all_labels, own, N, x, labels);
        pass.order = order;
        loader_pass(&pass, batch, x, labels);
        check_batch(pixels, all_labels, order, N, x, labels);
    }
    cnn_dataset_free(dataset);
    cnn_context_free(context);
}
END_TEST

/* A pass may be dropped before it is over. The next pass then starts at its own first sample. */
START_TEST(given_up)
{
    static const uint32_t all_labels[N] = {0, 1, 1, 0, 1, 0};
    cnn_context_t *context = context_with_threads((uint32_t)_i);
    uint8_t pixels[N][AREA][3];
    cnn_dataset_t *dataset = make_dataset(context, pixels, all_labels);
    float values[3][256];
    const struct cd_loader_pass pass = {.data = dataset, .table = (const float(*)[256])values};
    struct cd_loader *loader;
    struct cd_batch batch;

    cd_preprocess_table(&dataset->preprocess, values);
    ck_assert_int_eq(cd_loader_create(context, 2, AREA * 3, &loader), CNN_OK);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(cd_loader_begin(loader, &pass), CNN_OK);
        ck_assert_int_eq(cd_loader_next(loader, &batch), CNN_OK);
        check_batch(pixels, all_labels, (const size_t[]){0, 1}, 2, batch.x, batch.labels);
    }
    cd_loader_free(loader);
    cnn_dataset_free(dataset);
    cnn_context_free(context);
}
END_TEST

/* About half of the images are mirrored, that is, each row is reversed. Which ones depends on the
 * key, but not on the batch size. */
START_TEST(mirrored)
{
    enum { IMAGES = 200, H = 2, W = 3, SIZE = H * W * 3 };
    static uint8_t pixels[IMAGES * SIZE];
    static uint32_t labels[IMAGES], got_labels[IMAGES];
    static float plain[IMAGES * SIZE], turned[IMAGES * SIZE], again[IMAGES * SIZE];
    const cnn_preprocess_t preprocess = {
        .struct_size = sizeof preprocess, .height = H, .width = W};
    cnn_context_t *context = context_with_threads(2);
    cnn_dataset_t *dataset;
    float values[3][256];
    struct cd_loader_pass pass = {.table = (const float(*)[256])values};
    size_t changed = 0;

    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)(i * 31 + i / 7);
    ck_assert_int_eq(from_pixels(context, pixels, labels, IMAGES, H, W, classes, 2,
                                             &dataset),
                     CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(dataset, &preprocess, NULL), CNN_OK);
    pass.data = dataset;
    cd_preprocess_table(&dataset->preprocess, values);
    loader_pass(&pass, IMAGES, plain, got_labels);
    pass.augmentation.key = 5;
    loader_pass(&pass, IMAGES, turned, got_labels);
    ck_assert_mem_eq(plain, turned, sizeof plain);
    pass.augmentation.options.mirror = 1;
    loader_pass(&pass, IMAGES, turned, got_labels);
    loader_pass(&pass, 7, again, got_labels);
    ck_assert_mem_eq(again, turned, sizeof turned);
    for (size_t i = 0; i < IMAGES; i++) {
        const float *a = plain + i * SIZE, *b = turned + i * SIZE;
        const int is_turned = memcmp(a, b, SIZE * sizeof *a) != 0;
        for (size_t r = 0; is_turned && r < H; r++)
            for (size_t q = 0; q < W; q++)
                ck_assert_mem_eq(a + (r * W + q) * 3, b + (r * W + W - 1 - q) * 3, 12);
        changed += (size_t)is_turned;
    }
    ck_assert_uint_gt(changed, IMAGES / 3);
    ck_assert_uint_lt(changed, IMAGES * 2 / 3);
    cnn_dataset_free(dataset);
    cnn_context_free(context);
}
END_TEST

Suite *suite_loader(void)
{
    Suite *suite = suite_create("loader");
    TCase *tcase = tcase_create("loader");

    tcase_add_test(tcase, shuffled);
    tcase_add_test(tcase, mirrored);
    tcase_add_loop_test(tcase, batches, 1, 4);
    tcase_add_loop_test(tcase, given_up, 1, 4);
    suite_add_tcase(suite, tcase);
    return suite;
}
