/* SPDX-License-Identifier: MIT
 *
 * Read-only memory mapping of files. All processes that map a file share its memory, and its bytes
 * are read from disk on first access.
 *
 * If a mapped file is truncated, an access to the missing bytes raises SIGBUS. cd_file_writer never
 * truncates a file: it replaces the file, and a mapping of the old file stays valid. */
#ifndef CD_CORE_FILE_MAP_H
#define CD_CORE_FILE_MAP_H

#include <sys/types.h>

#include "core/context.h"

struct cd_file_map {
    const uint8_t *bytes; /* contents of the file, or NULL if none is mapped */
    size_t size;
    dev_t device; /* identifies the file, together with inode, independent of its name */
    ino_t inode;
};

/* Maps a regular file. An empty file is an error. On failure *map is zeroed. Errors: IO. */
cnn_status_t cd_file_map(const char *path, struct cd_file_map *map);

/* Returns 1 if path refers to the mapped file. */
int cd_file_map_is_of(const struct cd_file_map *map, const char *path);

/* Unmaps the file and zeroes *map. Does nothing if *map is zeroed. */
void cd_file_unmap(struct cd_file_map *map);

#endif
