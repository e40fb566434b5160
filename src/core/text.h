/* SPDX-License-Identifier: MIT
 *
 * A growing string buffer, and ASCII case conversion. */
#ifndef CD_CORE_TEXT_H
#define CD_CORE_TEXT_H

#include "core/context.h"

/* A growing string, initialised by {.context = context}. If an append is out of memory, it sets
 * `failed`, and later appends do nothing. The caller can thus check `failed` once, at the end. */
struct cd_text {
    cnn_context_t *context;
    char *bytes; /* NUL-terminated string, or NULL before the first append */
    size_t length; /* length in bytes, without the NUL */
    size_t capacity;
    int failed;
};

/* Appends a text, formatted as by printf. */
void cd_text_append(struct cd_text *text, const char *format, ...) CD_PRINTF(2, 3);

/* Frees the bytes and zeroes the struct. */
void cd_text_free(struct cd_text *text);

/* Converts an ASCII capital to lower case and returns other characters unchanged. tolower() would
 * depend on the locale. */
static inline char cd_text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

#endif
