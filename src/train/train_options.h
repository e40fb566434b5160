/* SPDX-License-Identifier: MIT
 *
 * Completes training options, and derives the settings for images from them. Options are
 * complete if no value stands for a default any more: schedule is not DEFAULT, weight_decay is
 * not negative, seed is the seed that is used. */
#ifndef CD_TRAIN_TRAIN_OPTIONS_H
#define CD_TRAIN_TRAIN_OPTIONS_H

#include "core/context.h"
#include "data/augment.h"

/* Replaces all values that stand for a default, then checks the bounds of all options. preset: the
 * name of a preset, whose values take precedence over the general defaults; "" or an unknown name:
 * no preset. Errors: ARGUMENT. */
cnn_status_t cd_train_options_complete(cnn_context_t *context, const char *preset,
                                       cnn_train_options_t *options);

/* Copies a caller's options (NULL: all defaults) to *own and completes them. Error messages begin
 * with "cnn_train_options_t: ". Errors: ARGUMENT. */
cnn_status_t cd_train_options_read(cnn_context_t *context, const char *preset,
                                   const cnn_train_options_t *options, cnn_train_options_t *own);

/* Returns the augmentation of an epoch (from 1). options: complete. */
struct cd_augmentation cd_train_options_augmentation(const cnn_train_options_t *options,
                                                     uint64_t epoch);

/* Returns the preprocessing with which training photos are loaded: `preprocess` with both sides
 * multiplied by crop_detail. A side may exceed the largest allowed side of an image. Both
 * arguments: complete. */
cnn_preprocess_t cd_train_options_preprocess(const cnn_train_options_t *options,
                                             const cnn_preprocess_t *preprocess);

/* Returns the side of the network's input, given the side of images that were loaded with
 * crop_detail. */
size_t cd_train_options_side(const cnn_train_options_t *options, size_t side);

#endif
