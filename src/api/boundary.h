/* SPDX-License-Identifier: MIT
 *
 * Macros for the entry and exit of every public function. On entry, the function checks its
 * arguments. On failure, it writes this thread's error message to the log, exactly once. Internal
 * functions only record the message (core/error.h). */
#ifndef CD_API_BOUNDARY_H
#define CD_API_BOUNDARY_H

#include "core/error.h"

/* Logs the recorded error message unless status is CNN_OK. Returns status, for the public function
 * to return. context: the context whose log is written, or NULL if there is none. */
cnn_status_t cd_api_result(cnn_context_t *context, cnn_status_t status);

/* Evaluates an internal call. If it fails, logs the error and returns its status from the public
 * function. */
#define CD_API_TRY(context, call)                                                                  \
    do {                                                                                           \
        cnn_status_t cd_try_status = (call);                                                       \
        if (cd_try_status != CNN_OK)                                                               \
            return cd_api_result(context, cd_try_status);                                          \
    } while (0)

/* If the argument is NULL, logs an error and returns CNN_ERROR_ARGUMENT from the public function.
 * The message names the function and the argument. */
#define CD_REQUIRE(context, argument)                                                              \
    do {                                                                                           \
        if (!(argument))                                                                           \
            return cd_api_result(                                                                  \
                context, cd_error(CNN_ERROR_ARGUMENT, "%s: %s is NULL", __func__, #argument));     \
    } while (0)

#endif
