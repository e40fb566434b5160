/* SPDX-License-Identifier: MIT
 *
 * Tests that cnn_dataset_batch returns the same images that training uses. */
#include <check.h>
#include <string.h>

#include "core/random.h"
#include "data/loader.h"
#include "image/preprocess.h"
#include "support/from_pixels.h"
#include "support/loader_pass.h"
#include "support/toy.h"

enum { PHOTOS = 20 };

static cnn_context_t *context;
static cnn_dataset_t *data;
static float x[PHOTOS * TOY_PIXELS];
static uint32_t labels[PHOTOS];
static size_t samples[PHOTOS];

static void setup(void)
{
    const cnn_preprocess_t preprocess = {.struct_size = sizeof preprocess,
                                         .height = TOY_HEIGHT,
                                         .width = TOY_WIDTH,
                                         .mean = {0.5f, 0.25f, 0},
                                         .std = {2, 1, 0.5f}};
    context = toy_context(2);
    data = toy_data(context, PHOTOS, 2, 1);
    ck_assert_int_eq(cnn_dataset_load(data, &preprocess, NULL), CNN_OK);
}

static void teardown(void)
{
    cnn_dataset_free(data);
    cnn_context_free(context);
}

START_TEST(in_order)
{
    const cnn_dataset_batch_options_t options = {.struct_size = sizeof options, .first = 3};
    cnn_sample_t sample = {.struct_size = sizeof sample};

    ck_assert_int_eq(cnn_dataset_batch(data, &options, 5, x, labels, samples), CNN_OK);
    for (size_t i = 0; i < 5; i++) {
        ck_assert_uint_eq(samples[i], 3 + i);
        ck_assert_uint_eq(labels[i], (3 + i) % 2);
        ck_assert_int_eq(cnn_dataset_sample(data, 3 + i, &sample), CNN_OK);
        const float *got = x + i * TOY_PIXELS;
        ck_assert(got[0] == (float)((sample.pixels[0] / 255.0 - 0.5) / 2));
        ck_assert(got[TOY_PIXELS - 1] ==
                  (float)((sample.pixels[TOY_PIXELS - 1] / 255.0 - 0) / 0.5));
    }
    ck_assert_int_eq(cnn_dataset_batch(data, NULL, PHOTOS, x, NULL, NULL), CNN_OK);
}
END_TEST

/* Order and mirroring are the same as in the batches of the loader. */
START_TEST(as_trained)
{
    const cnn_train_options_t training = {.struct_size = sizeof training, .mirror = 1, .seed = 7};
    const cnn_dataset_batch_options_t options = {
        .struct_size = sizeof options, .shuffle = 1, .epoch = 3, .training = &training};
    cnn_dataset_batch_options_t later = options;
    size_t order[PHOTOS];
    float table[3][256];
    struct cd_loader *loader;
    struct cd_batch batch;

    cd_loader_shuffle(7, 3, order, PHOTOS);
    cd_preprocess_table(&data->preprocess, table);
    const struct cd_loader_pass pass = {
        .data = data,
        .table = (const float(*)[256])table,
        .order = order,
        .augmentation = {.key = cd_random_key(7, CD_STREAM_AUGMENT, 3, 0), .options.mirror = 1}};
    ck_assert_int_eq(cd_loader_create(context, PHOTOS, TOY_PIXELS, &loader), CNN_OK);
    ck_assert_int_eq(cd_loader_begin(loader, &pass), CNN_OK);
    ck_assert_int_eq(cd_loader_next(loader, &batch), CNN_OK);
    ck_assert_int_eq(cnn_dataset_batch(data, &options, PHOTOS, x, labels, samples), CNN_OK);
    ck_assert_mem_eq(x, batch.x, sizeof x);
    ck_assert_mem_eq(labels, batch.labels, sizeof labels);
    ck_assert_mem_eq(samples, order, sizeof order);
    later.first = 17;
    ck_assert_int_eq(cnn_dataset_batch(data, &later, 3, x, labels, samples), CNN_OK);
    ck_assert_mem_eq(x, batch.x + 17 * TOY_PIXELS, 3 * TOY_PIXELS * sizeof *x);
    ck_assert_mem_eq(samples, order + 17, 3 * sizeof *order);
    cd_loader_free(loader);
}
END_TEST

