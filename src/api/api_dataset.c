/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "core/random.h"
#include "data/classes.h"
#include "data/subset.h"
#include "image/image.h"
#include "image/image_limits.h"
#include "image/preprocess.h"
#include "train/epoch_batch.h"
#include "train/train_options.h"

cnn_status_t cnn_dataset_open(cnn_context_t *context, const char *folder,
                              const cnn_dataset_open_options_t *options, cnn_dataset_t **dataset)
{
    cnn_dataset_open_options_t own;
    cnn_image_options_t limits;

    if (dataset)
        *dataset = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, folder);
    CD_REQUIRE(context, dataset);
    CD_API_TRY(context, cd_options_read(__func__, options, &own, sizeof own));
    CD_API_TRY(context, cd_check_enum(__func__, "layout", (int)own.layout, CNN_LAYOUT_FOLDERS + 1));
    if (own.classes || own.n_classes > 0)
        CD_API_TRY(context, cd_classes_check(context, __func__, own.classes, own.n_classes, 1));
    CD_API_TRY(context, cd_image_limits_read(__func__, own.image, &limits));
    own.image = &limits;
    return cd_api_result(context, cd_dataset_open(context, folder, &own, dataset));
}

static cnn_status_t check_pixels(cnn_context_t *context, const char *name,
                                 const cnn_pixels_t *pixels)
{
    if (!pixels->rgb || !pixels->labels)
        return cd_error(CNN_ERROR_ARGUMENT, "%s: rgb or labels is NULL", name);
    if (pixels->n_images == 0 || pixels->height == 0 || pixels->width == 0 ||
        pixels->height > CD_IMAGE_MAX_SIDE || pixels->width > CD_IMAGE_MAX_SIDE)
        return cd_error(CNN_ERROR_ARGUMENT,
                        "%s: %zu images of %lu x %lu pixels; at least one image with sides from 1 "
                        "to %d is needed",
                        name, pixels->n_images, (unsigned long)pixels->height,
                        (unsigned long)pixels->width, CD_IMAGE_MAX_SIDE);
    CD_TRY(cd_classes_check(context, name, pixels->classes, pixels->n_classes, 2));
    for (size_t i = 0; i < pixels->n_images; i++)
        if (pixels->labels[i] >= pixels->n_classes)
            return cd_error(CNN_ERROR_ARGUMENT, "%s: label %lu of image %zu; there are %zu classes",
                            name, (unsigned long)pixels->labels[i], i, pixels->n_classes);
    return CNN_OK;
}

cnn_status_t cnn_dataset_create(cnn_context_t *context, const cnn_pixels_t *pixels,
                                cnn_dataset_t **dataset)
{
    cnn_pixels_t own;

    if (dataset)
        *dataset = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, pixels);
    CD_REQUIRE(context, dataset);
    CD_API_TRY(context, cd_options_read(__func__, pixels, &own, sizeof own));
    CD_API_TRY(context, check_pixels(context, __func__, &own));
    return cd_api_result(context, cd_dataset_from_pixels(context, &own, dataset));
}

void cnn_dataset_free(cnn_dataset_t *dataset)
{
    cd_dataset_free(dataset);
}

size_t cnn_dataset_sample_count(const cnn_dataset_t *dataset)
{
    return dataset ? dataset->count : 0;
}

size_t cnn_dataset_class_count(const cnn_dataset_t *dataset)
{
    return dataset ? dataset->n_classes : 0;
}

const char *cnn_dataset_class_name(const cnn_dataset_t *dataset, size_t index)
{
    return dataset && index < dataset->n_classes ? dataset->classes[index] : NULL;
}

cnn_status_t cnn_dataset_sample(const cnn_dataset_t *dataset, size_t index, cnn_sample_t *sample)
{
    CD_REQUIRE(NULL, dataset);
    CD_API_TRY(dataset->context, cd_check_index(__func__, index, dataset->count));
    const struct cd_sample *found = &dataset->samples[index];
    cnn_sample_t own = {.struct_size = sizeof own,
                        .path = found->path,
                        .label = found->label,
                        .pixels = cd_dataset_held(dataset, index)};
    if (own.pixels) {
        own.height =
            dataset->loaded ? dataset->preprocess.height : (uint32_t)dataset->source_height;
        own.width = dataset->loaded ? dataset->preprocess.width : (uint32_t)dataset->source_width;
    }
    return cd_api_result(dataset->context, cd_result_write(__func__, &own, sizeof own, sample));
}

size_t cnn_dataset_skipped_count(const cnn_dataset_t *dataset)
{
    return dataset ? dataset->n_skipped : 0;
}

