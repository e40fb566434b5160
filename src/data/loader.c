/* SPDX-License-Identifier: MIT */
#include "data/loader.h"

#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/random.h"
#include "core/size.h"
#include "data/photo.h"

/* Why a sample of a batch has no image. status is CNN_OK if it has one. */
struct cd_loader_fault {
    cnn_status_t status;
    char *reason; /* owned; NULL if the photo was already known to be unreadable */
};

void cd_loader_shuffle(uint64_t seed, uint64_t epoch, size_t *order, size_t count)
{
    cd_random_permutation(cd_random_key(seed, CD_STREAM_SHUFFLE, epoch, 0), order, count);
}

/* ---- preparing ---- */

static size_t sample_of(const struct cd_loader_slot *slot, size_t i)
{
    const size_t *order = slot->pass->order;
    return order ? order[slot->first + i] : slot->first + i;
}

/* Returns the address of the flag that says whether the sample's photo has become unreadable, or
 * NULL if all images are in memory. */
static atomic_uchar *unreadable_flag(const cnn_dataset_t *data, size_t index)
{
    return data->pixel_block->unreadable
               ? &data->pixel_block->unreadable[data->samples[index].place]
               : NULL;
}

static cnn_status_t get_pixels(const struct cd_loader_slot *slot, size_t i, size_t image_size,
                               const uint8_t **pixels)
{
    const cnn_dataset_t *data = slot->pass->data;
    const size_t index = sample_of(slot, i);
    atomic_uchar *const is_unreadable = unreadable_flag(data, index);

    if (is_unreadable && atomic_load_explicit(is_unreadable, memory_order_relaxed))
        return CNN_ERROR_IO;
    cnn_status_t rc = cd_dataset_pixels(
        data, index, slot->scratch ? slot->scratch + i * image_size : NULL, pixels);
    if (rc != CNN_OK)
        slot->faults[i].reason = cd_photo_reason(data->context, data->samples[index].path);
    return rc;
}

/* Fills in image i of a slot. A second run gives the same result: after fork(), the child process
 * prepares the batch again, including the images that are already done. */
static void fill_image(void *argument, size_t i, size_t worker)
{
    struct cd_loader_slot *slot = argument;
    const struct cd_loader_pass *pass = slot->pass;
    const size_t height = pass->data->preprocess.height, width = pass->data->preprocess.width;
    const size_t index = sample_of(slot, i);
    float *x = slot->x + i * pass->height * pass->width * 3;
    const uint8_t *pixels;

    (void)worker;
    slot->labels[i] = pass->data->samples[index].label;
    slot->faults[i].status = get_pixels(slot, i, height * width * 3, &pixels);
    if (slot->faults[i].status != CNN_OK)
        return;
    const struct cd_rgb_image source = {pixels, height, width};
    cd_augment_image(&pass->augmentation, index, &source, pass->table, pass->height, pass->width,
                     x);
}

static void start(struct cd_loader *loader, struct cd_loader_slot *slot, size_t first)
{
    const size_t count = loader->pass.data->count, left = first < count ? count - first : 0;

    slot->pass = &loader->pass;
    slot->first = first;
    slot->n = left < loader->batch ? left : loader->batch;
    cd_background_start(loader->context, &slot->work, slot->n, fill_image, slot);
}

/* ---- handing out ---- */

/* Handles the fault of sample i. If memory was short, returns CNN_ERROR_MEMORY. For any other
 * fault, logs a warning, once for each photo, and marks the photo as unreadable. */
static cnn_status_t judge(struct cd_loader *loader, struct cd_loader_slot *slot, size_t i)
{
    const cnn_dataset_t *data = slot->pass->data;
    const size_t index = sample_of(slot, i);
    struct cd_loader_fault *fault = &slot->faults[i];
    const char *path = data->samples[index].path;

    if (fault->status == CNN_ERROR_MEMORY)
        return cd_error(CNN_ERROR_MEMORY, "%s: out of memory", path);
    if (atomic_exchange_explicit(unreadable_flag(data, index), 1, memory_order_relaxed) == 0)
        cd_warn(loader->context, "%s: left out from here on: %s", path,
                fault->reason ? fault->reason : "it cannot be read any more");
    cd_free(loader->context, fault->reason);
    fault->reason = NULL;
    return CNN_OK;
}

/* Removes the samples with faults from the batch. Sets *n to the number of samples left. */
static cnn_status_t close_gaps(struct cd_loader *loader, struct cd_loader_slot *slot, size_t *n)
{
    *n = 0;
    for (size_t i = 0; i < slot->n; i++) {
        if (slot->faults[i].status != CNN_OK) {
            CD_TRY(judge(loader, slot, i));
            continue;
        }
        if (*n < i) {
            memcpy(slot->x + *n * loader->image_floats, slot->x + i * loader->image_floats,
                   loader->image_floats * sizeof *slot->x);
            slot->labels[*n] = slot->labels[i];
        }
        loader->samples[*n] = sample_of(slot, i);
        ++*n;
    }
    return CNN_OK;
}

/* The argument of mix_pair(). */
struct mixing {
    const struct cd_loader *loader;
    const struct cd_batch *batch;
};

