/* SPDX-License-Identifier: MIT */
#include "support/dataset_checks.h"

#include <check.h>
#include <stdlib.h>

cnn_dataset_t *dataset_of_folder(cnn_context_t *context, const struct photo_folder *folder,
                                 int strict)
{
    const cnn_dataset_open_options_t options = {.struct_size = sizeof options, .strict = strict};
    cnn_dataset_t *dataset;
    const cnn_status_t rc = cnn_dataset_open(context, folder->path, &options, &dataset);

    ck_assert_msg(rc == CNN_OK, "%s", cnn_error_message());
    return dataset;
}

void dataset_load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess)
{
    const cnn_status_t rc = cnn_dataset_load(dataset, preprocess, NULL);

    ck_assert_msg(rc == CNN_OK, "%s", cnn_error_message());
}

cnn_sample_t dataset_sample_at(const cnn_dataset_t *dataset, size_t index)
{
    cnn_sample_t sample = {.struct_size = sizeof sample};

    ck_assert_int_eq(cnn_dataset_sample(dataset, index, &sample), CNN_OK);
    return sample;
}

cnn_skipped_t dataset_skipped_at(const cnn_dataset_t *dataset, size_t index)
{
    cnn_skipped_t skipped = {.struct_size = sizeof skipped};

    ck_assert_int_eq(cnn_dataset_skipped(dataset, index, &skipped), CNN_OK);
    return skipped;
}

void dataset_has_pixels_of_file(cnn_context_t *context, const cnn_dataset_t *dataset, size_t index,
                                const cnn_preprocess_t *preprocess)
{
    const size_t size = (size_t)preprocess->height * preprocess->width * 3;
    cnn_sample_t sample = dataset_sample_at(dataset, index);
    uint8_t *expected = malloc(size);
    cnn_image_t *image;

    ck_assert_ptr_nonnull(expected);
    ck_assert_int_eq(cnn_image_load(context, sample.path, NULL, &image), CNN_OK);
    ck_assert_int_eq(cnn_preprocess_apply_rgb(context, preprocess, cnn_image_pixels(image),
                                              cnn_image_height(image), cnn_image_width(image), 0,
                                              expected),
                     CNN_OK);
    ck_assert_ptr_nonnull(sample.pixels);
    ck_assert_uint_eq(sample.height, preprocess->height);
    ck_assert_uint_eq(sample.width, preprocess->width);
    ck_assert_mem_eq(sample.pixels, expected, size);
    cnn_image_free(image);
    free(expected);
}
