/* SPDX-License-Identifier: MIT
 *
 * The fields of cnn_train_options_t that say how is trained, by name: what the record in a model, a
 * checkpoint's terms and a recipe have in common. Callbacks, the checkpoint's file and class
 * weights are not among them. */
#ifndef CD_TRAIN_TRAIN_FIELDS_H
#define CD_TRAIN_TRAIN_FIELDS_H

#include "core/context.h"
#include "core/enum_names.h"
#include "core/number.h"

enum cd_field_kind {
    CD_FIELD_COUNT,  /* uint32_t */
    CD_FIELD_SIGNED, /* int32_t */
    CD_FIELD_SEED,   /* uint64_t */
    CD_FIELD_FLOAT,  /* float */
    CD_FIELD_SWITCH, /* int: 0 or 1 */
    CD_FIELD_NAME    /* an enum of the size of an int */
};

struct cd_train_field {
    const char *name; /* the struct's */
    enum cd_field_kind kind;
    size_t offset;
    double min, max; /* of complete options; min > max: whoever completes them has more to check */
    int preset;      /* 1: a value of 0 means the preset's, and below 0 none */
    const struct cd_enum_names *names; /* of a NAME */
    int (*counts)(const cnn_train_options_t *options); /* NULL: always */
};

size_t cd_train_field_count(void);
const struct cd_train_field *cd_train_field_at(size_t index);

/* NULL if no field has the name. */
const struct cd_train_field *cd_train_field_find(const char *name);

/* 1 if the field's value has a part in a training with these (complete) options. */
int cd_train_field_counts(const struct cd_train_field *field, const cnn_train_options_t *options);

/* Its value as JSON has it, a name without its quotes. */
const char *cd_train_field_text(const struct cd_train_field *field,
                                const cnn_train_options_t *options, char text[CD_NUMBER_SIZE]);

/* A number's value; 0 of a NAME. */
double cd_train_field_number(const struct cd_train_field *field,
                             const cnn_train_options_t *options);

/* Each leaves options as they are and returns 0 if the field cannot hold the value. number: of
 * COUNT, SIGNED, SEED (whole), FLOAT. */
int cd_train_field_set_number(const struct cd_train_field *field, double number,
                              cnn_train_options_t *options);
int cd_train_field_set_switch(const struct cd_train_field *field, int on,
                              cnn_train_options_t *options);
int cd_train_field_set_name(const struct cd_train_field *field, const char *name,
                            cnn_train_options_t *options);

#endif
