/* SPDX-License-Identifier: MIT
 *
 * A separate file, so that the static library adds the built-in model only to programs that use
 * it. */
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
