/* SPDX-License-Identifier: MIT
 *
 * Lists of class names, of datasets and models. */
#ifndef CD_CORE_NAMES_H
#define CD_CORE_NAMES_H

#include "core/context.h"

/* Refuses NULL, an empty name, and two equal names. Errors: ARGUMENT, MEMORY. */
cnn_status_t cd_names_check(cnn_context_t *context, const char *const *names, size_t n);

/* 1 if two names are equal without regard to ASCII case. */
int cd_names_same(const char *a, const char *b);

/* Copies the names. The caller frees *copy by cd_names_free. Errors: MEMORY. */
cnn_status_t cd_names_copy(cnn_context_t *context, const char *const *names, size_t n,
                           char ***copy);

/* Frees the names. names may be NULL. */
void cd_names_free(cnn_context_t *context, char **names, size_t n);

/* Sorts into ascending byte order. */
void cd_names_sort(const char **names, size_t n);

#endif
