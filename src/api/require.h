/* SPDX-License-Identifier: MIT
 *
 * Arguments that must not be NULL, indices that must be in range. */
#ifndef CD_API_REQUIRE_H
#define CD_API_REQUIRE_H

#include "core/error.h"

/* Leaves the public function that it stands in with CNN_ERROR_ARGUMENT if argument is NULL; the
 * message names both. context: for the log; NULL while none is known. */
#define CD_REQUIRE(context, argument)                                                         \
    do {                                                                                      \
        if (!(argument))                                                                      \
            return cd_error(context, CNN_ERROR_ARGUMENT, "%s: %s is NULL", __func__, #argument); \
    } while (0)

/* For a function that takes an index below count. Errors: ARGUMENT. */
static inline cnn_status_t cd_require_index(cnn_context_t *context, const char *name, size_t index,
                                            size_t count)
{
    if (index >= count)
        return cd_error(context, CNN_ERROR_ARGUMENT, "%s: index %zu; there are %zu", name, index,
                        count);
    return CNN_OK;
}

#endif
