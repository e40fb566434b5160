/* SPDX-License-Identifier: MIT
 *
 * The model that the library brings along: a model file's bytes among its read-only data, which all
 * processes share; or, of a build without (`make BUILTIN=no`), the place where `make install` has
 * put the file. */
#ifndef CD_MODEL_BUILTIN_H
#define CD_MODEL_BUILTIN_H

#include "model/model.h"

struct cd_builtin {
    const uint8_t *bytes; /* NULL: not in the library */
    size_t size;
    const char *path; /* looked at without bytes */
};

/* What this build has. */
struct cd_builtin cd_builtin(void);

/* Errors: MEMORY; MODEL_FILE (the bytes or the file are damaged); IO; UNSUPPORTED (neither). */
cnn_status_t cd_builtin_load(cnn_context_t *context, const struct cd_builtin *builtin,
                             cnn_model_t **model);

#endif
