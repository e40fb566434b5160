/* SPDX-License-Identifier: MIT
 *
 * Memory allocation. All memory of the library comes from the context's allocator. Blocks are
 * aligned to 64 bytes. Blocks of 4 MiB and more are aligned to 2 MiB, and the operating system is
 * asked for huge pages. If count * size overflows, an allocation fails as if out of memory. */
#ifndef CD_CORE_MEMORY_H
#define CD_CORE_MEMORY_H

#include "core/context.h"

/* Allocates a zeroed block of count * size bytes. Returns NULL if out of memory; the caller then
 * records the error (cd_error_memory). The result is not NULL if count or size is 0. */
void *cd_alloc(cnn_context_t *context, size_t count, size_t size);

/* Like cd_alloc, but does not zero the block. */
void *cd_alloc_unset(cnn_context_t *context, size_t count, size_t size);

/* Frees a block. block may be NULL. */
void cd_free(cnn_context_t *context, void *block);

/* Grows an array so that it has room for at least `need` elements of size bytes. array points to
 * the array's pointer, and *capacity is the number of elements it has room for. Both are updated.
 * The array grows by at least half its size, and new elements are zeroed. On failure the array is
 * unchanged. Errors: MEMORY. */
cnn_status_t cd_reserve(cnn_context_t *context, void *array, size_t *capacity, size_t need,
                        size_t size);

/* Returns a copy of text, which the caller frees by cd_free. Returns NULL if text is NULL or if out
 * of memory. */
char *cd_strdup(cnn_context_t *context, const char *text);

#endif
