/* SPDX-License-Identifier: MIT
 *
 * libjpeg's faults and warnings as statuses and log lines; left to itself it would end the process
 * and write to stderr. It reports a fault by a callback that must not return; this one jumps to
 * where setjmp(errors.escape) was called. That function must keep nothing in local variables that
 * it changes after setjmp. */
#ifndef CD_IMAGE_JPEG_ERRORS_H
#define CD_IMAGE_JPEG_ERRORS_H

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "core/error.h"

struct cd_jpeg_errors {
    struct jpeg_error_mgr base; /* first, so that libjpeg's pointer to it is one to us */
    jmp_buf escape;
    cnn_status_t status;         /* once a fault came: MEMORY, IMAGE, or what was told */
    char text[JMSG_LENGTH_MAX];  /* of the fault, until then of the first warning */
};

/* For the err field of a (de)compressor. */
struct jpeg_error_mgr *cd_jpeg_errors_init(struct cd_jpeg_errors *errors);

/* Leaves libjpeg from a callback of ours. */
_Noreturn void cd_jpeg_errors_escape(struct cd_jpeg_errors *errors, cnn_status_t status,
                                     const char *text);

#endif