/* Images are augmented and mixed in the batches of training: 8 images each, 4 in the last. The
 * result does not depend on the range of samples that is requested. */
START_TEST(as_augmented)
{
    const cnn_train_options_t training = {.struct_size = sizeof training,
                                          .batch_size = 8,
                                          .seed = 7,
                                          .mirror = 1,
                                          .rotation = 20,
                                          .brightness = 0.5f,
                                          .erase = 0.5f,
                                          .mixup = 1,
                                          .cutmix = 1};
    const cnn_dataset_batch_options_t options = {
        .struct_size = sizeof options, .first = 5, .shuffle = 1, .epoch = 3, .training = &training};
    const struct cd_augmentation augmentation = {.key = cd_random_key(7, CD_STREAM_AUGMENT, 3, 0),
                                                 .options.mirror = 1,
                                                 .options.crop_aspect = 4.0f / 3,
                                                 .options.rotation = 20,
                                                 .options.brightness = 0.5f,
                                                 .options.erase = 0.5f,
                                                 .options.mixup = 1,
                                                 .options.cutmix = 1};
    static float trained[PHOTOS * TOY_PIXELS];
    uint32_t trained_labels[PHOTOS];
    size_t order[PHOTOS];
    float table[3][256];

    cd_loader_shuffle(7, 3, order, PHOTOS);
    cd_preprocess_table(&data->preprocess, table);
    const struct cd_loader_pass pass = {.data = data,
                                        .table = (const float(*)[256])table,
                                        .order = order,
                                        .augmentation = augmentation};
    loader_pass(&pass, 8, trained, trained_labels);
    ck_assert_int_eq(cnn_dataset_batch(data, &options, 15, x, labels, samples), CNN_OK);
    ck_assert_mem_eq(x, trained + 5 * TOY_PIXELS, 15 * TOY_PIXELS * sizeof *x);
    ck_assert_mem_eq(labels, trained_labels + 5, 15 * sizeof *labels);
    ck_assert_mem_eq(samples, order + 5, 15 * sizeof *samples);
    memset(x, 0, sizeof x);
    ck_assert_int_eq(cnn_dataset_batch(data, &options, 2, x, NULL, NULL), CNN_OK);
    ck_assert_mem_eq(x, trained + 5 * TOY_PIXELS, 2 * TOY_PIXELS * sizeof *x);
    ck_assert(x[2 * TOY_PIXELS] == 0);
}
END_TEST

/* The dataset holds images with 3 times the height and width. Without a random crop, each pixel of
 * the batch is the middle one of a block of 3 x 3. */
START_TEST(in_detail)
{
    enum { DETAIL = 3, HEIGHT = 4, WIDTH = 5, N = 2 };
    static uint8_t rgb[N * HEIGHT * WIDTH * DETAIL * DETAIL * 3];
    const char *const classes[] = {"a", "b"};
    const uint32_t own_labels[N] = {0, 1};
    const cnn_train_options_t training = {.struct_size = sizeof training, .crop_detail = DETAIL};
    const cnn_dataset_batch_options_t options = {.struct_size = sizeof options,
                                                 .training = &training};
    const cnn_preprocess_t seen = {.struct_size = sizeof seen, .height = HEIGHT, .width = WIDTH};
    cnn_preprocess_t held = {.struct_size = sizeof held};
    cnn_dataset_t *large;

    for (size_t i = 0; i < sizeof rgb; i++)
        rgb[i] = (uint8_t)(i * 37 >> 2);
    ck_assert_int_eq(cnn_train_preprocess(context, &seen, &training, &held), CNN_OK);
    ck_assert_uint_eq(held.height, HEIGHT * DETAIL);
    ck_assert_uint_eq(held.width, WIDTH * DETAIL);
    ck_assert_int_eq(from_pixels(context, rgb, own_labels, N, HEIGHT * DETAIL, WIDTH * DETAIL,
                                 classes, 2, &large),
                     CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(large, &held, NULL), CNN_OK);
    ck_assert_int_eq(cnn_dataset_batch(large, &options, N, x, NULL, NULL), CNN_OK);
    for (size_t n = 0; n < N; n++)
        for (size_t row = 0; row < HEIGHT; row++)
            for (size_t i = 0; i < WIDTH * 3; i++) {
                const size_t from = (n * HEIGHT * DETAIL + row * DETAIL + 1) * WIDTH * DETAIL;
                const float pixel = rgb[(from + i / 3 * DETAIL + 1) * 3 + i % 3] / 255.0f;
                ck_assert_float_eq_tol(x[((n * HEIGHT + row) * WIDTH) * 3 + i], pixel, 1e-5f);
            }
    cnn_dataset_free(large);
}
END_TEST

