/* SPDX-License-Identifier: MIT
 *
 * The built-in model. Usually its file is part of the library's read-only data, which all processes
 * share. A build with `make BUILTIN=no` reads the file that `make install` has installed. */
#ifndef CD_MODEL_BUILTIN_H
#define CD_MODEL_BUILTIN_H

#include "model/model.h"

struct cd_builtin {
    const uint8_t *bytes; /* NULL if the library does not contain the file */
    size_t size;
    const char *path; /* read if bytes is NULL */
};

/* The built-in model of this build. */
struct cd_builtin cd_builtin(void);

/* Loads the built-in model. Errors: MEMORY, IO, MODEL_FILE (damaged), UNSUPPORTED (neither bytes
 * nor a file). */
cnn_status_t cd_builtin_load(cnn_context_t *context, const struct cd_builtin *builtin,
                             cnn_model_t **model);

#endif
