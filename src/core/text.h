/* SPDX-License-Identifier: MIT
 *
 * A text that grows as it is written; small letters. */
#ifndef CD_CORE_TEXT_H
#define CD_CORE_TEXT_H

#include "core/context.h"

/* Starts as {.context = context}. A failed append marks it, so that a chain of appends can be
 * checked once at its end. */
struct cd_text {
    cnn_context_t *context;
    char *bytes; /* NUL after the last, or NULL while empty */
    size_t length;
    size_t capacity;
    int failed;
};

void cd_text_append(struct cd_text *text, const char *format, ...) CD_PRINTF(2, 3);
void cd_text_free(struct cd_text *text);

/* The small letter of an ASCII capital, else c; tolower would follow the host program's locale. */
static inline char cd_text_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

#endif
