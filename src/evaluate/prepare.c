/* SPDX-License-Identifier: MIT */
#include "evaluate/prepare.h"

#include "core/names.h"

cnn_status_t cd_prepare_check(const cnn_model_t *model, const cnn_dataset_t *data)
{
    if (!model->classes)
        return cd_error(CNN_ERROR_SHAPE,
                        "the model has no classes: its network does not see photos");
    if (model->n_classes != data->n_classes)
        return cd_error(CNN_ERROR_DATA,
                        "the model has %zu classes, \"%s\" first, and the data %zu, \"%s\" first",
                        model->n_classes, model->classes[0], data->n_classes, data->classes[0]);
    for (size_t i = 0; i < model->n_classes; i++)
        if (!cd_names_same(model->classes[i], data->classes[i]))
            return cd_error(CNN_ERROR_DATA,
                            "class %zu is \"%s\" in the model and \"%s\" in the data", i,
                            model->classes[i], data->classes[i]);
    return CNN_OK;
}

cnn_status_t cd_prepare_data(const cnn_model_t *model, cnn_dataset_t *data,
                             const cnn_dataset_load_options_t *load)
{
    CD_TRY(cd_prepare_check(model, data));
    return cd_dataset_load(data, &model->preprocess, load);
}
