/* SPDX-License-Identifier: MIT
 *
 * The rows of an option table, with a row for each of the library's training options in place of
 * the row OPTION_TRAINING. Name, bounds, choices, default and description come from the library
 * (cnn_train_option). */
#ifndef CATDOG_OPTION_ROWS_H
#define CATDOG_OPTION_ROWS_H

#include <catdog/catdog.h>

#include "base/command.h"

/* Returns the rows, ended like a table. They are in static storage, valid until the next call with
 * another table. An option of the table replaces the training option of the same name. */
const struct option *option_rows(const struct option *table);

/* Finds a training option by the name of a row: "learning-rate" is the option "learning_rate".
 * Returns its index, or cnn_train_option_count() if there is none. */
size_t option_find_training(const char *name, cnn_train_option_info_t *info);

#endif