START_TEST(training_preprocess)
{
    const cnn_train_options_t detail = {.struct_size = sizeof detail, .crop_detail = 1.5f};
    const cnn_train_options_t wrong = {.struct_size = sizeof wrong, .crop_detail = 0.5f};
    const cnn_preprocess_t wide = {.struct_size = sizeof wide, .height = 3, .width = 65535};
    cnn_preprocess_t held = {.struct_size = sizeof held};

    ck_assert_int_eq(cnn_train_preprocess(context, NULL, NULL, &held), CNN_OK);
    ck_assert_uint_eq(held.height, 94);
    ck_assert_uint_eq(held.width, 125);
    ck_assert_int_eq(cnn_train_preprocess(context, NULL, &detail, &held), CNN_OK);
    ck_assert_uint_eq(held.height, 141);
    ck_assert_uint_eq(held.width, 188);
    ck_assert_int_eq(cnn_train_preprocess(context, &wide, NULL, &held), CNN_OK);
    ck_assert_int_eq(cnn_train_preprocess(context, &wide, &detail, &held), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_train_preprocess(context, NULL, &wrong, &held), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "crop_detail"));
    ck_assert_int_eq(cnn_train_preprocess(context, NULL, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_train_preprocess(NULL, NULL, NULL, &held), CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(arguments)
{
    cnn_dataset_batch_options_t options = {.struct_size = sizeof options, .first = 18};
    cnn_dataset_t *fresh = toy_data(context, 4, 2, 1);

    ck_assert_int_eq(cnn_dataset_batch(data, &options, 2, x, NULL, NULL), CNN_OK);
    ck_assert_int_eq(cnn_dataset_batch(data, &options, 3, x, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_batch(data, &options, 0, x, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_batch(data, &options, SIZE_MAX, x, NULL, NULL),
                     CNN_ERROR_ARGUMENT);
    options.first = 21;
    ck_assert_int_eq(cnn_dataset_batch(data, &options, 1, x, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_batch(data, NULL, 1, NULL, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_batch(NULL, NULL, 1, x, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_dataset_batch(fresh, NULL, 1, x, NULL, NULL), CNN_ERROR_DATA);
    options.first = 0;
    options.training = &(const cnn_train_options_t){.struct_size = sizeof(cnn_train_options_t),
                                                    .hue = 181};
    ck_assert_int_eq(cnn_dataset_batch(data, &options, 1, x, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "hue"));
    options.training = &(const cnn_train_options_t){.epochs = 1};
    ck_assert_int_eq(cnn_dataset_batch(data, &options, 1, x, NULL, NULL), CNN_ERROR_ARGUMENT);
    cnn_dataset_free(fresh);
}
END_TEST

Suite *suite_batch(void)
{
    Suite *suite = suite_create("batch");
    TCase *tcase = tcase_create("batch");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, in_order);
    tcase_add_test(tcase, as_trained);
    tcase_add_test(tcase, as_augmented);
    tcase_add_test(tcase, in_detail);
    tcase_add_test(tcase, training_preprocess);
    tcase_add_test(tcase, arguments);
    suite_add_tcase(suite, tcase);
    return suite;
}
