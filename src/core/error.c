/* SPDX-License-Identifier: MIT */
#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The only state outside handles. Each thread has its own, as with errno. */
static _Thread_local char message[CD_MESSAGE_SIZE];

/* Formats into a second buffer first, because the arguments may point into the message. */
static void set_message(const char *format, va_list arguments)
{
    char text[CD_MESSAGE_SIZE];
    vsnprintf(text, sizeof text, format, arguments);
    memcpy(message, text, sizeof text);
}

cnn_status_t cd_error(cnn_status_t status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_message(format, arguments);
    va_end(arguments);
    return status;
}

cnn_status_t cd_error_memory(void)
{
    return cd_error(CNN_ERROR_MEMORY, "out of memory");
}

const char *cd_error_message(void)
{
    return message;
}

const char *cd_status_text(cnn_status_t status)
{
    switch ((int)status) {
#define STATUS_CASE(name, value, text)                                                             \
    case value:                                                                                    \
        return text;
        CNN_STATUS_MAP(STATUS_CASE)
#undef STATUS_CASE
    }
    return "unknown status";
}
