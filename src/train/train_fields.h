/* SPDX-License-Identifier: MIT
 *
 * The training options: a table with one row for each field of cnn_train_options_t that
 * determines the result of a training. A row has the field's name, kind, bounds and default.
 * Everything that handles options one by one reads this table: defaults and checks, recipes, the
 * record in a model, checkpoints, and the public cnn_train_option. Callbacks, files,
 * class_weight and freeze have no row. */
#ifndef CD_TRAIN_TRAIN_FIELDS_H
#define CD_TRAIN_TRAIN_FIELDS_H

#include "core/context.h"
#include "core/enum_names.h"

enum cd_value_kind {
    CD_VALUE_COUNT,  /* uint32_t */
    CD_VALUE_SIGNED, /* int32_t */
    /* uint64_t: any value is valid; max (2^53) only limits seeds that are passed as a double */
    CD_VALUE_SEED,
    CD_VALUE_FLOAT,  /* float */
    CD_VALUE_SWITCH, /* int: 0 or 1 */
    CD_VALUE_CHOICE  /* an enum with the size of an int */
};

/* Flags for bounds that are themselves excluded. */
enum cd_field_open { CD_OPEN_MIN = 1, CD_OPEN_MAX = 2 };

struct cd_train_field {
    const char *name; /* name of the field in cnn_train_options_t */
    enum cd_value_kind kind;
    size_t offset;
    double min, max; /* bounds after defaults are filled in; unused for CHOICE */
    unsigned open;   /* flags of enum cd_field_open */
    double standard; /* default, used if the field is 0 and the preset has no value */
    int has_preset;  /* 1: a preset has a value, at preset_offset of cnn_preset_info_t */
    size_t preset_offset;
    const struct cd_enum_names *choices; /* names of the values of a CHOICE */
    /* returns 1 if the field has an effect; NULL: it always has */
    int (*counts)(const cnn_train_options_t *options);
    int of_optimizer; /* 1: has an effect only if the optimizer reads it */
    const char *unit; /* unit of the value, or NULL */
    const char *about; /* description of the option in one line */
};

size_t cd_train_field_count(void);
const struct cd_train_field *cd_train_field_at(size_t index);

/* Returns the row of the field with this name, or NULL if there is none. */
const struct cd_train_field *cd_train_field_find(const char *name);

/* Returns 1 if the field has an effect on a training with these options. options: with all defaults
 * filled in. */
int cd_train_field_counts(const struct cd_train_field *field, const cnn_train_options_t *options);

#endif
