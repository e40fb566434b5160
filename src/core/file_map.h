/* SPDX-License-Identifier: MIT
 *
 * Memory-mapped files: read-only, shared by all processes that map the same file, and read from
 * disk on first access.
 *
 * A process that reads behind the end of a file that was shortened meanwhile is killed (SIGBUS).
 * cd_file_writer never shortens a file: it replaces the file, and a map of the old one stays
 * valid. */
#ifndef CD_CORE_FILE_MAP_H
#define CD_CORE_FILE_MAP_H

#include <sys/types.h>

#include "core/context.h"

struct cd_file_map {
    const uint8_t *bytes; /* NULL: no file is mapped */
    size_t size;
    dev_t device; /* device and inode identify the file, whatever its name */
    ino_t inode;
};

/* Maps a regular file that is not empty. On failure *map is zeroed. Errors: IO. */
cnn_status_t cd_file_map(const char *path, struct cd_file_map *map);

/* 1 if path names the mapped file. */
int cd_file_map_is_of(const struct cd_file_map *map, const char *path);

/* Unmaps a file. map may be all zero. */
void cd_file_unmap(struct cd_file_map *map);

#endif
