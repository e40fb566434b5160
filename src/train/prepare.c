/* SPDX-License-Identifier: MIT */
#include "train/prepare.h"

#include "image/preprocess.h"
#include "train/train_options.h"

cnn_status_t cd_prepare_training(const cnn_model_t *model, const cnn_train_options_t *options,
                                 cnn_dataset_t *data, const cnn_dataset_load_options_t *load)
{
    const cnn_preprocess_t preprocess = cd_train_options_preprocess(options, &model->preprocess);
    cnn_preprocess_t checked;

    CD_TRY(cd_prepare_check(model, data));
    CD_TRY(cd_preprocess_complete(&preprocess, &checked));
    return cd_dataset_load(data, &checked, load);
}
