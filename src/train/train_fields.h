/* SPDX-License-Identifier: MIT
 *
 * The training options: one row for each field of cnn_train_options_t that determines the result of
 * a training, with its name, kind, bounds and default. Everything that handles options one by one
 * reads this table: defaults and checks, recipes, the record in a model, checkpoints, and the
 * public cnn_train_option. Callbacks, files, class_weight and freeze have no row. */
#ifndef CD_TRAIN_TRAIN_FIELDS_H
#define CD_TRAIN_TRAIN_FIELDS_H

#include "core/context.h"
#include "core/enum_names.h"

enum cd_value_kind {
    CD_VALUE_COUNT,  /* uint32_t */
    CD_VALUE_SIGNED, /* int32_t */
    CD_VALUE_SEED,   /* uint64_t: every value is allowed; a double holds those up to max */
    CD_VALUE_FLOAT,  /* float */
    CD_VALUE_SWITCH, /* int: 0 or 1 */
    CD_VALUE_CHOICE  /* an enum of the size of an int */
};

/* Marks bounds that are not allowed themselves. */
enum cd_field_open { CD_OPEN_MIN = 1, CD_OPEN_MAX = 2 };

struct cd_train_field {
    const char *name; /* name of the field in the struct */
    enum cd_value_kind kind;
    size_t offset;
    double min, max; /* bounds of complete options; CHOICE: unused */
    unsigned open;   /* flags of enum cd_field_open */
    double standard; /* the default, which 0 stands for; a value of the preset comes first */
    int has_preset;  /* 1: presets have a value, at preset_offset of cnn_preset_info_t */
    size_t preset_offset;
    const struct cd_enum_names *choices; /* names of the values of a CHOICE */
    int (*counts)(const cnn_train_options_t *options); /* 1 if the field counts; NULL: always */
    int of_optimizer; /* 1: counts only if the optimizer reads it */
    const char *unit; /* NULL: the value has no unit */
    const char *about; /* what the option does, in one line */
};

size_t cd_train_field_count(void);
const struct cd_train_field *cd_train_field_at(size_t index);

/* Finds a field by its name; NULL if no field has the name. */
const struct cd_train_field *cd_train_field_find(const char *name);

/* 1 if the field has an effect in a training with these (complete) options. */
int cd_train_field_counts(const struct cd_train_field *field, const cnn_train_options_t *options);

#endif
