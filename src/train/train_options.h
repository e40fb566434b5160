/* SPDX-License-Identifier: MIT
 *
 * Completes the options of a training, and what they mean for images. Complete options have no
 * value that stands for a default: schedule is not DEFAULT, weight_decay is not negative, seed is
 * the one that is used. */
#ifndef CD_TRAIN_TRAIN_OPTIONS_H
#define CD_TRAIN_TRAIN_OPTIONS_H

#include "core/context.h"
#include "data/augment.h"

/* Replaces defaults by values, then checks the bounds of all options. preset: the name of the
 * preset whose values come first; "" or another name: none. Errors: ARGUMENT. */
cnn_status_t cd_train_options_complete(cnn_context_t *context, const char *preset,
                                       cnn_train_options_t *options);

/* Reads a caller's options, or NULL for the defaults, and completes them into own. Messages begin
 * with "cnn_train_options_t: ". Errors: ARGUMENT. */
cnn_status_t cd_train_options_read(cnn_context_t *context, const char *preset,
                                   const cnn_train_options_t *options, cnn_train_options_t *own);

/* The augmentation of an epoch (from 1). options: complete. */
struct cd_augmentation cd_train_options_augmentation(const cnn_train_options_t *options,
                                                     uint64_t epoch);

/* How photos are loaded for training: preprocess with the sides multiplied by crop_detail. A side
 * may then exceed the largest side of an image. Both arguments: complete. */
cnn_preprocess_t cd_train_options_preprocess(const cnn_train_options_t *options,
                                             const cnn_preprocess_t *preprocess);

/* The side of the network's input for a side of images that were loaded with crop_detail. */
size_t cd_train_options_side(const cnn_train_options_t *options, size_t side);

#endif
