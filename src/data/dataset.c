/* SPDX-License-Identifier: MIT */
#include "data/dataset.h"

#include <string.h>

#include "core/hash.h"
#include "core/memory.h"
#include "core/names.h"
#include "image/decode.h"
#include "image/image_limits.h"

const uint8_t *cd_dataset_held(const cnn_dataset_t *dataset, size_t index)
{
    const struct cd_pixels *pixels = dataset->pixel_block;
    const size_t place = dataset->samples[index].place;

    return pixels && place < pixels->held ? pixels->bytes + place * pixels->image_size : NULL;
}

cnn_status_t cd_dataset_pixels(const cnn_dataset_t *dataset, size_t index, uint8_t *scratch,
                               const uint8_t **out)
{
    const struct cd_pixels *pixels = dataset->pixel_block;
    const struct cd_sample *sample = &dataset->samples[index];
    struct cd_image_info info = {0}; /* receives warnings; ignored, as the load has logged them */

    *out = cd_dataset_held(dataset, index);
    if (*out)
        return CNN_OK;
    CD_TRY(cd_decode_file(dataset->context, sample->path, &dataset->limits, &dataset->preprocess,
                          &info, scratch));
    if (cd_hash_bytes(0, scratch, pixels->image_size) != pixels->hashes[sample->place])
        return cd_error(CNN_ERROR_IMAGE, "%s: not the photo that it was when it was loaded",
                        sample->path);
    *out = scratch;
    return CNN_OK;
}

uint64_t cd_dataset_hash(const cnn_dataset_t *dataset, size_t index)
{
    const struct cd_pixels *pixels = dataset->pixel_block;

    if (pixels->hashes)
        return pixels->hashes[dataset->samples[index].place];
    return cd_hash_bytes(0, cd_dataset_held(dataset, index), pixels->image_size);
}

cnn_status_t cd_dataset_create(cnn_context_t *context, const char *const *classes,
                               size_t n_classes, cnn_dataset_t **out)
{
    cnn_dataset_t *dataset = cd_alloc(context, 1, sizeof *dataset);
    cnn_status_t rc;

    *out = NULL;
    if (!dataset)
        return cd_error_memory();
    dataset->context = cd_context_ref(context);
    rc = cd_names_copy(context, classes, n_classes, &dataset->classes);
    if (rc != CNN_OK) {
        cd_dataset_free(dataset);
        return rc;
    }
    dataset->n_classes = n_classes;
    cd_image_limits(NULL, &dataset->limits);
    *out = dataset;
    return CNN_OK;
}

void cd_dataset_free(cnn_dataset_t *dataset)
{
    if (!dataset)
        return;
    cnn_context_t *context = dataset->context;
    for (size_t i = 0; i < dataset->n_skipped; i++)
        cd_free(context, dataset->skipped[i].reason);
    cd_free(context, dataset->samples);
    cd_free(context, dataset->skipped);
    cd_names_free(context, dataset->classes, dataset->n_classes);
    cd_paths_unref(dataset->paths);
    cd_pixels_unref(dataset->pixel_block);
    cd_pixels_unref(dataset->source_block);
    cd_free(context, dataset);
    cd_context_unref(context);
}

static cnn_status_t take_samples(cnn_dataset_t *dataset, const cnn_pixels_t *pixels)
{
    dataset->samples = cd_alloc(dataset->context, pixels->n_images, sizeof *dataset->samples);
    if (!dataset->samples)
        return cd_error_memory();
    for (; dataset->count < pixels->n_images; dataset->count++) {
        const uint32_t number = (uint32_t)dataset->count;
        dataset->samples[number] = (struct cd_sample){
            .path = "", .label = pixels->labels[number], .number = number, .place = number};
    }
    return CNN_OK;
}

cnn_status_t cd_dataset_from_pixels(cnn_context_t *context, const cnn_pixels_t *pixels,
                                    cnn_dataset_t **out)
{
    const size_t height = pixels->height, width = pixels->width;
    cnn_dataset_t *dataset;
    cnn_status_t rc;

    *out = NULL;
    if (pixels->n_images > UINT32_MAX)
        return cd_error(CNN_ERROR_ARGUMENT, "%zu images are too many", pixels->n_images);
    CD_TRY(cd_dataset_create(context, pixels->classes, pixels->n_classes, &dataset));
    /* Fails if the total size of the images overflows, so the product below cannot overflow. */
    CD_TRY_FAIL(
        cd_pixels_create(context, pixels->n_images, height, width, 0, &dataset->source_block));
    memcpy(dataset->source_block->block, pixels->rgb, pixels->n_images * height * width * 3);
    dataset->pixel_block = cd_pixels_ref(dataset->source_block);
    dataset->source_height = height;
    dataset->source_width = width;
    CD_TRY_FAIL(take_samples(dataset, pixels));
    *out = dataset;
    return CNN_OK;
fail:
    cd_dataset_free(dataset);
    return rc;
}
