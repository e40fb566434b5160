/* SPDX-License-Identifier: MIT
 *
 * Class names: their order, and how the names that a program gives match the names found. */
#ifndef CD_DATA_CLASSES_H
#define CD_DATA_CLASSES_H

#include "core/context.h"

/* The label of a found class that matches no given one. */
#define CD_NO_CLASS UINT32_MAX

/* Refuses fewer than minimum names, empty names, and two equal names. what: the kind of names, for
 * the message. Errors: ARGUMENT, MEMORY. */
cnn_status_t cd_classes_check(cnn_context_t *context, const char *what, const char *const *names,
                              size_t n, size_t minimum);

/* Sorts the n names found, all different, into the order of their labels.
 * cnn_dataset_open_options_t states the rule. */
void cd_classes_order(const char **names, size_t n);

/* Sets labels[i] to the index of the given name that found[i] matches, or to CD_NO_CLASS. Three
 * rules are tried in this order: the names are equal; they are equal without regard to ASCII case;
 * they are so after a final "s" is added or removed. If several given names match by the same rule,
 * the first one counts. Names are not empty. The time grows as (n_given + n_found) * log(n_given).
 * Errors: MEMORY. */
cnn_status_t cd_classes_match(cnn_context_t *context, const char *const *given, size_t n_given,
                              const char *const *found, size_t n_found, uint32_t *labels);

#endif
