/* SPDX-License-Identifier: MIT
 *
 * Creates a context for tests of src/core, which must not depend on the public functions. */
#ifndef TESTS_SUPPORT_CORE_CONTEXT_H
#define TESTS_SUPPORT_CORE_CONTEXT_H

#include <check.h>

#include "core/context.h"

static inline cnn_context_t *core_context(uint32_t threads)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = threads};
    cnn_context_t *context = NULL;

    ck_assert_int_eq(cd_context_create(&options, &context), CNN_OK);
    return context;
}

#endif
