/* SPDX-License-Identifier: MIT
 *
 * Reading an image of any format that the library knows. Whatever depends on the set of formats is
 * answered here. */
#ifndef CD_IMAGE_READERS_H
#define CD_IMAGE_READERS_H

#include "image/reader.h"

/* An image whose file's bytes are in memory. limits: complete. Nothing is copied. */
struct cd_image_source cd_image_in_memory(cnn_context_t *context, const void *bytes, size_t size,
                                          const cnn_image_options_t *limits);

/* Decodes an image and hands its rows to the sink. source: bytes and limits are set. info: zeroed
 * by the caller, and filled as far as the decoder gets, also on failure; NULL: warnings of the
 * decoder are logged instead. Errors: MEMORY, IMAGE, and the errors of the sink. */
cnn_status_t cd_image_read(const struct cd_image_source *source, struct cd_row_sink *sink,
                           struct cd_image_info *info);

/* Reads the header of a file, and no more of the file than that needs. info: zeroed by the caller.
 * Errors: MEMORY, IO, IMAGE. */
cnn_status_t cd_image_read_info(cnn_context_t *context, const char *path,
                                struct cd_image_info *info);

/* 1 if a file's name ends in an extension of one of the formats, in any ASCII case. */
int cd_image_has_extension(const char *name);

/* All extensions, for messages: ".jpg, .jpeg". Returns text. */
enum { CD_IMAGE_EXTENSIONS_SIZE = 64 };
const char *cd_image_extensions(char text[CD_IMAGE_EXTENSIONS_SIZE]);

/* Adds to a hash which decoders run. */
uint64_t cd_image_hash_decoders(uint64_t hash);

#endif
