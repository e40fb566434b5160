/* SPDX-License-Identifier: MIT
 *
 * Conversion of libjpeg's errors and warnings to statuses and texts. By default libjpeg writes them
 * to stderr and ends the process on an error. It reports an error by a callback that must not
 * return. The callback here therefore calls longjmp to return to the caller's
 * setjmp(errors.escape). The function that calls setjmp must not change local variables after the
 * call, because their values would be undefined after the jump. */
#ifndef CD_IMAGE_JPEG_ERRORS_H
#define CD_IMAGE_JPEG_ERRORS_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "core/error.h"

struct cd_jpeg_errors {
    struct jpeg_error_mgr base; /* first member: a pointer to it can be cast to the struct */
    jmp_buf escape;
    cnn_status_t status;        /* MEMORY or IMAGE, or the status given to cd_jpeg_errors_escape */
    char text[JMSG_LENGTH_MAX]; /* text of the error, or of the first warning if there is none */
};

/* Initialises *errors. Returns the pointer to store in the `err` field of a libjpeg compressor or
 * decompressor. */
struct jpeg_error_mgr *cd_jpeg_errors_init(struct cd_jpeg_errors *errors);

/* Reports an error from inside a libjpeg callback: stores status and text, then jumps to the
 * caller's setjmp. */
_Noreturn void cd_jpeg_errors_escape(struct cd_jpeg_errors *errors, cnn_status_t status,
                                     const char *text);

#endif
