/* SPDX-License-Identifier: MIT
 *
 * Expands an option table: replaces the row ARG_TRAINING by a row for each training option of the
 * library. cnn_train_option() supplies the names, bounds, choices, defaults and descriptions. */
#ifndef CATDOG_OPTION_ROWS_H
#define CATDOG_OPTION_ROWS_H

#include <catdog/catdog.h>

#include "base/command.h"

/* Returns the expanded table, which ends with a row whose name is NULL. It is in static storage and
 * valid until the next call with another table. If a row of the table has the name of a training
 * option, it replaces that option. */
const struct option *option_rows(const struct option *table);

/* Finds a training option by its name on the command line, where "learning-rate" stands for the
 * library's "learning_rate". Fills *info and returns the option's index. If there is no such
 * option, returns cnn_train_option_count(). */
size_t option_find_training(const char *name, cnn_train_option_info_t *info);

#endif
