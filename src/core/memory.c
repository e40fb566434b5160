/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE /* madvise */
#include "core/memory.h"

#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

/* Blocks of LARGE bytes and more are aligned to the usual size of a huge page. A training step
 * accesses hundreds of megabytes; huge pages reduce its page faults and TLB misses. */
enum { ALIGNMENT = 64, HUGE_PAGE = 2 << 20, LARGE = 2 * HUGE_PAGE };

/* Returns the place, directly before the aligned block, that stores the pointer from the allocator:
 * [raw: unused bytes | pointer to raw | block]. */
static void **raw_of(void *block)
{
    return (void **)block - 1;
}

/* Asks for huge pages for the part of a large block that covers whole huge pages. Does nothing if
 * the memory comes from the caller's allocator. */
static void advise(const cnn_context_t *context, void *block, size_t size)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (context->uses_malloc && size >= LARGE)
        (void)madvise(block, size / HUGE_PAGE * HUGE_PAGE, MADV_HUGEPAGE); /* only a hint */
#else
    (void)context;
    (void)block;
    (void)size;
#endif
}

/* Uses calloc for zeroed blocks if malloc is the allocator: calloc does not write to pages that
 * come fresh from the operating system, because they are zero. */
static void *allocate_raw(cnn_context_t *context, size_t size, int zeroed)
{
    return zeroed && context->uses_malloc ? calloc(1, size)
                                          : context->allocate(size, context->allocator_user);
}

static void *allocate(cnn_context_t *context, size_t count, size_t size, int zeroed)
{
    const size_t most = SIZE_MAX - sizeof(void *) - HUGE_PAGE;
    if (size != 0 && count > most / size)
        return NULL;
    const size_t bytes = count * size, alignment = bytes < LARGE ? ALIGNMENT : HUGE_PAGE;
    void *raw = allocate_raw(context, bytes + sizeof(void *) + alignment - 1, zeroed);
    if (!raw)
        return NULL;
    uintptr_t first = (uintptr_t)raw + sizeof(void *);
    size_t shift = (alignment - first % alignment) % alignment;
    void *block = (unsigned char *)raw + sizeof(void *) + shift;
    *raw_of(block) = raw;
    advise(context, block, bytes);
    if (zeroed && !context->uses_malloc)
        memset(block, 0, bytes);
    return block;
}

void *cd_alloc_unset(cnn_context_t *context, size_t count, size_t size)
{
    return allocate(context, count, size, 0);
}

void *cd_alloc(cnn_context_t *context, size_t count, size_t size)
{
    return allocate(context, count, size, 1);
}

void cd_free(cnn_context_t *context, void *block)
{
    if (block)
        context->release(*raw_of(block), context->allocator_user);
}

cnn_status_t cd_reserve(cnn_context_t *context, void *array, size_t *capacity, size_t need,
                        size_t size)
{
    void *old, *grown;
    size_t wanted = *capacity + *capacity / 2;

    if (need <= *capacity)
        return CNN_OK;
    if (wanted < need)
        wanted = need;
    if (wanted < 8)
        wanted = 8;
    grown = cd_alloc(context, wanted, size);
    if (!grown)
        return cd_error_memory();
    memcpy(&old, array, sizeof old); /* array points to a pointer of any object type */
    if (old)
        memcpy(grown, old, *capacity * size);
    cd_free(context, old);
    memcpy(array, &grown, sizeof grown);
    *capacity = wanted;
    return CNN_OK;
}

char *cd_strdup(cnn_context_t *context, const char *text)
{
    if (!text)
        return NULL;
    size_t size = strlen(text) + 1;
    char *copy = cd_alloc_unset(context, size, 1);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}
