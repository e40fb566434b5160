/* SPDX-License-Identifier: MIT */
#include "train/train_options.h"

#include <math.h>

#include "core/random.h"
#include "graph/preset.h"
#include "train/loss.h"
#include "train/optimizer_rules.h"
#include "train/schedule.h"
#include "train/train_fields.h"

static void default_float(float *value, float standard)
{
    if (*value == 0)
        *value = standard;
}

static void put_defaults(cnn_context_t *context, const char *preset_name, cnn_train_options_t *o)
{
    static const cnn_preset_info_t plain = {.batch_size = 32,
                                            .epochs = 10,
                                            .learning_rate = 0.001f,
                                            .schedule = CNN_SCHEDULE_CONSTANT};
    const cnn_preset_info_t *preset = cd_preset_find(preset_name);

    if (!preset)
        preset = &plain;
    if (!o->epochs)
        o->epochs = preset->epochs;
    if (!o->batch_size)
        o->batch_size = preset->batch_size;
    default_float(&o->learning_rate, preset->learning_rate);
    default_float(&o->weight_decay, preset->weight_decay);
    if (o->weight_decay < 0)
        o->weight_decay = 0;
    if (o->schedule == CNN_SCHEDULE_DEFAULT)
        o->schedule = preset->schedule;
    if (o->schedule == CNN_SCHEDULE_DEFAULT)
        o->schedule = CNN_SCHEDULE_CONSTANT;
    if (!o->warmup_epochs)
        o->warmup_epochs = preset->warmup_epochs;
    if (o->warmup_epochs < 0)
        o->warmup_epochs = 0;
    if (!o->mirror)
        o->mirror = preset->mirror;
    o->mirror = o->mirror > 0;
    default_float(&o->beta1, 0.9f);
    default_float(&o->beta2, 0.999f);
    default_float(&o->epsilon, 1e-8f);
    if (!o->step_epochs)
        o->step_epochs = 10;
    default_float(&o->step_factor, 0.1f);
    default_float(&o->crop_aspect, 4.0f / 3);
    default_float(&o->crop_detail, 1);
    o->seed = cd_context_seed(context, o->seed);
}

static int positive(float value)
{
    return isfinite(value) && value > 0;
}

static int below_one(float value)
{
    return value >= 0 && value < 1;
}

/* Ranges that the table of fields has. */
static cnn_status_t check_ranges(const cnn_train_options_t *o)
{
    char low[CD_NUMBER_SIZE], high[CD_NUMBER_SIZE];

    for (size_t i = 0; i < cd_train_field_count(); i++) {
        const struct cd_train_field *field = cd_train_field_at(i);
        const double value = cd_train_field_number(field, o);
        if (field->min <= field->max && !(value >= field->min && value <= field->max))
            return cd_error(CNN_ERROR_ARGUMENT, "%s must be from %s to %s", field->name,
                            cd_number_text(field->min, low), cd_number_text(field->max, high));
    }
    return CNN_OK;
}

/* What is wrong, or NULL. */
static const char *fault(const cnn_train_options_t *o)
{
    if (!cd_enum_name(&cd_loss_names, (int)o->loss))
        return "loss is not one of cnn_loss_t";
    if (!cd_enum_name(&cd_optimizer_names, (int)o->optimizer))
        return "optimizer is not one of cnn_optimizer_t";
    if (!cd_enum_name(&cd_schedule_names, (int)o->schedule))
        return "schedule is not one of cnn_schedule_t";
    if (!positive(o->learning_rate))
        return "learning_rate must be above 0";
    if (!below_one(o->beta1) || !below_one(o->beta2))
        return "beta1 and beta2 must be below 1 and not negative";
    if (!positive(o->epsilon))
        return "epsilon must be above 0";
    if (!below_one(o->momentum))
        return "momentum must be below 1 and not negative";
    if (!isfinite(o->weight_decay))
        return "weight_decay must be a finite number";
    if (!positive(o->step_factor))
        return "step_factor must be above 0";
    if (o->resume && !o->checkpoint)
        return "resume needs a checkpoint";
    return NULL;
}

cnn_status_t cd_train_options_complete(cnn_context_t *context, const char *preset,
                                       cnn_train_options_t *options)
{
    put_defaults(context, preset, options);
    const char *wrong = fault(options);
    return wrong ? cd_error(CNN_ERROR_ARGUMENT, "%s", wrong) : check_ranges(options);
}

struct cd_augmentation cd_train_options_augmentation(const cnn_train_options_t *o, uint64_t epoch)
{
    return (struct cd_augmentation){
        .key = cd_random_key(o->seed, CD_STREAM_AUGMENT, epoch, 0),
        .mirror = o->mirror,
        .crop_area = o->crop_area,
        .crop_aspect = o->crop_aspect,
        .rotation = o->rotation,
        .shear = o->shear,
        .brightness = o->brightness,
        .contrast = o->contrast,
        .saturation = o->saturation,
        .hue = o->hue,
        .erase = o->erase,
        .mixup = o->mixup,
        .cutmix = o->cutmix,
    };
}

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
