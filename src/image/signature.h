/* SPDX-License-Identifier: MIT
 *
 * What a file is, from its first bytes: so that a photo which is no JPEG can be told what it is. */
#ifndef CD_IMAGE_SIGNATURE_H
#define CD_IMAGE_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

/* As many bytes as the longest look takes. */
enum { CD_SIGNATURE_BYTES = 64 };

/* 1 if the bytes begin as a JPEG does, or are too few to tell but agree so far. */
int cd_signature_is_jpeg(const uint8_t *bytes, size_t size);

/* "a PNG image", "an HTML page", ...; "an unknown kind of file" if nothing fits. size > 0. */
const char *cd_signature_name(const uint8_t *bytes, size_t size);

#endif
