/* SPDX-License-Identifier: MIT */
#include "train/train_fields.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "train/loss.h"
#include "train/optimizer_rules.h"
#include "train/schedule.h"

_Static_assert(sizeof(cnn_loss_t) == sizeof(int) && sizeof(cnn_optimizer_t) == sizeof(int) &&
                   sizeof(cnn_schedule_t) == sizeof(int),
               "names are read and written as int");

static int is_adam(const cnn_train_options_t *options)
{
    return options->optimizer == CNN_OPTIMIZER_ADAM;
}

static int is_sgd(const cnn_train_options_t *options)
{
    return options->optimizer == CNN_OPTIMIZER_SGD;
}

static int has_steps(const cnn_train_options_t *options)
{
    return options->schedule == CNN_SCHEDULE_STEP;
}

static int crops(const cnn_train_options_t *options)
{
    return options->crop_area > 0;
}

/* 1 is how it was before there was the option. */
static int has_detail(const cnn_train_options_t *options)
{
    return options->crop_detail != 1;
}

#define FIELD(field_name, field_kind)                                                              \
    .name = #field_name, .kind = field_kind, .offset = offsetof(cnn_train_options_t, field_name)
#define CHECKED_ELSEWHERE .min = 1, .max = 0

static const struct cd_train_field fields[] = {
    {FIELD(epochs, CD_FIELD_COUNT), .min = 1, .max = UINT32_MAX},
    {FIELD(batch_size, CD_FIELD_COUNT), .min = 1, .max = UINT32_MAX},
    {FIELD(loss, CD_FIELD_NAME), CHECKED_ELSEWHERE, .names = &cd_loss_names},
    {FIELD(optimizer, CD_FIELD_NAME), CHECKED_ELSEWHERE, .names = &cd_optimizer_names},
    {FIELD(learning_rate, CD_FIELD_FLOAT), CHECKED_ELSEWHERE},
    {FIELD(beta1, CD_FIELD_FLOAT), CHECKED_ELSEWHERE, .counts = is_adam},
    {FIELD(beta2, CD_FIELD_FLOAT), CHECKED_ELSEWHERE, .counts = is_adam},
    {FIELD(epsilon, CD_FIELD_FLOAT), CHECKED_ELSEWHERE, .counts = is_adam},
    {FIELD(momentum, CD_FIELD_FLOAT), CHECKED_ELSEWHERE, .counts = is_sgd},
    {FIELD(weight_decay, CD_FIELD_FLOAT), CHECKED_ELSEWHERE, .preset = 1},
    {FIELD(schedule, CD_FIELD_NAME), CHECKED_ELSEWHERE, .names = &cd_schedule_names},
    {FIELD(warmup_epochs, CD_FIELD_SIGNED), CHECKED_ELSEWHERE, .preset = 1},
    {FIELD(step_epochs, CD_FIELD_COUNT), CHECKED_ELSEWHERE, .counts = has_steps},
    {FIELD(step_factor, CD_FIELD_FLOAT), CHECKED_ELSEWHERE, .counts = has_steps},
    {FIELD(patience, CD_FIELD_COUNT), .min = 0, .max = UINT32_MAX},
    {FIELD(mirror, CD_FIELD_SWITCH), .min = 0, .max = 1, .preset = 1},
    {FIELD(crop_area, CD_FIELD_FLOAT), .min = 0, .max = 1},
    {FIELD(crop_aspect, CD_FIELD_FLOAT), .min = 1, .max = 10, .counts = crops},
    {FIELD(crop_detail, CD_FIELD_FLOAT), .min = 1, .max = 4, .counts = has_detail},
    {FIELD(rotation, CD_FIELD_FLOAT), .min = 0, .max = 180},
    {FIELD(shear, CD_FIELD_FLOAT), .min = 0, .max = 45},
    {FIELD(brightness, CD_FIELD_FLOAT), .min = 0, .max = 1},
    {FIELD(contrast, CD_FIELD_FLOAT), .min = 0, .max = 1},
    {FIELD(saturation, CD_FIELD_FLOAT), .min = 0, .max = 1},
    {FIELD(hue, CD_FIELD_FLOAT), .min = 0, .max = 180},
    {FIELD(erase, CD_FIELD_FLOAT), .min = 0, .max = 1},
    {FIELD(mixup, CD_FIELD_FLOAT), .min = 0, .max = 100},
    {FIELD(cutmix, CD_FIELD_FLOAT), .min = 0, .max = 100},
    {FIELD(label_smoothing, CD_FIELD_FLOAT), .min = 0, .max = 0.9},
    {FIELD(average_decay, CD_FIELD_FLOAT), .min = 0, .max = 0.999999},
    {FIELD(clip_norm, CD_FIELD_FLOAT), .min = 0, .max = FLT_MAX},
    {FIELD(seed, CD_FIELD_SEED), CHECKED_ELSEWHERE},
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
    return !field->counts || field->counts(options);
}

