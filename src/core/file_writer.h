/* SPDX-License-Identifier: MIT
 *
 * Atomic replacement of a file: the new contents are written to a temporary file in the same
 * folder, which is renamed to the file's name when it is complete. */
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

/* Creates the temporary file. If path exists, it must be a regular file, and the new file gets its
 * permissions. If path is a symbolic link, its target is replaced. On failure *writer is zeroed.
 * Errors: MEMORY, IO. */
cnn_status_t cd_file_writer_open(cnn_context_t *context, const char *path,
                                 struct cd_file_writer *writer);

/* If one of the next three functions fails, the writer stays open, and the caller must call
 * cd_file_writer_discard. Errors: IO. */

/* Appends size bytes. */
cnn_status_t cd_file_writer_write(struct cd_file_writer *writer, const void *data, size_t size);

/* Overwrites the first size bytes. */
cnn_status_t cd_file_writer_rewrite(struct cd_file_writer *writer, const void *data, size_t size);

/* Maps the bytes written so far. The mapping stays valid after the commit, and after the file is
 * replaced again. */
cnn_status_t cd_file_writer_map(struct cd_file_writer *writer, struct cd_file_map *map);

/* Syncs the temporary file to disk (fsync), renames it to the file's name, and releases the writer.
 * On failure the old file is unchanged, the temporary file is removed, and the writer is released
 * too. Errors: IO. */
cnn_status_t cd_file_writer_commit(struct cd_file_writer *writer);

/* Removes the temporary file and releases the writer. Does nothing if the writer is zeroed or
 * released. */
void cd_file_writer_discard(struct cd_file_writer *writer);

#endif
