/* SPDX-License-Identifier: MIT
 *
 * An image format, as the rest of the library sees it: one row of the table in readers.c. */
#ifndef CD_IMAGE_READER_H
#define CD_IMAGE_READER_H

#include <stdio.h>

#include "core/context.h"
#include "image/image_info.h"
#include "image/row_sink.h"

/* Where an image's bytes come from. */
struct cd_image_source {
    cnn_context_t *context;
    const char *name;                  /* what messages call the image */
    const uint8_t *bytes;              /* size bytes; NULL: they come from the stream */
    size_t size;
    FILE *stream;                      /* read_info: the source if bytes is NULL */
    const cnn_image_options_t *limits; /* limits with all defaults; NULL for read_info */
};

/* The functions may be called from several threads at once. Their messages begin with the source's
 * name. */
struct cd_image_reader {
    const char *name;              /* name of the format in messages: "JPEG" */
    const char *const *extensions; /* extensions of file names (".jpg"), ended by NULL */

    /* 1 if the bytes begin with the signature of this format, or if there are fewer bytes and they
     * agree with its beginning. size > 0. */
    int (*matches)(const uint8_t *bytes, size_t size);

    /* Reads the header and nothing behind it. info: zeroed by the caller. Errors: MEMORY, IMAGE. */
    cnn_status_t (*read_info)(const struct cd_image_source *source, struct cd_image_info *info);

    /* Decodes the whole image, fills info (zeroed by the caller), and hands the part that the sink
     * asks for to the sink. A file that is damaged or cut short outside the part is refused, too.
     * Calls cd_reader_start after the header, which checks the limits. Errors: MEMORY, IMAGE, and
     * the errors of the sink. */
    cnn_status_t (*read_rows)(const struct cd_image_source *source, struct cd_row_sink *sink,
                              struct cd_image_info *info);

    /* Adds to a hash which decoder runs: two decoders that may give different pixels must give
     * different hashes. */
    uint64_t (*hash_decoder)(uint64_t hash);
};

/* Refuses an image over the limit of pixels, then asks the sink for its part. info: filled except
 * for the warnings. scales: as cd_image_header has them. Errors: IMAGE, and the errors of the
 * sink. */
cnn_status_t cd_reader_start(struct cd_row_sink *sink, const struct cd_image_source *source,
                             const struct cd_image_info *info, const unsigned *scales,
                             struct cd_image_part *part);

#endif
