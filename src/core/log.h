/* SPDX-License-Identifier: MIT
 *
 * The context's log: the program's callback, called by one thread at a time. In all functions
 * context may be NULL; then nothing is logged. Any thread may call them. */
#ifndef CD_CORE_LOG_H
#define CD_CORE_LOG_H

#include "core/context.h"

/* Logs a text as it is. */
void cd_log(cnn_context_t *context, cnn_log_level_t level, const char *text);

/* Log a formatted text. This thread's message (core/error.h) stays as it is. */
void cd_warn(cnn_context_t *context, const char *format, ...) CD_PRINTF(2, 3);
void cd_info(cnn_context_t *context, const char *format, ...) CD_PRINTF(2, 3);

#endif
