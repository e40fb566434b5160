/* SPDX-License-Identifier: MIT
 *
 * Pictures as an epoch of a training sees them, for others to look at. */
#ifndef CD_TRAIN_EPOCH_BATCH_H
#define CD_TRAIN_EPOCH_BATCH_H

#include "data/dataset.h"

/* Where they go: n each, as cnn_dataset_batch has them. */
struct cd_epoch_batch {
    float *x;
    uint32_t *labels; /* or NULL, as samples */
    size_t *samples;
};

/* n pictures from options->first on, which the data set has; options->epoch is not 0. training:
 * complete; it alone says seed, augmentation and the batches in which pictures are mixed. Errors:
 * MEMORY, IO (a photo can no longer be read). */
cnn_status_t cd_epoch_batch(const cnn_dataset_t *dataset,
                            const cnn_dataset_batch_options_t *options,
                            const cnn_train_options_t *training, size_t n,
                            const struct cd_epoch_batch *out);

#endif
