/* SPDX-License-Identifier: MIT
 *
 * The images of a training epoch, augmented and mixed, for inspection: cnn_dataset_batch. */
#ifndef CD_TRAIN_EPOCH_BATCH_H
#define CD_TRAIN_EPOCH_BATCH_H

#include "data/dataset.h"

/* The buffers of the caller, for n samples each, as cnn_dataset_batch describes them. */
struct cd_epoch_batch {
    float *x;
    uint32_t *labels; /* may be NULL */
    size_t *samples; /* indices in the dataset; may be NULL */
};

/* Copies n images, beginning with number options->first of the epoch's order; the dataset has that
 * many. options->epoch is not 0. training: complete; gives seed, augmentation and batch size.
 * Errors: MEMORY; IO (a photo has become unreadable). */
cnn_status_t cd_epoch_batch(const cnn_dataset_t *dataset,
                            const cnn_dataset_batch_options_t *options,
                            const cnn_train_options_t *training, size_t n,
                            const struct cd_epoch_batch *out);

#endif
