/* SPDX-License-Identifier: MIT
 *
 * What a training was told, with defaults put in. */
#ifndef CD_TRAIN_TRAIN_OPTIONS_H
#define CD_TRAIN_TRAIN_OPTIONS_H

#include "core/context.h"
#include "data/augment.h"

/* Puts the defaults (the preset's of this name, which may be "", else general ones) into options
 * and checks every range. After it schedule is not DEFAULT, weight_decay not negative, and seed the
 * one that counts. Errors: ARGUMENT. */
cnn_status_t cd_train_options_complete(cnn_context_t *context, const char *preset,
                                       cnn_train_options_t *options);

/* What options (complete) do to the pictures of an epoch (from 1). */
struct cd_augmentation cd_train_options_augmentation(const cnn_train_options_t *options,
                                                     uint64_t epoch);

/* How training photos are loaded: preprocess (complete) with more pixels, if options (complete) say
 * so; a side may be more than a picture can have. */
cnn_preprocess_t cd_train_options_preprocess(const cnn_train_options_t *options,
                                             const cnn_preprocess_t *preprocess);

/* The other way round: a side as the network sees it, of a side of those photos. */
size_t cd_train_options_side(const cnn_train_options_t *options, size_t side);

#endif