/* A field's value, whatever its kind; copied, as the table knows places, not types. */
union value {
    uint32_t count;
    int32_t number;
    uint64_t seed;
    float real;
    int name;
};

static size_t size_of(const struct cd_train_field *field)
{
    return field->kind == CD_FIELD_SEED ? sizeof(uint64_t) : sizeof(uint32_t);
}

static union value read_value(const struct cd_train_field *field,
                              const cnn_train_options_t *options)
{
    union value value = {.seed = 0};

    memcpy(&value, (const char *)options + field->offset, size_of(field));
    return value;
}

static void write_value(const struct cd_train_field *field, union value value,
                        cnn_train_options_t *options)
{
    memcpy((char *)options + field->offset, &value, size_of(field));
}

const char *cd_train_field_text(const struct cd_train_field *field,
                                const cnn_train_options_t *options, char text[CD_NUMBER_SIZE])
{
    const union value value = read_value(field, options);

    switch (field->kind) {
    case CD_FIELD_COUNT:
        snprintf(text, CD_NUMBER_SIZE, "%lu", (unsigned long)value.count);
        return text;
    case CD_FIELD_SIGNED:
        snprintf(text, CD_NUMBER_SIZE, "%ld", (long)value.number);
        return text;
    case CD_FIELD_SEED:
        snprintf(text, CD_NUMBER_SIZE, "%llu", (unsigned long long)value.seed);
        return text;
    case CD_FIELD_FLOAT:
        return cd_number_text_float(value.real, text);
    case CD_FIELD_SWITCH:
        return value.name ? "true" : "false";
    case CD_FIELD_NAME:
        return cd_enum_name(field->names, value.name);
    }
    return "";
}

double cd_train_field_number(const struct cd_train_field *field,
                             const cnn_train_options_t *options)
{
    const union value value = read_value(field, options);

    switch (field->kind) {
    case CD_FIELD_COUNT:
        return value.count;
    case CD_FIELD_SEED:
        return (double)value.seed;
    case CD_FIELD_FLOAT:
        return (double)value.real;
    case CD_FIELD_NAME:
        return 0;
    default:
        return value.number;
    }
}

static int is_whole(double number, double most)
{
    return number >= 0 && number <= most && floor(number) == number;
}

/* As a float that is a number, and not 0 unless the number is. */
static int is_real(double number)
{
    return isfinite((float)number) && ((float)number != 0 || number == 0);
}

int cd_train_field_set_number(const struct cd_train_field *field, double number,
                              cnn_train_options_t *options)
{
    union value value = {.seed = 0};

    if (field->preset && number < 0) /* would mean none, which 0 does here */
        return 0;
    if (field->kind == CD_FIELD_COUNT && is_whole(number, UINT32_MAX))
        value.count = (uint32_t)number;
    else if (field->kind == CD_FIELD_SIGNED && is_whole(number, INT32_MAX))
        value.number = (int32_t)number;
    else if (field->kind == CD_FIELD_SEED && is_whole(number, 0x1p53))
        value.seed = (uint64_t)number;
    else if (field->kind == CD_FIELD_FLOAT && is_real(number))
        value.real = (float)number;
    else
        return 0;
    if (field->preset && number == 0) { /* said, so that it is not the preset's */
        if (field->kind == CD_FIELD_FLOAT)
            value.real = -1;
        else
            value.number = -1;
    }
    write_value(field, value, options);
    return 1;
}

int cd_train_field_set_switch(const struct cd_train_field *field, int on,
                              cnn_train_options_t *options)
{
    if (field->kind != CD_FIELD_SWITCH)
        return 0;
    write_value(field, (union value){.name = on ? 1 : -1}, options);
    return 1;
}

int cd_train_field_set_name(const struct cd_train_field *field, const char *name,
                            cnn_train_options_t *options)
{
    if (field->kind != CD_FIELD_NAME)
        return 0;
    const int value = cd_enum_find(field->names, name);
    if (value < 0)
        return 0;
    write_value(field, (union value){.name = value}, options);
    return 1;
}
