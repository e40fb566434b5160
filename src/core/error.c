/* SPDX-License-Identifier: MIT */
#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"

enum { MESSAGE_SIZE = 1024 };

/* The only state outside handles. Each thread has its own, as with errno. */
static _Thread_local char message[MESSAGE_SIZE];

/* Formats into a second buffer first, because the arguments may point into the message. */
static void set_message(const char *format, va_list arguments)
{
    char text[MESSAGE_SIZE];
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

static void log_text(cnn_context_t *context, cnn_log_level_t level, const char *format,
                     va_list arguments)
{
    char text[MESSAGE_SIZE];
    if (!cd_context_logs(context))
        return;
    vsnprintf(text, sizeof text, format, arguments);
    cd_context_log(context, level, text);
}

void cd_warn(cnn_context_t *context, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    log_text(context, CNN_LOG_WARNING, format, arguments);
    va_end(arguments);
}

void cd_info(cnn_context_t *context, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    log_text(context, CNN_LOG_INFO, format, arguments);
    va_end(arguments);
}

const char *cd_error_message(void)
{
    return message;
}
