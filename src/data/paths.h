/* SPDX-License-Identifier: MIT
 *
 * The paths of a folder's photos, in large blocks that never move. The scan, the dataset and all
 * datasets split from it share them, and the map of their cache file. */
#ifndef CD_DATA_PATHS_H
#define CD_DATA_PATHS_H

#include "core/context.h"

struct cd_paths_block;
struct cd_pixels;

struct cd_paths {
    cnn_context_t *context; /* kept alive by the users */
    atomic_size_t users;
    struct cd_paths_block *blocks; /* the newest first */
    size_t folder_length;          /* length of the folder, with which every path begins */
    /* The paths of all samples when the folder was opened, by the number of the sample. */
    const char **files;
    size_t count;
    /* The first cache file of these photos that was mapped; NULL: none yet. It is never replaced,
     * so any thread may take a reference. */
    _Atomic(struct cd_pixels *) mapped;
};

/* Makes a list with one user. Errors: MEMORY. */
cnn_status_t cd_paths_create(cnn_context_t *context, const char *folder, struct cd_paths **paths);

/* Adds and removes a user; the last one frees the list. NULL is accepted. */
struct cd_paths *cd_paths_ref(struct cd_paths *paths);
void cd_paths_unref(struct cd_paths *paths);

/* Adds the path folder/name and returns it; NULL without memory. */
const char *cd_paths_join(struct cd_paths *paths, const char *folder, const char *name);

#endif
