/* SPDX-License-Identifier: MIT */
#include "train/train_fields.h"

#include <float.h>
#include <string.h>

#include "train/loss.h"
#include "train/optimizer_rules.h"
#include "train/schedule.h"

_Static_assert(sizeof(cnn_loss_t) == sizeof(int) && sizeof(cnn_optimizer_t) == sizeof(int) &&
                   sizeof(cnn_schedule_t) == sizeof(int),
               "choices are read and written as int");

static int has_steps(const cnn_train_options_t *options)
{
    return options->schedule == CNN_SCHEDULE_STEP;
}

static int crops(const cnn_train_options_t *options)
{
    return options->crop_area > 0;
}

static int enlarges(const cnn_train_options_t *options)
{
    return options->crop_detail != 1;
}

#define FIELD(field, of_kind, lowest, highest)                                                     \
    .name = #field, .kind = of_kind, .offset = offsetof(cnn_train_options_t, field),               \
    .min = lowest, .max = highest
#define COUNT(field, lowest) FIELD(field, CD_VALUE_COUNT, lowest, UINT32_MAX)
#define REAL(field, lowest, highest) FIELD(field, CD_VALUE_FLOAT, lowest, highest)
#define CHOICE(field) FIELD(field, CD_VALUE_CHOICE, 0, 0), .choices = &cd_##field##_names
#define PRESET(field) .has_preset = 1, .preset_offset = offsetof(cnn_preset_info_t, field)

/* Rows in the order of the fields of cnn_train_options_t. */
static const struct cd_train_field fields[] = {
    {COUNT(epochs, 1), .standard = 10, PRESET(epochs),
     .about = "passes over the training samples"},
    {COUNT(batch_size, 1), .standard = 32, PRESET(batch_size), .unit = "samples",
     .about = "samples of a training step"},
    {COUNT(patience, 0), .unit = "epochs",
     .about = "early stopping: epochs without a lower validation loss; 0: never"},
    {FIELD(seed, CD_VALUE_SEED, 0, 0x1p53),
     .about = "seed of shuffling, augmentation and dropout; 0: the seed of the context"},
    {CHOICE(loss), .about = "the function that training minimises"},
    {CHOICE(optimizer), .about = "how a step updates the weights"},
    {REAL(learning_rate, 0, FLT_MAX), .open = CD_OPEN_MIN, .standard = 0.001, PRESET(learning_rate),
     .about = "step size of the optimizer"},
    {REAL(beta1, 0, 1), .open = CD_OPEN_MIN | CD_OPEN_MAX, .standard = 0.9, .of_optimizer = 1,
     .about = "decay of the first moment"},
    {REAL(beta2, 0, 1), .open = CD_OPEN_MIN | CD_OPEN_MAX, .standard = 0.999, .of_optimizer = 1,
     .about = "decay of the second moment"},
    {REAL(epsilon, 0, FLT_MAX), .open = CD_OPEN_MIN, .standard = 1e-8, .of_optimizer = 1,
     .about = "added to the root of the second moment"},
    {REAL(momentum, 0, 1), .open = CD_OPEN_MAX, .of_optimizer = 1,
     .about = "share of the previous step that is added to a step"},
    {REAL(weight_decay, 0, FLT_MAX), PRESET(weight_decay),
     .about = "decoupled weight decay of the kernels"},
    {REAL(clip_norm, 0, FLT_MAX),
     .about = "gradient clipping: the largest norm of all gradients; 0: off"},
    {CHOICE(schedule), .standard = CNN_SCHEDULE_CONSTANT, PRESET(schedule),
     .about = "how the learning rate changes during the training"},
    {FIELD(warmup_epochs, CD_VALUE_SIGNED, 0, INT32_MAX), PRESET(warmup_epochs), .unit = "epochs",
     .about = "warm-up: the learning rate rises linearly from 0"},
    {COUNT(step_epochs, 1), .standard = 10, .counts = has_steps, .unit = "epochs",
     .about = "schedule step: epochs between two changes of the learning rate"},
    {REAL(step_factor, 0, FLT_MAX), .open = CD_OPEN_MIN, .standard = 0.1, .counts = has_steps,
     .about = "schedule step: the learning rate is multiplied by this"},
    {REAL(label_smoothing, 0, 0.9),
     .about = "label smoothing: share of each target that is spread over all classes; 0: off"},
    {REAL(average_decay, 0, 0.999999),
     .about = "decay of the moving average of the weights; 0: no average"},
    {FIELD(mirror, CD_VALUE_SWITCH, 0, 1), PRESET(mirror),
     .about = "mirror images left to right with probability 1/2"},
    {REAL(crop_area, 0, 1),
     .about = "random crop: the smallest share of the image's area; 0: no crop"},
    {REAL(crop_aspect, 1, 10), .standard = 4.0 / 3, .counts = crops,
     .about = "random crop: the largest change of the aspect ratio"},
    {REAL(crop_detail, 1, 4), .standard = 1, .counts = enlarges,
     .about = "side of a stored training image relative to the network's input"},
    {REAL(rotation, 0, 180), .unit = "degrees", .about = "largest random rotation either way"},
    {REAL(shear, 0, 45), .unit = "degrees", .about = "largest random shear either way"},
    {REAL(brightness, 0, 1), .about = "largest random change of the brightness"},
    {REAL(contrast, 0, 1), .about = "largest random change of the contrast"},
    {REAL(saturation, 0, 1), .about = "largest random change of the saturation"},
    {REAL(hue, 0, 180), .unit = "degrees", .about = "largest random turn of the hue either way"},
    {REAL(erase, 0, 1), .about = "probability that a random rectangle becomes noise"},
    {REAL(mixup, 0, 100), .about = "mixup: both parameters of its Beta distribution; 0: off"},
    {REAL(cutmix, 0, 100), .about = "CutMix: both parameters of its Beta distribution; 0: off"},
};

size_t cd_train_field_count(void)
{
    return sizeof fields / sizeof *fields;
}

const struct cd_train_field *cd_train_field_at(size_t index)
{
    return &fields[index];
}

const struct cd_train_field *cd_train_field_find(const char *name)
{
    for (size_t i = 0; i < cd_train_field_count(); i++)
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
    return NULL;
}

int cd_train_field_counts(const struct cd_train_field *field, const cnn_train_options_t *options)
{
    if (field->of_optimizer)
        return cd_optimizer_reads(cd_optimizer_rule(options->optimizer), field->name);
    return !field->counts || field->counts(options);
}
