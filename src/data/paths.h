/* SPDX-License-Identifier: MIT
 *
 * The paths of a folder's photos, stored in large blocks that never move. The scan, the dataset and
 * all datasets split from it share the paths and the mapping of their cache file. */
#ifndef CD_DATA_PATHS_H
#define CD_DATA_PATHS_H

#include "core/context.h"

struct cd_paths_block;
struct cd_pixels;

struct cd_paths {
    cnn_context_t *context; /* without a reference of its own: the users keep the context alive */
    atomic_size_t users;    /* reference count */
    struct cd_paths_block *blocks; /* linked list, newest block first */
    size_t folder_length;          /* length of the folder's path, with which every path begins */
    /* The paths of the `count` photos that became samples when the folder was opened. The index of
     * a path is the number of its sample. */
    const char **files;
    size_t count;
    /* The cache file of these photos that was mapped first, or NULL if none has been mapped. It is
     * never replaced, so any thread may take a reference. */
    _Atomic(struct cd_pixels *) mapped;
};

/* Creates an empty list of paths with one reference. Errors: MEMORY. */
cnn_status_t cd_paths_create(cnn_context_t *context, const char *folder, struct cd_paths **paths);

/* Adds or removes a reference. Removing the last one frees the list. paths may be NULL. */
struct cd_paths *cd_paths_ref(struct cd_paths *paths);
void cd_paths_unref(struct cd_paths *paths);

/* Adds the path folder/name. Returns it, owned by paths, or NULL if out of memory. */
const char *cd_paths_join(struct cd_paths *paths, const char *folder, const char *name);

#endif
