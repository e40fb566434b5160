/* SPDX-License-Identifier: MIT
 *
 * This function has a file of its own, so that only programs that call it get the built-in model
 * from the static library. */
#include "api/boundary.h"
#include "model/builtin.h"

cnn_status_t cnn_model_load_builtin(cnn_context_t *context, cnn_model_t **model)
{
    if (model)
        *model = NULL;
    CD_REQUIRE(NULL, context);
    CD_REQUIRE(context, model);
    const struct cd_builtin builtin = cd_builtin();
    return cd_api_result(context, cd_builtin_load(context, &builtin, model));
}
