/* SPDX-License-Identifier: MIT */
#include "train/train_options.h"

#include "core/options.h"
#include "core/random.h"
#include "graph/preset.h"
#include "train/train_values.h"

cnn_status_t cd_train_options_complete(cnn_context_t *context, const char *preset_name,
                                       cnn_train_options_t *options)
{
    const cnn_preset_info_t *preset = cd_preset_find(preset_name);

    for (size_t i = 0; i < cd_train_field_count(); i++)
        cd_train_value_complete(cd_train_field_at(i), preset, options);
    options->seed = cd_context_seed(context, options->seed);
    for (size_t i = 0; i < cd_train_field_count(); i++)
        CD_TRY(cd_train_value_check(cd_train_field_at(i), options));
    if (options->resume && !options->checkpoint)
        return cd_error(CNN_ERROR_ARGUMENT, "resume needs a checkpoint");
    return CNN_OK;
}

cnn_status_t cd_train_options_read(cnn_context_t *context, const char *preset,
                                   const cnn_train_options_t *options, cnn_train_options_t *own)
{
    const char *const where = "cnn_train_options_t";

    CD_TRY(cd_options_read(where, options, own, sizeof *own));
    const cnn_status_t rc = cd_train_options_complete(context, preset, own);
    return rc == CNN_OK ? rc : cd_error(rc, "%s: %s", where, cd_error_message());
}

struct cd_augmentation cd_train_options_augmentation(const cnn_train_options_t *o, uint64_t epoch)
{
    return (struct cd_augmentation){.key = cd_random_key(o->seed, CD_STREAM_AUGMENT, epoch, 0),
                                    .options = *o};
}

/* Rounds a side length to the nearest whole number of pixels. */
static uint32_t rounded(double side)
{
    return (uint32_t)(side + 0.5);
}

cnn_preprocess_t cd_train_options_preprocess(const cnn_train_options_t *options,
                                             const cnn_preprocess_t *preprocess)
{
    cnn_preprocess_t training = *preprocess;

    training.height = rounded((double)preprocess->height * (double)options->crop_detail);
    training.width = rounded((double)preprocess->width * (double)options->crop_detail);
    return training;
}

size_t cd_train_options_side(const cnn_train_options_t *options, size_t side)
{
    return rounded((double)side / (double)options->crop_detail);
}
