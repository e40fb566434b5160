/* SPDX-License-Identifier: MIT
 *
 * Implements the public functions that list and set training options, from the table in
 * train/train_fields.h. */
#ifndef CD_TRAIN_OPTION_INFO_H
#define CD_TRAIN_OPTION_INFO_H

#include "core/context.h"

/* Returns the description of an option. index: below cd_train_field_count(). */
cnn_train_option_info_t cd_option_info(size_t index);

/* Returns the name of choice number `choice` (from 0) of an option, or NULL if there is no such
 * choice. */
const char *cd_option_choice(size_t index, size_t choice);

/* Sets an option by its name as cnn_train_option_set does. Errors: ARGUMENT. */
cnn_status_t cd_option_set(cnn_train_options_t *options, const char *name, const char *value);

#endif