cnn_status_t cnn_dataset_skipped(const cnn_dataset_t *dataset, size_t index, cnn_skipped_t *skipped)
{
    CD_REQUIRE(NULL, dataset);
    CD_API_TRY(dataset->context, cd_check_index(__func__, index, dataset->n_skipped));
    const struct cd_skipped *found = &dataset->skipped[index];
    const cnn_skipped_t own = {sizeof own, found->path, found->status, found->reason};
    return cd_api_result(dataset->context, cd_result_write(__func__, &own, sizeof own, skipped));
}

cnn_status_t cnn_dataset_split(const cnn_dataset_t *dataset,
                               const cnn_dataset_split_options_t *options, cnn_dataset_t **train,
                               cnn_dataset_t **validation)
{
    cnn_dataset_split_options_t own;

    if (train)
        *train = NULL;
    if (validation)
        *validation = NULL;
    CD_REQUIRE(NULL, dataset);
    CD_REQUIRE(dataset->context, train);
    CD_REQUIRE(dataset->context, validation);
    if (train == validation)
        return cd_api_result(dataset->context,
                             cd_error(CNN_ERROR_ARGUMENT,
                                      "%s: train and validation are the same pointer", __func__));
    CD_API_TRY(dataset->context, cd_options_read(__func__, options, &own, sizeof own));
    if (!(own.validation_fraction >= 0 && own.validation_fraction < 1)) /* true for NaN, too */
        return cd_api_result(dataset->context,
                             cd_error(CNN_ERROR_ARGUMENT,
                                      "%s: validation_fraction is not between 0 and 1", __func__));
    if (own.validation_fraction == 0)
        own.validation_fraction = 0.2;
    own.seed = cd_context_seed(dataset->context, own.seed);
    return cd_api_result(dataset->context, cd_dataset_split(dataset, &own, train, validation));
}

cnn_status_t cnn_dataset_subset(const cnn_dataset_t *dataset, const size_t *indices,
                                size_t n_indices, cnn_dataset_t **subset)
{
    if (subset)
        *subset = NULL;
    CD_REQUIRE(NULL, dataset);
    CD_REQUIRE(dataset->context, indices);
    CD_REQUIRE(dataset->context, subset);
    if (n_indices == 0)
        return cd_api_result(dataset->context,
                             cd_error(CNN_ERROR_ARGUMENT, "%s: no samples", __func__));
    return cd_api_result(dataset->context, cd_dataset_subset(dataset, indices, n_indices, subset));
}

uint64_t cnn_dataset_load_bytes(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess)
{
    cnn_preprocess_t own;

    if (!dataset ||
        cd_api_result(dataset->context, cd_preprocess_complete(preprocess, &own)) != CNN_OK)
        return 0;
    const uint64_t image = (uint64_t)own.height * own.width * 3;
    return dataset->count > UINT64_MAX / image ? UINT64_MAX : dataset->count * image;
}

cnn_status_t cnn_dataset_load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                              const cnn_dataset_load_options_t *options)
{
    cnn_preprocess_t own_preprocess;
    cnn_dataset_load_options_t own;

    CD_REQUIRE(NULL, dataset);
    CD_API_TRY(dataset->context, cd_preprocess_complete(preprocess, &own_preprocess));
    CD_API_TRY(dataset->context, cd_options_read(__func__, options, &own, sizeof own));
    return cd_api_result(dataset->context, cd_dataset_load(dataset, &own_preprocess, &own));
}

cnn_status_t cnn_dataset_batch(const cnn_dataset_t *dataset,
                               const cnn_dataset_batch_options_t *options, size_t n_images,
                               float *x, uint32_t *labels, size_t *samples)
{
    cnn_dataset_batch_options_t own;
    cnn_train_options_t training;

    CD_REQUIRE(NULL, dataset);
    CD_REQUIRE(dataset->context, x);
    CD_API_TRY(dataset->context, cd_options_read(__func__, options, &own, sizeof own));
    if (!dataset->loaded)
        return cd_api_result(dataset->context,
                             cd_error(CNN_ERROR_DATA, "%s: the dataset is not loaded", __func__));
    if (n_images == 0 || own.first > dataset->count || n_images > dataset->count - own.first)
        return cd_api_result(
            dataset->context,
            cd_error(CNN_ERROR_ARGUMENT,
                     "%s: n_images is %zu and first %zu; the dataset has %zu samples", __func__,
                     n_images, own.first, dataset->count));
    if (own.epoch == 0)
        own.epoch = 1;
    CD_API_TRY(dataset->context,
               cd_train_options_read(dataset->context, "", own.training, &training));
    return cd_api_result(dataset->context,
                         cd_epoch_batch(dataset, &own, &training, n_images,
                                        &(struct cd_epoch_batch){x, labels, samples}));
}
