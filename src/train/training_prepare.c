/* SPDX-License-Identifier: MIT */
#include "train/training_prepare.h"

#include "evaluate/prepare.h"
#include "image/preprocess.h"
#include "train/class_weight.h"
#include "train/freeze.h"
#include "train/loss.h"
#include "train/train_options.h"

static cnn_status_t check_options(const cnn_model_t *model, const cnn_train_options_t *options,
                                  int validates)
{
    size_t nodes;

    CD_TRY(cd_loss_check(model->graph, options->loss));
    CD_TRY(cd_freeze_nodes(model->graph, options->freeze, &nodes));
    CD_TRY(cd_class_weight_check(options, model->n_classes));
    if (options->patience && !validates)
        return cd_error(CNN_ERROR_ARGUMENT, "patience needs validation data");
    return CNN_OK;
}

/* Loads the training photos. The option crop_detail can make them larger than the network's
 * input. */
static cnn_status_t load_training(const cnn_model_t *model, const cnn_train_options_t *options,
                                  cnn_dataset_t *data, const cnn_dataset_load_options_t *load)
{
    const cnn_preprocess_t preprocess = cd_train_options_preprocess(options, &model->preprocess);
    cnn_preprocess_t checked;

    CD_TRY(cd_preprocess_complete(&preprocess, &checked));
    return cd_dataset_load(data, &checked, load);
}

cnn_status_t cd_training_prepare(cnn_model_t *model, cnn_dataset_t *data, cnn_dataset_t *validation,
                                 const cnn_train_options_t *options)
{
    const cnn_dataset_load_options_t load = {.struct_size = sizeof load, .cancel = options->cancel};

    CD_TRY(cd_prepare_check(model, data));
    if (validation)
        CD_TRY(cd_prepare_check(model, validation));
    const cnn_status_t rc = check_options(model, options, validation != NULL);
    if (rc != CNN_OK)
        return cd_error(rc, "cnn_train_options_t: %s", cd_error_message());
    CD_TRY(load_training(model, options, data, &load));
    return validation ? cd_prepare_data(model, validation, &load) : CNN_OK;
}
