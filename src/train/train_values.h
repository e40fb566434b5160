/* SPDX-License-Identifier: MIT
 *
 * Reads, checks and sets a training option by its row in the table (train/train_fields.h). */
#ifndef CD_TRAIN_TRAIN_VALUES_H
#define CD_TRAIN_TRAIN_VALUES_H

#include "core/number.h"
#include "train/train_fields.h"

/* Returns the value of an option as in JSON, but without the quotes around the name of a choice.
 * options: with all defaults filled in. text: a buffer; the result is in it or a constant
 * string. */
const char *cd_train_value_text(const struct cd_train_field *field,
                                const cnn_train_options_t *options, char text[CD_NUMBER_SIZE]);

/* Replaces 0 by the default: the value of the preset if it has one, else field->standard. Replaces
 * CNN_NONE by 0. Leaves a seed unchanged. preset: may be NULL. */
void cd_train_value_complete(const struct cd_train_field *field, const cnn_preset_info_t *preset,
                             cnn_train_options_t *options);

/* Checks that a value is valid. options: with all defaults filled in. Errors: ARGUMENT, with a
 * message that says what the option must be. */
cnn_status_t cd_train_value_check(const struct cd_train_field *field,
                                  const cnn_train_options_t *options);

/* Set the value of an option, before defaults are filled in. A number, name or text that is not
 * valid for the option leaves options unchanged. number: for every kind except SWITCH and CHOICE.
 * text: a number with a decimal point, "true", "false" or the name of a choice. Errors:
 * ARGUMENT. */
cnn_status_t cd_train_value_set_number(const struct cd_train_field *field, double number,
                                       cnn_train_options_t *options);
cnn_status_t cd_train_value_set_switch(const struct cd_train_field *field, int on,
                                       cnn_train_options_t *options);
cnn_status_t cd_train_value_set_choice(const struct cd_train_field *field, const char *name,
                                       cnn_train_options_t *options);
cnn_status_t cd_train_value_set_text(const struct cd_train_field *field, const char *text,
                                     cnn_train_options_t *options);

#endif