static void mix_pair(void *argument, size_t i, size_t worker)
{
    const struct mixing *mixing = argument;
    const struct cd_loader *loader = mixing->loader;
    float *x = mixing->batch->x;

    (void)worker;
    cd_mix_pair(&loader->pass.augmentation, loader->samples[i], loader->pass.height,
                loader->pass.width, x + i * loader->image_floats,
                x + (mixing->batch->n - 1 - i) * loader->image_floats);
}

static void mix(struct cd_loader *loader, struct cd_batch *batch)
{
    struct mixing mixing = {loader, batch};

    if (!cd_mix_wanted(&loader->pass.augmentation))
        return;
    cd_parallel_for(loader->context, batch->n / 2, mix_pair, &mixing);
    cd_mix_labels(&loader->pass.augmentation, loader->samples, loader->pass.height,
                  loader->pass.width, batch->labels, batch->n, loader->mixtures);
    batch->mixtures = loader->mixtures;
}

cnn_status_t cd_loader_next(struct cd_loader *loader, struct cd_batch *batch)
{
    struct cd_loader_slot *slot = &loader->slots[loader->current];
    struct cd_loader_slot *other = &loader->slots[1 - loader->current];
    const double begin = cd_clock_seconds();
    size_t n;

    *batch = (struct cd_batch){.x = slot->x, .labels = slot->labels};
    cd_background_finish(loader->context, &slot->work);
    CD_TRY(close_gaps(loader, slot, &n));
    batch->n = n;
    batch->taken = slot->n;
    mix(loader, batch);
    loader->wait += cd_clock_seconds() - begin;
    start(loader, other, slot->first + slot->n);
    loader->current = 1 - loader->current;
    return CNN_OK;
}

/* ---- a pass ---- */

/* Stops preparing batches, and frees the reasons of their faults. */
static void give_up(struct cd_loader *loader)
{
    for (size_t s = 0; s < 2; s++) {
        struct cd_loader_slot *slot = &loader->slots[s];
        cd_background_drop(&slot->work);
        for (size_t i = 0; slot->faults && i < loader->batch; i++) {
            cd_free(loader->context, slot->faults[i].reason);
            slot->faults[i].reason = NULL;
        }
    }
}

/* Makes the scratch memory of both slots large enough for a batch of images of image_size bytes.
 * Errors: MEMORY. */
static cnn_status_t make_scratch(struct cd_loader *loader, size_t image_size)
{
    for (size_t s = 0; s < 2; s++) {
        struct cd_loader_slot *slot = &loader->slots[s];
        if (slot->scratch && image_size <= loader->scratch_size)
            continue;
        cd_free(loader->context, slot->scratch);
        slot->scratch = cd_alloc_unset(loader->context, loader->batch, image_size);
        if (!slot->scratch)
            return cd_error_memory();
    }
    if (loader->scratch_size < image_size)
        loader->scratch_size = image_size;
    return CNN_OK;
}

cnn_status_t cd_loader_begin(struct cd_loader *loader, const struct cd_loader_pass *pass)
{
    const struct cd_pixels *pixels = pass->data->pixel_block;
    const cnn_preprocess_t *preprocess = &pass->data->preprocess;

    give_up(loader);
    if (pixels->held < pixels->count)
        CD_TRY(make_scratch(loader, (size_t)preprocess->height * preprocess->width * 3));
    loader->pass = *pass;
    if (!pass->height) {
        loader->pass.height = preprocess->height;
        loader->pass.width = preprocess->width;
    }
    start(loader, &loader->slots[loader->current], pass->first);
    return CNN_OK;
}

cnn_status_t cd_loader_create(cnn_context_t *context, size_t batch, size_t image_floats,
                              struct cd_loader **out)
{
    struct cd_loader *loader = cd_alloc(context, 1, sizeof *loader);

    *out = loader;
    if (!loader)
        return cd_error_memory();
    loader->context = context;
    loader->batch = batch;
    loader->image_floats = image_floats;
    loader->samples = cd_alloc(context, batch, sizeof *loader->samples);
    loader->mixtures = cd_alloc(context, batch, sizeof *loader->mixtures);
    int failed = !loader->samples || !loader->mixtures;
    for (size_t s = 0; s < 2; s++) {
        struct cd_loader_slot *slot = &loader->slots[s];
        slot->x = cd_alloc(context, batch, cd_product(image_floats, sizeof *slot->x));
        slot->labels = cd_alloc(context, batch, sizeof *slot->labels);
        slot->faults = cd_alloc(context, batch, sizeof *slot->faults);
        failed |= !slot->x || !slot->labels || !slot->faults;
    }
    if (!failed)
        return CNN_OK;
    cd_loader_free(loader);
    *out = NULL;
    return cd_error_memory();
}

void cd_loader_free(struct cd_loader *loader)
{
    if (!loader)
        return;
    give_up(loader);
    for (size_t s = 0; s < 2; s++) {
        struct cd_loader_slot *slot = &loader->slots[s];
        cd_free(loader->context, slot->x);
        cd_free(loader->context, slot->labels);
        cd_free(loader->context, slot->scratch);
        cd_free(loader->context, slot->faults);
    }
    cd_free(loader->context, loader->samples);
    cd_free(loader->context, loader->mixtures);
    cd_free(loader->context, loader);
}
