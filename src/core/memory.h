/* SPDX-License-Identifier: MIT
 *
 * All memory of the library: blocks from the context's allocator, aligned to 64 bytes. Blocks of
 * 4 MiB and more are aligned to 2 MiB and lie in huge pages where the system has them. An overflow
 * of count * size counts as a lack of memory. */
#ifndef CD_CORE_MEMORY_H
#define CD_CORE_MEMORY_H

#include "core/context.h"

/* Allocates a zeroed block. NULL without memory; the caller then records the message
 * (cd_error_memory). A count or size of 0 gives a valid block. */
void *cd_alloc(cnn_context_t *context, size_t count, size_t size);

/* Allocates a block with undefined contents, for large blocks that are overwritten at once.
 * Otherwise as cd_alloc. */
void *cd_alloc_unset(cnn_context_t *context, size_t count, size_t size);

/* Frees a block. block may be NULL. */
void cd_free(cnn_context_t *context, void *block);

/* Grows *array, which has room for *capacity elements of size bytes, by half or more, so that it
 * has room for at least need elements. New elements are zeroed. On failure the array stays as it
 * was. Errors: MEMORY. */
cnn_status_t cd_reserve(cnn_context_t *context, void *array, size_t *capacity, size_t need,
                        size_t size);

/* A copy of text (cd_free). NULL for NULL, and without memory. */
char *cd_strdup(cnn_context_t *context, const char *text);

#endif
