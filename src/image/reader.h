/* SPDX-License-Identifier: MIT
 *
 * The interface of a reader, which decodes one image format. readers.c has the table of readers. */
#ifndef CD_IMAGE_READER_H
#define CD_IMAGE_READER_H

#include <stdio.h>

#include "core/context.h"
#include "image/image_info.h"
#include "image/row_sink.h"

/* The input of a reader. */
struct cd_image_source {
    cnn_context_t *context;
    const char *name;                  /* name of the image in messages */
    const uint8_t *bytes;              /* the file's contents, or NULL to read from stream */
    size_t size;                       /* number of bytes */
    FILE *stream;                      /* the open file if bytes is NULL; only for read_info */
    const cnn_image_options_t *limits; /* complete limits; NULL for read_info */
};

/* The functions are thread-safe. Their error messages begin with the source's name. */
struct cd_image_reader {
    const char *name;              /* name of the format in messages: "JPEG" */
    const char *const *extensions; /* file name extensions such as ".jpg", ended by NULL */

    /* Returns 1 if the bytes begin with the signature of this format, or if they are shorter than
     * the signature and equal its beginning. size > 0. */
    int (*matches)(const uint8_t *bytes, size_t size);

    /* Reads the header only. info: zeroed by the caller. Errors: MEMORY, IMAGE. */
    cnn_status_t (*read_info)(const struct cd_image_source *source, struct cd_image_info *info);

    /* Decodes an image and passes the rows of the part that the sink wants to the sink. Data
     * outside the part is parsed as well, so that damage or truncation there is also an error. The
     * function must call cd_reader_start, which checks the limits, after it has read the header.
     * info: zeroed by the caller. Errors: MEMORY, IMAGE, and the errors of the sink. */
    cnn_status_t (*read_rows)(const struct cd_image_source *source, struct cd_row_sink *sink,
                              struct cd_image_info *info);

    /* Returns hash continued with the version of the decoder. Decoders that may give different
     * pixels must give different hashes. */
    uint64_t (*hash_decoder)(uint64_t hash);
};

/* Fails if the image has more pixels than the limit, then calls sink->start, which chooses *part.
 * info: complete except for the warnings. scales: as in struct cd_image_header. Errors: IMAGE, and
 * the errors of the sink. */
cnn_status_t cd_reader_start(struct cd_row_sink *sink, const struct cd_image_source *source,
                             const struct cd_image_info *info, const unsigned *scales,
                             struct cd_image_part *part);

#endif
