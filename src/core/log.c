/* SPDX-License-Identifier: MIT */
#include "core/log.h"

#include <stdarg.h>
#include <stdio.h>

static int has_log(const cnn_context_t *context)
{
    return context && context->log;
}

void cd_log(cnn_context_t *context, cnn_log_level_t level, const char *text)
{
    if (!has_log(context))
        return;
    cd_process_lock_take(&context->log_lock);
    context->log(level, text, context->log_user);
    cd_process_lock_give(&context->log_lock);
}

static void log_formatted(cnn_context_t *context, cnn_log_level_t level, const char *format,
                          va_list arguments)
{
    char text[CD_MESSAGE_SIZE];

    if (!has_log(context))
        return;
    vsnprintf(text, sizeof text, format, arguments);
    cd_log(context, level, text);
}

void cd_warn(cnn_context_t *context, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    log_formatted(context, CNN_LOG_WARNING, format, arguments);
    va_end(arguments);
}

void cd_info(cnn_context_t *context, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    log_formatted(context, CNN_LOG_INFO, format, arguments);
    va_end(arguments);
}
