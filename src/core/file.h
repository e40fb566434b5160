/* SPDX-License-Identifier: MIT
 *
 * Reading files. */
#ifndef CD_CORE_FILE_H
#define CD_CORE_FILE_H

#include <stdio.h>

#include "core/context.h"

/* Writes the operating system's message for an errno value (`code`) to text and returns text.
 * Thread-safe, unlike strerror. */
const char *cd_file_reason(int code, char *text, size_t size);

/* Records the message "path: what: reason" and returns CNN_ERROR_IO. The reason is the operating
 * system's message for the errno value `code`. */
cnn_status_t cd_file_error(const char *path, const char *what, int code);

/* Reads a whole regular file into *data, which the caller frees by cd_free. too_large: the status
 * to return if the file has more than max_bytes bytes. Errors: MEMORY, IO, too_large. */
cnn_status_t cd_file_read(cnn_context_t *context, const char *path, uint64_t max_bytes,
                          cnn_status_t too_large, uint8_t **data, size_t *size);

/* Opens a regular file for reading and stores its length in bytes in *size. The caller closes
 * *stream by fclose. Errors: IO. */
cnn_status_t cd_file_open(const char *path, FILE **stream, uint64_t *size);

/* Returns 1 if path is a regular file that can be read to its end. Reads the whole file. */
int cd_file_readable(const char *path);

#endif
