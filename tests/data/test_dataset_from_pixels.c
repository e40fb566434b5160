/* SPDX-License-Identifier: MIT
 *
 * Tests datasets that are made from pixels in memory. */
#include <catdog/catdog.h>
#include <check.h>

#include "data/dataset.h"
#include "support/dataset_checks.h"
#include "support/failing_allocator.h"
#include "support/from_pixels.h"

enum { HEIGHT = 12, WIDTH = 17, IMAGE_SIZE = HEIGHT * WIDTH * 3 };

static const cnn_preprocess_t small = {
    .struct_size = sizeof small, .height = HEIGHT, .width = WIDTH};

static cnn_context_t *context;

static void setup(void)
{
    context = context_with_threads(2);
}

static void teardown(void)
{
    cnn_context_free(context);
}

static const char *const three[] = {"a", "b", "c"};

START_TEST(from_memory)
{
    enum { N = 5, H = 9, W = 7 };
    static const uint32_t labels[N] = {2, 0, 1, 2, 0};
    const cnn_preprocess_t same = {.struct_size = sizeof same, .height = H, .width = W};
    uint8_t pixels[N][H * W * 3], expected[IMAGE_SIZE];
    cnn_dataset_t *dataset, *train, *validation;

    for (size_t i = 0; i < sizeof pixels; i++)
        (&pixels[0][0])[i] = (uint8_t)(i * i >> 3);
    ck_assert_int_eq(from_pixels(context, &pixels[0][0], labels, N, H, W, three, 3, &dataset),
                     CNN_OK);
    ck_assert_uint_eq(cnn_dataset_sample_count(dataset), N);
    ck_assert_uint_eq(cnn_dataset_class_count(dataset), 3);
    for (size_t i = 0; i < N; i++) {
        cnn_sample_t sample = dataset_sample_at(dataset, i);
        ck_assert_str_eq(sample.path, "");
        ck_assert_uint_eq(sample.label, labels[i]);
        ck_assert_mem_eq(sample.pixels, pixels[i], sizeof pixels[i]);
    }
    dataset_load(dataset, &same); /* preprocessing with the size of the given images */
    for (size_t i = 0; i < N; i++)
        ck_assert_mem_eq(dataset_sample_at(dataset, i).pixels, pixels[i], sizeof pixels[i]);

    cnn_dataset_split_options_t options = {.struct_size = sizeof options, .n_validation = 2};
    ck_assert_int_eq(cnn_dataset_split(dataset, &options, &train, &validation), CNN_OK);
    cnn_dataset_free(validation);
    cnn_dataset_free(dataset);
    /* Each load resizes the original images, not the result of the previous load. */
    const cnn_preprocess_t tiny = {.struct_size = sizeof tiny, .height = 1, .width = 1};
    dataset_load(train, &tiny);
    dataset_load(train, &small);
    for (size_t i = 0; i < 3; i++) {
        const size_t original = train->samples[i].number;
        ck_assert_uint_eq(dataset_sample_at(train, i).label, labels[original]);
        ck_assert_int_eq(
            cnn_preprocess_apply_rgb(context, &small, pixels[original], H, W, 0, expected), CNN_OK);
        ck_assert_mem_eq(dataset_sample_at(train, i).pixels, expected, IMAGE_SIZE);
    }
    dataset_load(train, &same);
    ck_assert_ptr_eq(train->pixel_block, train->source_block);
    cnn_dataset_free(train);
}
END_TEST

START_TEST(from_memory_arguments)
{
    static const uint8_t pixels[2 * 3] = {0};
    static const uint32_t labels[2] = {0, 2};
    cnn_dataset_t *dataset;
#define REFUSED(...)                                                                               \
    ck_assert_int_eq(from_pixels(__VA_ARGS__, &dataset), CNN_ERROR_ARGUMENT);                      \
    ck_assert_ptr_null(dataset)

    REFUSED(NULL, pixels, labels, 2, 1, 1, three, 3);
    REFUSED(context, NULL, labels, 2, 1, 1, three, 3);
    REFUSED(context, pixels, NULL, 2, 1, 1, three, 3);
    REFUSED(context, pixels, labels, 0, 1, 1, three, 3);
    REFUSED(context, pixels, labels, 2, 0, 1, three, 3);
    REFUSED(context, pixels, labels, 2, 1, 65536, three, 3);
    REFUSED(context, pixels, labels, 2, 1, 1, NULL, 3);
    REFUSED(context, pixels, labels, 1, 1, 1, three, 1);
    REFUSED(context, pixels, labels, 2, 1, 1, three, 2); /* a label is not below n_classes */
#undef REFUSED
    ck_assert_int_eq(from_pixels(context, pixels, labels, 2, 1, 1, three, 3, NULL),
                     CNN_ERROR_ARGUMENT);
}
END_TEST

static cnn_status_t memory_way(cnn_context_t *with)
{
    static const uint8_t pixels[4 * 2 * 2 * 3] = {1, 2, 3};
    static const uint32_t labels[4] = {0, 1, 2, 1};
    cnn_dataset_t *dataset;

    cnn_status_t rc = from_pixels(with, pixels, labels, 4, 2, 2, three, 3, &dataset);
    if (rc == CNN_OK)
        rc = cnn_dataset_load(dataset, &small, NULL);
    cnn_dataset_free(dataset);
    return rc;
}

START_TEST(no_memory_for_pixels_at_any_request)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 2);
    const size_t live = atomic_load(&allocator.live);

    for (size_t n = 1;; n++) {
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = memory_way(own);
        ck_assert_uint_eq(atomic_load(&allocator.live), live);
        ck_assert_int_eq(rc, failing_allocator_failed(&allocator) ? CNN_ERROR_MEMORY : CNN_OK);
        if (rc == CNN_OK)
            break;
    }
    cnn_context_free(own);
}
END_TEST

Suite *suite_dataset_from_pixels(void)
{
    Suite *suite = suite_create("dataset_from_pixels");
    TCase *tcase = tcase_create("dataset_from_pixels");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, from_memory);
    tcase_add_test(tcase, from_memory_arguments);
    tcase_add_test(tcase, no_memory_for_pixels_at_any_request);
    suite_add_tcase(suite, tcase);
    return suite;
}
