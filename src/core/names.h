/* SPDX-License-Identifier: MIT
 *
 * Lists of names: the classes of data sets and models. */
#ifndef CD_CORE_NAMES_H
#define CD_CORE_NAMES_H

#include "core/context.h"

/* Refuses an empty name, NULL, and a name that comes twice. Errors: ARGUMENT, MEMORY. */
cnn_status_t cd_names_check(cnn_context_t *context, const char *const *names, size_t n);

/* 1 if two names are the same but for the case of ASCII letters. */
int cd_names_same(const char *a, const char *b);

/* Errors: MEMORY. */
cnn_status_t cd_names_copy(cnn_context_t *context, const char *const *names, size_t n,
                           char ***copy);

/* NULL is fine. */
void cd_names_free(cnn_context_t *context, char **names, size_t n);

/* Ascending byte order. */
void cd_names_sort(const char **names, size_t n);

#endif
