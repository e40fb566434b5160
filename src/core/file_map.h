/* SPDX-License-Identifier: MIT
 *
 * A file's bytes as memory: read-only, shared with every process that has the same file mapped, and
 * read from the disk when they are first looked at.
 *
 * Whoever shortens a mapped file in place ends the processes that look behind its new end. Files
 * replaced by cd_file_writer are not shortened: the old one stays for those who have it. */
#ifndef CD_CORE_FILE_MAP_H
#define CD_CORE_FILE_MAP_H

#include <sys/types.h>

#include "core/context.h"

struct cd_file_map {
    const uint8_t *bytes; /* NULL: none */
    size_t size;
    dev_t device; /* these two tell files apart, whatever they are called */
    ino_t inode;
};

/* Maps a regular file that is not empty. Errors: IO. */
cnn_status_t cd_file_map(const char *path, struct cd_file_map *map);

/* 1 if path names the file that is mapped. */
int cd_file_map_is_of(const struct cd_file_map *map, const char *path);

/* Copes with a zeroed one. */
void cd_file_unmap(struct cd_file_map *map);

#endif
