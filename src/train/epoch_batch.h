/* SPDX-License-Identifier: MIT
 *
 * The images of a training epoch, augmented and mixed, as cnn_dataset_batch returns them for
 * inspection. */
#ifndef CD_TRAIN_EPOCH_BATCH_H
#define CD_TRAIN_EPOCH_BATCH_H

#include "data/dataset.h"

/* Buffers of the caller for n samples each. cnn_dataset_batch describes their layout. */
struct cd_epoch_batch {
    float *x;
    uint32_t *labels; /* may be NULL */
    size_t *samples; /* indices in the dataset; may be NULL */
};

/* Loads n images of an epoch, starting at position options->first of the epoch's order. The dataset
 * has at least options->first + n samples, and options->epoch is not 0. training: with all defaults
 * filled in; sets the seed, the augmentation and the batch size. Errors: MEMORY; IO (a photo has
 * become unreadable). */
cnn_status_t cd_epoch_batch(const cnn_dataset_t *dataset,
                            const cnn_dataset_batch_options_t *options,
                            const cnn_train_options_t *training, size_t n,
                            const struct cd_epoch_batch *out);

#endif
