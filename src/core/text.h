/* SPDX-License-Identifier: MIT
 *
 * A text that grows as it is written, and ASCII letters. */
#ifndef CD_CORE_TEXT_H
#define CD_CORE_TEXT_H

#include "core/context.h"

/* Begins as {.context = context}. A failed append sets failed, and later ones do nothing, so that a
 * series of appends can be checked once at its end. */
struct cd_text {
    cnn_context_t *context;
    char *bytes; /* ended by NUL; NULL before the first append */
    size_t length; /* bytes, without the NUL */
    size_t capacity;
    int failed;
};

/* Appends a formatted text. */
void cd_text_append(struct cd_text *text, const char *format, ...) CD_PRINTF(2, 3);

/* Frees the bytes and zeroes the struct. */
void cd_text_free(struct cd_text *text);

/* The small letter of an ASCII capital, else c. tolower would follow the locale of the program. */
static inline char cd_text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

#endif
