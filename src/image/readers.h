/* SPDX-License-Identifier: MIT
 *
 * Reading an image of any supported format. All code that depends on the set of formats is here. */
#ifndef CD_IMAGE_READERS_H
#define CD_IMAGE_READERS_H

#include "image/reader.h"

/* Returns a source for an image file whose contents are in memory. bytes and limits must outlive
 * the source. limits: complete. */
struct cd_image_source cd_image_in_memory(cnn_context_t *context, const void *bytes, size_t size,
                                          const cnn_image_options_t *limits);

/* Decodes an image and passes its rows to the sink. source: bytes and limits must be set. info:
 * zeroed by the caller; on failure it has the fields that are already known. If info is NULL, the
 * decoder's warnings are logged instead. Errors: MEMORY, IMAGE, and the errors of the sink. */
cnn_status_t cd_image_read(const struct cd_image_source *source, struct cd_row_sink *sink,
                           struct cd_image_info *info);

/* Reads the header of an image file, but not its pixels. info: zeroed by the caller. Errors:
 * MEMORY, IO, IMAGE. */
cnn_status_t cd_image_read_info(cnn_context_t *context, const char *path,
                                struct cd_image_info *info);

/* Returns 1 if a file name ends in an extension of a supported format. ASCII case is ignored. */
int cd_image_has_extension(const char *name);

/* Writes all extensions to text, such as ".jpg, .jpeg", and returns text. */
enum { CD_IMAGE_EXTENSIONS_SIZE = 64 };
const char *cd_image_extensions(char text[CD_IMAGE_EXTENSIONS_SIZE]);

/* Returns hash continued with the versions of all decoders. */
uint64_t cd_image_hash_decoders(uint64_t hash);

#endif
