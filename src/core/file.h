/* SPDX-License-Identifier: MIT
 *
 * Files: reading one whole, and replacing one atomically. */
#ifndef CD_CORE_FILE_H
#define CD_CORE_FILE_H

#include <stdio.h>

#include "core/file_map.h"

/* What an errno says, written into text; any thread. Returns text. */
const char *cd_file_reason(int code, char *text, size_t size);

/* Reads a regular file of at most max_bytes into *data (cd_free). too_large is the
 * status for a file over the limit. Errors: MEMORY, IO, too_large. */
cnn_status_t cd_file_read(cnn_context_t *context, const char *path, uint64_t max_bytes,
                          cnn_status_t too_large, uint8_t **data, size_t *size);

/* Opens a regular file for reading, for those who need only its beginning; *size is its length.
 * Errors: IO. */
cnn_status_t cd_file_open(const char *path, FILE **stream, uint64_t *size);

/* 1 if a regular file can be read from front to back now; reads it. */
int cd_file_readable(const char *path);

/* A file that is being replaced: bytes go to a temporary file in the same folder. */
struct cd_file_writer {
    cnn_context_t *context;
    char *path;
    char *temporary;
    FILE *stream;
};

/* Refuses to replace anything but a regular file, whose permissions the new one has. Behind a
 * symbolic link its target is replaced. On failure the writer holds nothing. */
cnn_status_t cd_file_writer_open(cnn_context_t *context, const char *path,
                                 struct cd_file_writer *writer);

/* After an error the caller still has to discard. */
cnn_status_t cd_file_writer_write(struct cd_file_writer *writer, const void *data, size_t size);

/* Writes once more what stands at the file's beginning. After an error the caller still has to
 * discard. */
cnn_status_t cd_file_writer_rewrite(struct cd_file_writer *writer, const void *data, size_t size);

/* Maps what was written so far; the map is of this file whatever takes its name later. After an
 * error the caller still has to discard. Errors: IO. */
cnn_status_t cd_file_writer_map(struct cd_file_writer *writer, struct cd_file_map *map);

/* fsync, rename over the old file, fsync of the folder. Releases the writer whatever happens; on
 * failure the temporary file is gone and the old file as it was. */
cnn_status_t cd_file_writer_commit(struct cd_file_writer *writer);

/* Removes the temporary file and releases the writer. */
void cd_file_writer_discard(struct cd_file_writer *writer);

#endif
