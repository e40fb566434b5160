/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/log.h"
#include "core/memory.h"
#include "data/cache.h"
#include "data/dataset.h"
#include "data/decode_many.h"
#include "image/preprocess.h"

/* Moves the failed samples to the skipped photos, which stay sorted by path. The place of each
 * other sample becomes its number if by_number is set, else its index before the move. Cannot fail.
 * merged: room for all skipped photos, old and new; becomes dataset->skipped. */
static void commit(cnn_dataset_t *dataset, struct cd_outcome *outcomes, struct cd_skipped *merged,
                   int by_number)
{
    size_t kept = 0, old = 0, n = 0;

    for (size_t i = 0; i < dataset->count; i++) {
        struct cd_sample sample = dataset->samples[i];
        if (outcomes[i].status == CNN_OK) {
            sample.place = by_number ? sample.number : (uint32_t)i;
            dataset->samples[kept++] = sample;
            continue;
        }
        while (old < dataset->n_skipped && strcmp(dataset->skipped[old].path, sample.path) < 0)
            merged[n++] = dataset->skipped[old++];
        merged[n++] = (struct cd_skipped){
            .path = sample.path, .status = outcomes[i].status, .reason = outcomes[i].reason};
        outcomes[i].reason = NULL;
        cd_warn(dataset->context, "%s: skipped: %s", sample.path, merged[n - 1].reason);
    }
    while (old < dataset->n_skipped)
        merged[n++] = dataset->skipped[old++];
    cd_free(dataset->context, dataset->skipped);
    dataset->skipped = merged;
    dataset->n_skipped = n;
    dataset->count = kept;
}

static size_t count_failed(const struct cd_outcome *outcomes, size_t n)
{
    size_t failed = 0;
    for (size_t i = 0; i < n; i++)
        failed += outcomes[i].status != CNN_OK;
    return failed;
}

/* Decodes all photos. Holds as many images as options->max_bytes allows. */
static cnn_status_t decode_all(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                               const cnn_dataset_load_options_t *options, struct cd_pixels **pixels,
                               struct cd_outcome *outcomes)
{
    struct cd_decode_many many = {.dataset = dataset,
                                  .total = dataset->count,
                                  .strict = dataset->strict,
                                  .preprocess = preprocess,
                                  .options = options};

    CD_TRY(cd_pixels_create(dataset->context, dataset->count, preprocess->height, preprocess->width,
                            dataset->source_block ? 0 : options->max_bytes, pixels));
    const struct cd_decode_range range = {.n = dataset->count,
                                          .pixels = (*pixels)->block,
                                          .held = (*pixels)->held,
                                          .hashes = (*pixels)->hashes,
                                          .outcomes = outcomes};
    if ((*pixels)->held < dataset->count)
        cd_info(dataset->context,
                "holding %zu of %zu images; the others are decoded each time they are needed",
                (*pixels)->held, dataset->count);
    return cd_decode_many(&many, &range);
}

/* Gets the pixels from the cache file if one is requested and usable, else by decoding. Sets
 * *by_number to 1 if the place of a sample in *pixels is its number (cache), or to 0 if it is its
 * index. */
static cnn_status_t get_pixels(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                               const cnn_dataset_load_options_t *options, struct cd_pixels **pixels,
                               struct cd_outcome *outcomes, int *by_number)
{
    *pixels = NULL;
    *by_number = 0;
    if (options->cache && dataset->paths) {
        cnn_status_t rc = cd_cache_load(dataset, preprocess, options, pixels, outcomes);
        *by_number = rc == CNN_OK;
        if (rc != CNN_ERROR_IO && rc != CNN_ERROR_UNSUPPORTED)
            return rc;
        if (rc == CNN_ERROR_UNSUPPORTED)
            cd_warn(dataset->context, "%s: %s: left as it is, going on without this cache",
                    options->cache, cd_error_message());
        else
            cd_warn(dataset->context, "%s: going on without this cache", cd_error_message());
    }
    return decode_all(dataset, preprocess, options, pixels, outcomes);
}

static cnn_status_t none_left(const cnn_dataset_t *dataset, const struct cd_outcome *outcomes)
{
    return cd_error(CNN_ERROR_DATA, "none of the %zu photos can be used; the first, %s: %s",
                    dataset->count, dataset->samples[0].path, outcomes[0].reason);
}

/* Fails if the dataset is strict and a sample has failed. This can only come from a cache file:
 * decoding a strict dataset ends at the first failure. */
static cnn_status_t check_strict(const cnn_dataset_t *dataset, const struct cd_outcome *outcomes)
{
    for (size_t i = 0; dataset->strict && i < dataset->count; i++)
        if (outcomes[i].status != CNN_OK)
            return cd_error(outcomes[i].status, "%s: %s", dataset->samples[i].path,
                            outcomes[i].reason);
    return CNN_OK;
}

static cnn_status_t load_pixels(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                                const cnn_dataset_load_options_t *options)
{
    cnn_context_t *context = dataset->context;
    const size_t count = dataset->count;
    struct cd_outcome *outcomes = cd_alloc(context, count, sizeof *outcomes);
    struct cd_skipped *merged = NULL;
    struct cd_pixels *pixels = NULL;
    cnn_status_t rc;
    int by_number;

    if (!outcomes)
        return cd_error_memory();
    CD_TRY_FAIL(get_pixels(dataset, preprocess, options, &pixels, outcomes, &by_number));
    CD_TRY_FAIL(check_strict(dataset, outcomes));
    const size_t failed = count_failed(outcomes, count);
    if (failed == count) {
        rc = none_left(dataset, outcomes);
        goto fail;
    }
    merged = cd_alloc(context, dataset->n_skipped + failed, sizeof *merged);
    if (!merged) {
        rc = cd_error_memory();
        goto fail;
    }
    commit(dataset, outcomes, merged, by_number);
    cd_pixels_unref(dataset->pixel_block);
    dataset->pixel_block = pixels;
    pixels = NULL;
fail:
    cd_pixels_unref(pixels);
    cd_outcomes_free(context, outcomes, count);
    return rc;
}

/* Uses the images from memory without a copy. They already have the size of the preprocessing. */
static void use_source(cnn_dataset_t *dataset)
{
    for (size_t i = 0; i < dataset->count; i++)
        dataset->samples[i].place = dataset->samples[i].number;
    cd_pixels_unref(dataset->pixel_block);
    dataset->pixel_block = cd_pixels_ref(dataset->source_block);
}

cnn_status_t cd_dataset_load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                             const cnn_dataset_load_options_t *options)
{
    if (!dataset->loaded || !cd_preprocess_same_pixels(&dataset->preprocess, preprocess)) {
        if (dataset->source_block && dataset->source_height == preprocess->height &&
            dataset->source_width == preprocess->width)
            use_source(dataset);
        else
            CD_TRY(load_pixels(dataset, preprocess, options));
    }
    dataset->loaded = 1;
    dataset->preprocess = *preprocess;
    return CNN_OK;
}
