/* SPDX-License-Identifier: MIT
 *
 * JSON in files: strict reading, where every member must be known, and writing. The rest of src/io
 * takes jansson from here. Numbers have a decimal point whatever the locale. */
#ifndef CD_IO_JSON_H
#define CD_IO_JSON_H

#include <jansson.h>

#include "core/context.h"
#include "core/enum_names.h"

/* Parses a whole text; duplicate members are refused. *json: json_decref. Errors: MEMORY,
 * MODEL_FILE. */
cnn_status_t cd_json_parse(const char *text, size_t length, json_t **json);

/* Compact, members in the order they were set, numbers with as many digits as they need to come
 * back the same (floats: 9, doubles: 17). *text: cd_free. Errors: MEMORY. */
enum { CD_JSON_FLOAT_DIGITS = 9, CD_JSON_DOUBLE_DIGITS = 17 };
cnn_status_t cd_json_dump(cnn_context_t *context, const json_t *json, int digits, char **text);

/* Reads the members of one object by name, and at the end refuses those nobody asked for. All
 * errors are MODEL_FILE and name the member. Starts as {.object = json}. */
enum { CD_JSON_MEMBERS = 16 };
struct cd_json_reader {
    json_t *object;
    const char *taken[CD_JSON_MEMBERS];
    size_t n_taken;
};

cnn_status_t cd_json_string(struct cd_json_reader *reader, const char *key, const char **value);
cnn_status_t cd_json_bool(struct cd_json_reader *reader, const char *key, int *value);
cnn_status_t cd_json_uint(struct cd_json_reader *reader, const char *key, uint32_t *value);
cnn_status_t cd_json_float(struct cd_json_reader *reader, const char *key, float *value);

/* Arrays of exactly n. */
cnn_status_t cd_json_uints(struct cd_json_reader *reader, const char *key, uint32_t *values,
                           size_t n);
cnn_status_t cd_json_floats(struct cd_json_reader *reader, const char *key, float *values,
                            size_t n);

/* An array of any length; it belongs to the object. */
cnn_status_t cd_json_array(struct cd_json_reader *reader, const char *key, json_t **array);

/* The name of one of the values of an enum. */
cnn_status_t cd_json_enum(struct cd_json_reader *reader, const char *key,
                          const struct cd_enum_names *names, int *value);

cnn_status_t cd_json_done(const struct cd_json_reader *reader);

/* Set an array of n numbers. 0, or -1 without memory, as jansson's own setters. */
int cd_json_set_uints(json_t *object, const char *key, const size_t *values, size_t n);
int cd_json_set_floats(json_t *object, const char *key, const float *values, size_t n);

#endif
