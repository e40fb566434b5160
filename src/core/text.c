/* SPDX-License-Identifier: MIT */
#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"

void cd_text_append(struct cd_text *text, const char *format, ...)
{
    va_list arguments;

    if (text->failed)
        return;
    va_start(arguments, format);
    int more = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (more < 0 || cd_reserve(text->context, &text->bytes, &text->capacity,
                               text->length + (size_t)more + 1, 1) != CNN_OK) {
        text->failed = 1;
        return;
    }
    va_start(arguments, format);
    vsnprintf(text->bytes + text->length, (size_t)more + 1, format, arguments);
    va_end(arguments);
    text->length += (size_t)more;
}

void cd_text_free(struct cd_text *text)
{
    cd_free(text->context, text->bytes);
    memset(text, 0, sizeof *text);
}
