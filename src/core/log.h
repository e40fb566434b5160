/* SPDX-License-Identifier: MIT
 *
 * The context's log. It passes texts to the callback that the caller of the library supplied, from
 * one thread at a time. Nothing is logged if context is NULL or has no callback. All functions are
 * thread-safe. */
#ifndef CD_CORE_LOG_H
#define CD_CORE_LOG_H

#include "core/context.h"

/* Logs a text unchanged. */
void cd_log(cnn_context_t *context, cnn_log_level_t level, const char *text);

/* Log a formatted text as a warning or as information. They do not change the thread's error
 * message (core/error.h). */
void cd_warn(cnn_context_t *context, const char *format, ...) CD_PRINTF(2, 3);
void cd_info(cnn_context_t *context, const char *format, ...) CD_PRINTF(2, 3);

#endif
