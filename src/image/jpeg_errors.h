/* SPDX-License-Identifier: MIT
 *
 * libjpeg's faults and warnings as statuses and texts. By default libjpeg would end the process and
 * write to stderr. It reports a fault by a callback that must not return; ours jumps to the call of
 * setjmp(errors.escape). The function with that call must not change local variables after it. */
#ifndef CD_IMAGE_JPEG_ERRORS_H
#define CD_IMAGE_JPEG_ERRORS_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "core/error.h"

struct cd_jpeg_errors {
    struct jpeg_error_mgr base; /* first: libjpeg's pointer to it is a pointer to the whole */
    jmp_buf escape;
    cnn_status_t status;        /* status of a fault: MEMORY, IMAGE, or the caller's */
    char text[JMSG_LENGTH_MAX]; /* text of the fault, or of the first warning before it */
};

/* Returns the pointer for the err field of a compressor or decompressor. */
struct jpeg_error_mgr *cd_jpeg_errors_init(struct cd_jpeg_errors *errors);

/* Leaves libjpeg from inside a callback. */
_Noreturn void cd_jpeg_errors_escape(struct cd_jpeg_errors *errors, cnn_status_t status,
                                     const char *text);

#endif
