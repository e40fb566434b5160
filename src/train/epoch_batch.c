/* SPDX-License-Identifier: MIT */
#include "train/epoch_batch.h"

#include <string.h>

#include "core/memory.h"
#include "data/loader.h"
#include "image/preprocess.h"
#include "train/train_options.h"

/* Copies those samples of a batch that are at positions first to first + n - 1 of the epoch's
 * order. place: the position of the batch's first sample. */
static void copy_wanted(const struct cd_loader *loader, const struct cd_batch *batch, size_t place,
                        size_t first, size_t n, const struct cd_epoch_batch *out)
{
    const size_t image_floats = loader->image_floats;
    const size_t begin = place < first ? first - place : 0;
    const size_t end = first + n - place < batch->n ? first + n - place : batch->n;
    const size_t to = place + begin - first, count = end - begin;

    memcpy(out->x + to * image_floats, batch->x + begin * image_floats,
           count * image_floats * sizeof *out->x);
    if (out->labels)
        memcpy(out->labels + to, batch->labels + begin, count * sizeof *out->labels);
    if (out->samples)
        memcpy(out->samples + to, loader->samples + begin, count * sizeof *out->samples);
}

/* Loads whole batches and copies the wanted samples from them. The batches must be the same as in
 * training, because mixup and CutMix combine samples of the same batch. */
static cnn_status_t copy_batches(struct cd_loader *loader, struct cd_loader_pass *pass,
                                 size_t first, size_t n, const struct cd_epoch_batch *out)
{
    struct cd_batch batch;

    pass->first = first - first % loader->batch;
    CD_TRY(cd_loader_begin(loader, pass));
    for (size_t place = pass->first; place < first + n; place += batch.n) {
        CD_TRY(cd_loader_next(loader, &batch));
        if (batch.n < batch.taken)
            return cd_error(CNN_ERROR_IO,
                            "cnn_dataset_batch: %zu of %zu photos can no longer be read",
                            batch.taken - batch.n, batch.taken);
        copy_wanted(loader, &batch, place, first, n, out);
    }
    return CNN_OK;
}

cnn_status_t cd_epoch_batch(const cnn_dataset_t *dataset,
                            const cnn_dataset_batch_options_t *options,
                            const cnn_train_options_t *training, size_t n,
                            const struct cd_epoch_batch *out)
{
    const size_t height = cd_train_options_side(training, dataset->preprocess.height);
    const size_t width = cd_train_options_side(training, dataset->preprocess.width);
    const size_t batch = training->batch_size < dataset->count ? training->batch_size
                                                               : dataset->count;
    float table[3][256];
    struct cd_loader *loader = NULL;
    struct cd_loader_pass pass = {
        .data = dataset,
        .table = (const float(*)[256])table,
        .height = height,
        .width = width,
        .augmentation = cd_train_options_augmentation(training, options->epoch)};
    size_t *order = NULL;
    cnn_status_t rc;

    cd_preprocess_table(&dataset->preprocess, table);
    if (options->shuffle) {
        order = cd_alloc(dataset->context, dataset->count, sizeof *order);
        if (!order)
            return cd_error_memory();
        cd_loader_shuffle(training->seed, options->epoch, order, dataset->count);
        pass.order = order;
    }
    CD_TRY_FAIL(cd_loader_create(dataset->context, batch, height * width * 3, &loader));
    rc = copy_batches(loader, &pass, options->first, n, out);
fail:
    cd_loader_free(loader);
    cd_free(dataset->context, order);
    return rc;
}
