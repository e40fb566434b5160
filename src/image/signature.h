/* SPDX-License-Identifier: MIT
 *
 * Names for unsupported files in error messages, derived from a file's first bytes. */
#ifndef CD_IMAGE_SIGNATURE_H
#define CD_IMAGE_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

/* The maximum number of bytes that are examined. */
enum { CD_SIGNATURE_BYTES = 64 };

/* Returns a name such as "a PNG image" or "an HTML page", or "an unknown kind of file" if nothing
 * matches. size > 0. */
const char *cd_signature_name(const uint8_t *bytes, size_t size);

#endif
