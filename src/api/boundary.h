/* SPDX-License-Identifier: MIT
 *
 * What every public function does at its edges. It checks its arguments on entry. On failure it
 * writes this thread's message to the log, exactly once. Everything inside only records the
 * message (core/error.h). */
#ifndef CD_API_BOUNDARY_H
#define CD_API_BOUNDARY_H

#include "core/error.h"

/* Ends a public function: logs the recorded message unless status is CNN_OK, and returns status.
 * context: whose log; NULL where no context is known yet. */
cnn_status_t cd_api_result(cnn_context_t *context, cnn_status_t status);

/* Leaves the public function with the status of a call that failed, logged. */
#define CD_API_TRY(context, call)                                                                  \
    do {                                                                                           \
        cnn_status_t cd_try_status = (call);                                                       \
        if (cd_try_status != CNN_OK)                                                               \
            return cd_api_result(context, cd_try_status);                                          \
    } while (0)

/* Leaves the public function with CNN_ERROR_ARGUMENT, logged, if argument is NULL. The message
 * names both. */
#define CD_REQUIRE(context, argument)                                                              \
    do {                                                                                           \
        if (!(argument))                                                                           \
            return cd_api_result(                                                                  \
                context, cd_error(CNN_ERROR_ARGUMENT, "%s: %s is NULL", __func__, #argument));     \
    } while (0)

#endif
