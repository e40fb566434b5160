/* SPDX-License-Identifier: MIT
 *
 * Arguments that must not be NULL. */
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

#endif
