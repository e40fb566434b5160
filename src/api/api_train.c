/* SPDX-License-Identifier: MIT */
#include "api/require.h"
#include "core/options.h"
#include "train/fit.h"
#include "train/train_options.h"

cnn_status_t cnn_model_fit(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                           const cnn_train_options_t *options, cnn_history_t **history)
{
    cnn_train_options_t own;

    if (history)
        *history = NULL;
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, data);
    CD_TRY(cd_options_read(model->context, "cnn_train_options_t", options, &own, sizeof own));
    const cnn_status_t rc = cd_train_options_complete(model->context, model->graph->preset, &own);
    if (rc != CNN_OK)
        return cd_error(model->context, rc, "cnn_train_options_t: %s", cnn_error_message());
    return cd_fit(model, data, validation, &own, history);
}
