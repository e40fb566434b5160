/* SPDX-License-Identifier: MIT */
#include "data/dataset.h"

#include <string.h>

#include "core/memory.h"
#include "core/names.h"
#include "image/jpeg.h"

cnn_status_t cd_pixels_create(cnn_context_t *context, size_t count, size_t height, size_t width,
                              struct cd_pixels **out)
{
    const uint64_t picture = (uint64_t)height * width * 3;
    struct cd_pixels *pixels;

    *out = NULL;
    if (picture > SIZE_MAX)
        return cd_error_memory(context);
    pixels = cd_alloc(context, 1, sizeof *pixels);
    if (!pixels)
        return cd_error_memory(context);
    pixels->context = context;
    atomic_init(&pixels->users, 1);
    pixels->bytes = cd_alloc_unset(context, count, (size_t)picture);
    if (!pixels->bytes) {
        cd_free(context, pixels);
        return cd_error(context, CNN_ERROR_MEMORY, "out of memory for %zu pictures of %zu x %zu",
                        count, height, width);
    }
    *out = pixels;
    return CNN_OK;
}

struct cd_pixels *cd_pixels_ref(struct cd_pixels *pixels)
{
    if (pixels)
        atomic_fetch_add_explicit(&pixels->users, 1, memory_order_relaxed);
    return pixels;
}

void cd_pixels_unref(struct cd_pixels *pixels)
{
    if (!pixels || atomic_fetch_sub_explicit(&pixels->users, 1, memory_order_acq_rel) != 1)
        return;
    cd_free(pixels->context, pixels->bytes);
    cd_free(pixels->context, pixels);
}

cnn_status_t cd_dataset_create(cnn_context_t *context, const char *const *classes,
                               size_t n_classes, cnn_dataset_t **out)
{
    cnn_dataset_t *dataset = cd_alloc(context, 1, sizeof *dataset);
    cnn_status_t rc;

    *out = NULL;
    if (!dataset)
        return cd_error_memory(context);
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
    for (size_t i = 0; i < dataset->count; i++)
        cd_free(context, dataset->samples[i].path);
    for (size_t i = 0; i < dataset->n_skipped; i++) {
        cd_free(context, dataset->skipped[i].path);
        cd_free(context, dataset->skipped[i].reason);
    }
    cd_free(context, dataset->samples);
    cd_free(context, dataset->skipped);
    cd_names_free(context, dataset->classes, dataset->n_classes);
    cd_pixels_unref(dataset->pixel_block);
    cd_pixels_unref(dataset->source_block);
    cd_free(context, dataset);
    cd_context_unref(context);
}

static cnn_status_t take_samples(cnn_dataset_t *dataset, const cnn_pixels_t *pixels)
{
    const size_t picture = pixels->height * pixels->width * 3;

    dataset->samples = cd_alloc(dataset->context, pixels->n, sizeof *dataset->samples);
    if (!dataset->samples)
        return cd_error_memory(dataset->context);
    for (; dataset->count < pixels->n; dataset->count++) {
        struct cd_sample *sample = &dataset->samples[dataset->count];
        sample->label = pixels->labels[dataset->count];
        sample->source = dataset->source_block->bytes + dataset->count * picture;
        sample->pixels = sample->source;
        sample->path = cd_strdup(dataset->context, "");
        if (!sample->path)
            return cd_error_memory(dataset->context);
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
    CD_TRY(cd_dataset_create(context, pixels->classes, pixels->n_classes, &dataset));
    /* checks that the pictures fit into memory */
    CD_TRY_FAIL(cd_pixels_create(context, pixels->n, height, width, &dataset->source_block));
    memcpy(dataset->source_block->bytes, pixels->rgb, pixels->n * height * width * 3);
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
