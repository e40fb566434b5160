/* SPDX-License-Identifier: MIT
 *
 * The paths of a folder's photos: texts in large blocks, which stay where they are, shared by the
 * scan, the data set and the parts that it is split into; and the cache file that the parts
 * share. */
#ifndef CD_DATA_PATHS_H
#define CD_DATA_PATHS_H

#include "core/context.h"

struct cd_paths_block;
struct cd_pixels;

struct cd_paths {
    cnn_context_t *context; /* lives as long as whoever points here */
    atomic_size_t users;
    struct cd_paths_block *blocks; /* the latest first */
    size_t folder_length;          /* of the scanned folder, with which every path begins */
    /* The samples' paths as the folder was opened, in their order; a sample knows its number. */
    const char **files;
    size_t count;
    /* The first cache file of these photos that was mapped, so that the parts of a split map it
     * once; NULL: none yet. It stays, so any thread may take a reference. */
    _Atomic(struct cd_pixels *) mapped;
};

/* users is 1. Errors: MEMORY. */
cnn_status_t cd_paths_create(cnn_context_t *context, const char *folder, struct cd_paths **paths);

/* One user more, one less; NULL is fine. */
struct cd_paths *cd_paths_ref(struct cd_paths *paths);
void cd_paths_unref(struct cd_paths *paths);

/* folder/name, or NULL without memory. */
const char *cd_paths_join(struct cd_paths *paths, const char *folder, const char *name);

#endif
