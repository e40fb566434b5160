/* SPDX-License-Identifier: MIT
 *
 * Class names: lists of them, and how the names that a program gives match those found. */
#ifndef CD_DATA_CLASSES_H
#define CD_DATA_CLASSES_H

#include "core/context.h"

/* The label of a found class that is not among the given ones. */
#define CD_NO_CLASS UINT32_MAX

/* Refuses fewer than minimum names, empty ones, and a name that comes twice. what: for the message.
 * Errors: ARGUMENT, MEMORY. */
cnn_status_t cd_classes_check(cnn_context_t *context, const char *what, const char *const *names,
                              size_t n, size_t minimum);

/* Sorts the n names found, all different, into the order of their labels.
 * cnn_dataset_open_options_t states the rule. */
void cd_classes_order(const char **names, size_t n);

/* labels[i]: the index in given that found[i] belongs to, or CD_NO_CLASS. A found name matches
 * exactly, else regardless of ASCII case, else regardless of case and of one final "s" more or
 * less; of several that match in the same way the first given counts. Names are not empty. Time
 * grows as (n_given + n_found) * log(n_given). Errors: MEMORY. */
cnn_status_t cd_classes_match(cnn_context_t *context, const char *const *given, size_t n_given,
                              const char *const *found, size_t n_found, uint32_t *labels);

#endif
