/* SPDX-License-Identifier: MIT
 *
 * Reads, checks and sets a training option by its row in the table (train/train_fields.h). */
#ifndef CD_TRAIN_TRAIN_VALUES_H
#define CD_TRAIN_TRAIN_VALUES_H

#include "core/number.h"
#include "train/train_fields.h"

/* The value of complete options as JSON has it; a choice's name without quotes. text: a buffer. */
const char *cd_train_value_text(const struct cd_train_field *field,
                                const cnn_train_options_t *options, char text[CD_NUMBER_SIZE]);

/* Replaces 0 by the default: the value of the preset (NULL: no preset), else field->standard.
 * CNN_NONE becomes 0. A seed stays as it is. */
void cd_train_value_complete(const struct cd_train_field *field, const cnn_preset_info_t *preset,
                             cnn_train_options_t *options);

/* Checks the bounds of complete options. Errors: ARGUMENT, saying what the option must be. */
cnn_status_t cd_train_value_check(const struct cd_train_field *field,
                                  const cnn_train_options_t *options);

/* Each sets the value of options that are not complete yet. A number, name or text that the option
 * cannot have leaves options as they are. number: for every kind except SWITCH and CHOICE. text: a
 * number with a decimal point, "true", "false" or the name of a choice. Errors: ARGUMENT. */
cnn_status_t cd_train_value_set_number(const struct cd_train_field *field, double number,
                                       cnn_train_options_t *options);
cnn_status_t cd_train_value_set_switch(const struct cd_train_field *field, int on,
                                       cnn_train_options_t *options);
cnn_status_t cd_train_value_set_choice(const struct cd_train_field *field, const char *name,
                                       cnn_train_options_t *options);
cnn_status_t cd_train_value_set_text(const struct cd_train_field *field, const char *text,
                                     cnn_train_options_t *options);

#endif
