/* SPDX-License-Identifier: MIT */
#include "core/memory.h"

#include <string.h>

enum { ALIGNMENT = 64 };

/* A block: [raw ... | pointer to raw | aligned bytes handed out ...]. */
static void **raw_of(void *block)
{
    return (void **)block - 1;
}

void *cd_alloc_unset(cnn_context_t *context, size_t count, size_t size)
{
    const size_t extra = sizeof(void *) + ALIGNMENT - 1;
    if (size != 0 && count > (SIZE_MAX - extra) / size)
        return NULL;
    void *raw = context->allocate(count * size + extra, context->allocator_user);
    if (!raw)
        return NULL;
    uintptr_t first = (uintptr_t)raw + sizeof(void *);
    size_t shift = (ALIGNMENT - first % ALIGNMENT) % ALIGNMENT;
    void *block = (unsigned char *)raw + sizeof(void *) + shift;
    *raw_of(block) = raw;
    return block;
}

void *cd_alloc(cnn_context_t *context, size_t count, size_t size)
{
    void *block = cd_alloc_unset(context, count, size);
    if (block)
        memset(block, 0, count * size);
    return block;
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
        return cd_error_memory(context);
    memcpy(&old, array, sizeof old); /* array is a pointer to any kind of object pointer */
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
