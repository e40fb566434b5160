/* SPDX-License-Identifier: MIT
 *
 * Recognises files that no reader supports by their first bytes, for error messages. */
#ifndef CD_IMAGE_SIGNATURE_H
#define CD_IMAGE_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

/* The most bytes that are examined. */
enum { CD_SIGNATURE_BYTES = 64 };

/* "a PNG image", "an HTML page", ...; "an unknown kind of file" if nothing matches. size > 0. */
const char *cd_signature_name(const uint8_t *bytes, size_t size);

#endif
