/* SPDX-License-Identifier: MIT
 *
 * Reads and writes JSON. Reading is strict: unknown members are refused. Numbers have a decimal
 * point in every locale. */
#ifndef CD_IO_JSON_H
#define CD_IO_JSON_H

#include <jansson.h>

#include "core/context.h"
#include "core/enum_names.h"

/* Parses a whole text. Refuses duplicate members. The caller frees *json with json_decref. Errors:
 * MEMORY, MODEL_FILE. */
cnn_status_t cd_json_parse(const char *text, size_t length, json_t **json);

/* Writes compact JSON, with members in the order in which they were set. digits: the number of
 * significant digits. The two constants are enough to read back the same float or double. The
 * caller frees *text with cd_free. Errors: MEMORY. */
enum { CD_JSON_FLOAT_DIGITS = 9, CD_JSON_DOUBLE_DIGITS = 17 };
cnn_status_t cd_json_dump(cnn_context_t *context, const json_t *json, int digits, char **text);

/* A reader of one object. It reads members by their names; cd_json_done then refuses members that
 * were not read. All errors are MODEL_FILE and name the member. Initialise it with
 * {.object = json}. */
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

/* Read arrays of exactly n values. */
cnn_status_t cd_json_uints(struct cd_json_reader *reader, const char *key, uint32_t *values,
                           size_t n);
cnn_status_t cd_json_floats(struct cd_json_reader *reader, const char *key, float *values,
                            size_t n);

/* Reads an array of any length, which belongs to the object. */
cnn_status_t cd_json_array(struct cd_json_reader *reader, const char *key, json_t **array);

/* Reads the name of an enum value. */
cnn_status_t cd_json_enum(struct cd_json_reader *reader, const char *key,
                          const struct cd_enum_names *names, int *value);

/* Checks that every member was read. Errors: MODEL_FILE, naming a member that was not read. */
cnn_status_t cd_json_done(const struct cd_json_reader *reader);

/* Set a member to an array of n numbers. Return 0, or -1 if out of memory, as jansson's setters. */
int cd_json_set_uints(json_t *object, const char *key, const size_t *values, size_t n);
int cd_json_set_floats(json_t *object, const char *key, const float *values, size_t n);

/* Creates an array of n strings. Returns NULL if out of memory. */
json_t *cd_json_names(char *const *names, size_t n);

/* Returns json if failed is 0. Otherwise, a setter has failed: frees json and returns NULL. */
json_t *cd_json_finish(json_t *json, int failed);

#endif
