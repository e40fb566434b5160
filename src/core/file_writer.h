/* SPDX-License-Identifier: MIT
 *
 * Replacing a file atomically: its new contents go to a temporary file in the same folder, which
 * takes the file's name when it is complete. */
#ifndef CD_CORE_FILE_WRITER_H
#define CD_CORE_FILE_WRITER_H

#include <stdio.h>

#include "core/file_map.h"

struct cd_file_writer {
    cnn_context_t *context;
    char *path;
    char *temporary;
    FILE *stream;
};

/* Begins the new contents of a file. Only a regular file is replaced; the new file takes its
 * permissions. If path is a symbolic link, its target is replaced. On failure the writer holds
 * nothing. Errors: MEMORY, IO. */
cnn_status_t cd_file_writer_open(cnn_context_t *context, const char *path,
                                 struct cd_file_writer *writer);

/* The next three leave a failed writer open: the caller still has to discard it. Errors: IO. */

/* Appends size bytes. */
cnn_status_t cd_file_writer_write(struct cd_file_writer *writer, const void *data, size_t size);

/* Overwrites the first size bytes. */
cnn_status_t cd_file_writer_rewrite(struct cd_file_writer *writer, const void *data, size_t size);

/* Maps what has been written. The map stays valid whatever file takes the name later. */
cnn_status_t cd_file_writer_map(struct cd_file_writer *writer, struct cd_file_map *map);

/* Gives the new file its name, on disk as well (fsync). Releases the writer in any case. On failure
 * the old file is as it was and the temporary one is removed. Errors: IO. */
cnn_status_t cd_file_writer_commit(struct cd_file_writer *writer);

/* Removes the temporary file and releases the writer. Accepts a zeroed or released one. */
void cd_file_writer_discard(struct cd_file_writer *writer);

#endif
