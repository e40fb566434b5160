/* SPDX-License-Identifier: MIT
 *
 * Error handling. A function that fails records a message for the calling thread and returns a
 * status. The public function at the top of the call chain logs the message once
 * (api/boundary.h). */
#ifndef CD_CORE_ERROR_H
#define CD_CORE_ERROR_H

#include <catdog/catdog.h>

#if defined(__GNUC__)
#define CD_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define CD_PRINTF(text, first)
#endif

/* The maximum size of a message or log line in bytes, including the NUL. Longer texts are
 * truncated. */
enum { CD_MESSAGE_SIZE = 1024 };

/* Records a message for the calling thread and returns status, for `return cd_error(...)`. The
 * arguments may include cd_error_message(). Nothing is logged. */
cnn_status_t cd_error(cnn_status_t status, const char *format, ...) CD_PRINTF(2, 3);

/* Records "out of memory" and returns CNN_ERROR_MEMORY. */
cnn_status_t cd_error_memory(void);

/* Returns the calling thread's last message, or "" if there is none. The text is valid until the
 * thread's next error. */
const char *cd_error_message(void);

/* Returns a short description of a status. Implements cnn_status_string. */
const char *cd_status_text(cnn_status_t status);

/* Evaluates call, and returns its status from the enclosing function if it failed. */
#define CD_TRY(call)                          \
    do {                                      \
        cnn_status_t cd_try_status = (call);  \
        if (cd_try_status != CNN_OK)          \
            return cd_try_status;             \
    } while (0)

/* Stores the status of call in rc, and jumps to the label `fail` if the call failed. */
#define CD_TRY_FAIL(call)       \
    do {                        \
        rc = (call);            \
        if (rc != CNN_OK)       \
            goto fail;          \
    } while (0)

#endif
