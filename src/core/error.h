/* SPDX-License-Identifier: MIT
 *
 * The error path. An inner function records a sentence in this thread's message and returns a
 * status. The public function that called it logs the message once (api/boundary.h). */
#ifndef CD_CORE_ERROR_H
#define CD_CORE_ERROR_H

#include <catdog/catdog.h>

#if defined(__GNUC__)
#define CD_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define CD_PRINTF(text, first)
#endif

/* The most bytes that a message or a line of the log has, with its NUL. Longer ones are cut. */
enum { CD_MESSAGE_SIZE = 1024 };

/* Records the message and returns status, so that `return cd_error(...)` reads well. The format may
 * quote the present message. Nothing is logged. */
cnn_status_t cd_error(cnn_status_t status, const char *format, ...) CD_PRINTF(2, 3);

/* Records "out of memory" and returns CNN_ERROR_MEMORY. */
cnn_status_t cd_error_memory(void);

/* This thread's message; "" before the first one. The text stays until the thread's next error. */
const char *cd_error_message(void);

/* The general meaning of a status, in a few words (cnn_status_string). */
const char *cd_status_text(cnn_status_t status);

/* Leaves the function with the status of a call that failed. */
#define CD_TRY(call)                          \
    do {                                      \
        cnn_status_t cd_try_status = (call);  \
        if (cd_try_status != CNN_OK)          \
            return cd_try_status;             \
    } while (0)

/* Stores the status of a call in rc and, if the call failed, jumps to the label fail. */
#define CD_TRY_FAIL(call)       \
    do {                        \
        rc = (call);            \
        if (rc != CNN_OK)       \
            goto fail;          \
    } while (0)

#endif
