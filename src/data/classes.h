/* SPDX-License-Identifier: MIT
 *
 * Class names: their order, and the matching of names given by a program with names found in a
 * folder. */
#ifndef CD_DATA_CLASSES_H
#define CD_DATA_CLASSES_H

#include "core/context.h"

/* The label of a found class that matches no given class. */
#define CD_NO_CLASS UINT32_MAX

/* Fails if there are fewer than `minimum` names, or if a name is empty or occurs twice. what: the
 * start of the error message. Errors: ARGUMENT, MEMORY. */
cnn_status_t cd_classes_check(cnn_context_t *context, const char *what, const char *const *names,
                              size_t n, size_t minimum);

/* Sorts the names of n found classes, which are all different, into the order of their labels.
 * cnn_dataset_open_options_t documents the order. */
void cd_classes_order(const char **names, size_t n);

/* Sets labels[i] to the index of the given name that found[i] matches, or to CD_NO_CLASS. Three
 * rules are tried in this order: the names are equal; they are equal if ASCII case is ignored; they
 * are equal, ASCII case ignored, if a final "s" is added to or removed from one of them. If several
 * given names match by the same rule, the first one is taken. No name may be empty. The time is
 * O((n_given + n_found) * log(n_given)). Errors: MEMORY. */
cnn_status_t cd_classes_match(cnn_context_t *context, const char *const *given, size_t n_given,
                              const char *const *found, size_t n_found, uint32_t *labels);

#endif
