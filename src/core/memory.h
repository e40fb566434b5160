/* SPDX-License-Identifier: MIT
 *
 * The one place where memory comes from: the context's allocator, 64-byte aligned (blocks of 4 MiB
 * and more 2 MiB aligned, in huge pages where the system has them), with the overflow of
 * count * size caught. */
#ifndef CD_CORE_MEMORY_H
#define CD_CORE_MEMORY_H

#include "core/context.h"

/* Zeroed; NULL when there is none (no message yet: the caller says cd_error_memory). A count or
 * size of 0 gives a valid block. */
void *cd_alloc(cnn_context_t *context, size_t count, size_t size);

/* The same, contents not set: for large blocks that are written at once. */
void *cd_alloc_unset(cnn_context_t *context, size_t count, size_t size);

/* NULL is fine. */
void cd_free(cnn_context_t *context, void *block);

/* Makes room for at least need elements in *array (holding *capacity), growing by half; the new
 * part is zeroed. On failure the array stays as it was. Errors: MEMORY. */
cnn_status_t cd_reserve(cnn_context_t *context, void *array, size_t *capacity, size_t need,
                        size_t size);

/* NULL when there is no memory, or for NULL. */
char *cd_strdup(cnn_context_t *context, const char *text);

#endif
