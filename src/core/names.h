/* SPDX-License-Identifier: MIT
 *
 * Lists of the class names of datasets and models. */
#ifndef CD_CORE_NAMES_H
#define CD_CORE_NAMES_H

#include "core/context.h"

/* Fails if a name is NULL or empty, or if two names are equal. Errors: ARGUMENT, MEMORY. */
cnn_status_t cd_names_check(cnn_context_t *context, const char *const *names, size_t n);

/* Returns 1 if two names are equal when ASCII case is ignored. */
int cd_names_same(const char *a, const char *b);

/* Copies n names. The caller frees *copy by cd_names_free. Errors: MEMORY. */
cnn_status_t cd_names_copy(cnn_context_t *context, const char *const *names, size_t n,
                           char ***copy);

/* Frees n names and their array. names may be NULL. */
void cd_names_free(cnn_context_t *context, char **names, size_t n);

/* Sorts n names in ascending byte order. */
void cd_names_sort(const char **names, size_t n);

#endif
