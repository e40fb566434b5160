/* SPDX-License-Identifier: MIT */
#include "data/paths.h"

#include <string.h>

#include "core/memory.h"
#include "core/size.h"
#include "data/pixels.h"

enum { BLOCK_SIZE = 64 << 10 };

struct cd_paths_block {
    struct cd_paths_block *next;
    size_t used, size;
    char text[];
};

cnn_status_t cd_paths_create(cnn_context_t *context, const char *folder, struct cd_paths **out)
{
    struct cd_paths *paths = cd_alloc(context, 1, sizeof *paths);

    *out = paths;
    if (!paths)
        return cd_error_memory();
    paths->context = context;
    paths->folder_length = strlen(folder);
    atomic_init(&paths->users, 1);
    atomic_init(&paths->mapped, NULL);
    return CNN_OK;
}

struct cd_paths *cd_paths_ref(struct cd_paths *paths)
{
    if (paths)
        atomic_fetch_add_explicit(&paths->users, 1, memory_order_relaxed);
    return paths;
}

void cd_paths_unref(struct cd_paths *paths)
{
    if (!paths || atomic_fetch_sub_explicit(&paths->users, 1, memory_order_acq_rel) != 1)
        return;
    while (paths->blocks) {
        struct cd_paths_block *next = paths->blocks->next;
        cd_free(paths->context, paths->blocks);
        paths->blocks = next;
    }
    cd_pixels_unref(atomic_load_explicit(&paths->mapped, memory_order_acquire));
    cd_free(paths->context, paths->files);
    cd_free(paths->context, paths);
}

/* Returns memory for `size` bytes in the newest block or in a new one, or NULL if out of memory. */
static char *take(struct cd_paths *paths, size_t size)
{
    struct cd_paths_block *block = paths->blocks;

    if (!block || block->size - block->used < size) {
        const size_t wanted = size < BLOCK_SIZE ? BLOCK_SIZE : size;
        block = cd_alloc_unset(paths->context, cd_sum(sizeof *block, wanted), 1);
        if (!block)
            return NULL;
        block->next = paths->blocks;
        block->used = 0;
        block->size = wanted;
        paths->blocks = block;
    }
    char *text = block->text + block->used;
    block->used += size;
    return text;
}

const char *cd_paths_join(struct cd_paths *paths, const char *folder, const char *name)
{
    const size_t length = strlen(folder), more = strlen(name) + 1;
    const size_t slash = length > 0 && folder[length - 1] != '/';
    char *path = take(paths, length + slash + more);

    if (!path)
        return NULL;
    memcpy(path, folder, length);
    path[length] = '/';
    memcpy(path + length + slash, name, more);
    return path;
}
