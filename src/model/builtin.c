/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "model/builtin.h"

#include <errno.h>
#include <unistd.h>

#include "model/model_file.h"

cnn_status_t cd_builtin_load(cnn_context_t *context, const struct cd_builtin *builtin,
                             cnn_model_t **model)
{
    *model = NULL;
    if (builtin->bytes)
        return cd_model_file_parse(context, "the built-in model", builtin->bytes, builtin->size,
                                   model);
    if (access(builtin->path, F_OK) != 0 && errno == ENOENT)
        return cd_error(CNN_ERROR_UNSUPPORTED,
                        "this library was built without a model, and there is no %s",
                        builtin->path);
    return cd_model_file_load(context, builtin->path, model);
}
