/* SPDX-License-Identifier: MIT
 *
 * Reading files. */
#ifndef CD_CORE_FILE_H
#define CD_CORE_FILE_H

#include <stdio.h>

#include "core/context.h"

/* Writes the system's text for an errno into text, and returns text. Any thread may call it. */
const char *cd_file_reason(int code, char *text, size_t size);

/* Records "path: what: reason", with the reason of an errno, and returns CNN_ERROR_IO. */
cnn_status_t cd_file_error(const char *path, const char *what, int code);

/* Reads a whole regular file into *data (cd_free). too_large: the status for a file over max_bytes.
 * Errors: MEMORY, IO, too_large. */
cnn_status_t cd_file_read(cnn_context_t *context, const char *path, uint64_t max_bytes,
                          cnn_status_t too_large, uint8_t **data, size_t *size);

/* Opens a regular file for reading. *size: its length in bytes. *stream: fclose. Errors: IO. */
cnn_status_t cd_file_open(const char *path, FILE **stream, uint64_t *size);

/* Reads a whole file and returns 1 if it is a regular file and reading succeeds. */
int cd_file_readable(const char *path);

#endif
