/* SPDX-License-Identifier: MIT
 *
 * Errors: a status code goes up by return value, the sentence that explains it into this thread's
 * message (cnn_error_message) and to the context's log. */
#ifndef CD_CORE_ERROR_H
#define CD_CORE_ERROR_H

#include <catdog/catdog.h>

#if defined(__GNUC__)
#define CD_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define CD_PRINTF(text, first)
#endif

/* Records the sentence and returns status, so that `return cd_error(...)` reads well. context may
 * be NULL: then nothing is logged. The format may quote the present message. */
cnn_status_t cd_error(cnn_context_t *context, cnn_status_t status, const char *format, ...)
    CD_PRINTF(3, 4);

/* The same without writing to the log: for faults that the caller may turn into a skip. */
cnn_status_t cd_error_quiet(cnn_status_t status, const char *format, ...) CD_PRINTF(2, 3);

/* Out of memory, the usual sentence. */
cnn_status_t cd_error_memory(cnn_context_t *context);

/* To the log only. */
void cd_warn(cnn_context_t *context, const char *format, ...) CD_PRINTF(2, 3);
void cd_info(cnn_context_t *context, const char *format, ...) CD_PRINTF(2, 3);

/* This thread's message. */
const char *cd_error_message(void);

/* Leaves the function with the status of a call that failed. */
#define CD_TRY(call)                          \
    do {                                      \
        cnn_status_t cd_try_status = (call);  \
        if (cd_try_status != CNN_OK)          \
            return cd_try_status;             \
    } while (0)

/* The same to the label fail, with rc set. */
#define CD_TRY_FAIL(call)       \
    do {                        \
        rc = (call);            \
        if (rc != CNN_OK)       \
            goto fail;          \
    } while (0)

#endif
