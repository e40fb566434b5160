/* SPDX-License-Identifier: MIT
 *
 * What a file is, from its first bytes: so that a photo which is no JPEG can be told what it is. */
#ifndef CD_IMAGE_SIGNATURE_H
#define CD_IMAGE_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

/* As many bytes as the longest look takes. */
enum { CD_SIGNATURE_BYTES = 64 };

/* "a PNG image", "an HTML page", ...; "an unknown kind of file" if nothing fits. size > 0. */
const char *cd_signature_name(const uint8_t *bytes, size_t size);

#endif
