/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L /* uselocale */
#include "io/json.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"

/* jansson 2.14 takes the decimal point from the locale. If the decimal point has more than one
 * byte, an assertion in jansson ends the process. Therefore the thread enters the C locale for each
 * call of jansson that reads or writes text. */
struct c_locale {
    locale_t own, before;
};

/* Switches this thread to the C locale. Returns 0, or -1 if out of memory. */
static int enter_c_locale(struct c_locale *c)
{
    c->own = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c->own == (locale_t)0)
        return -1;
    c->before = uselocale(c->own);
    return 0;
}

static void leave_c_locale(const struct c_locale *c)
{
    uselocale(c->before);
    freelocale(c->own);
}

cnn_status_t cd_json_parse(const char *text, size_t length, json_t **json)
{
    struct c_locale locale;
    json_error_t error;

    *json = NULL;
    if (enter_c_locale(&locale) != 0)
        return cd_error_memory();
    *json = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    leave_c_locale(&locale);
    if (*json)
        return CNN_OK;
    if (json_error_code(&error) == json_error_out_of_memory)
        return cd_error_memory();
    return cd_error(CNN_ERROR_MODEL_FILE, "not valid JSON at byte %d: %s", error.position,
                    error.text);
}

static int append(const char *bytes, size_t size, void *user)
{
    struct cd_text *text = user;

    cd_text_append(text, "%.*s", (int)size, bytes);
    return text->failed ? -1 : 0;
}

cnn_status_t cd_json_dump(cnn_context_t *context, const json_t *json, int digits, char **out)
{
    struct cd_text text = {.context = context};
    const size_t flags = JSON_COMPACT | JSON_REAL_PRECISION((size_t)digits);
    struct c_locale locale;

    *out = NULL;
    if (enter_c_locale(&locale) != 0)
        return cd_error_memory();
    const int failed = json_dump_callback(json, append, &text, flags);
    leave_c_locale(&locale);
    if (failed) {
        cd_text_free(&text);
        return cd_error_memory();
    }
    *out = text.bytes;
    return CNN_OK;
}

/* Finds a member and records that it was read. */
static cnn_status_t take(struct cd_json_reader *reader, const char *key, json_t **member)
{
    *member = json_object_get(reader->object, key);
    if (!*member)
        return cd_error(CNN_ERROR_MODEL_FILE, "\"%s\" is missing", key);
    reader->taken[reader->n_taken++] = key;
    return CNN_OK;
}

static cnn_status_t wrong(const char *key, const char *expected)
{
    return cd_error(CNN_ERROR_MODEL_FILE, "\"%s\" is not %s", key, expected);
}

cnn_status_t cd_json_string(struct cd_json_reader *reader, const char *key, const char **value)
{
    json_t *member;

    CD_TRY(take(reader, key, &member));
    *value = json_string_value(member);
    return *value ? CNN_OK : wrong(key, "a string");
}

cnn_status_t cd_json_bool(struct cd_json_reader *reader, const char *key, int *value)
{
    json_t *member;

    CD_TRY(take(reader, key, &member));
    *value = json_is_true(member);
    return json_is_boolean(member) ? CNN_OK : wrong(key, "true or false");
}

static int to_uint(const json_t *json, uint32_t *value)
{
    const json_int_t number = json_integer_value(json);

    if (!json_is_integer(json) || number < 0 || number > (json_int_t)UINT32_MAX)
        return -1;
    *value = (uint32_t)number;
    return 0;
}

/* Converts a JSON real or integer to a float. Returns 0, or -1 if the value is not a number or is
 * too large for a float. */
static int to_float(const json_t *json, float *value)
{
    *value = (float)json_number_value(json);
    return json_is_number(json) && isfinite(*value) ? 0 : -1;
}

cnn_status_t cd_json_uint(struct cd_json_reader *reader, const char *key, uint32_t *value)
{
    json_t *member;

    CD_TRY(take(reader, key, &member));
    return to_uint(member, value) == 0 ? CNN_OK : wrong(key, "an integer from 0 to 2^32 - 1");
}

cnn_status_t cd_json_float(struct cd_json_reader *reader, const char *key, float *value)
{
    json_t *member;

    CD_TRY(take(reader, key, &member));
    return to_float(member, value) == 0 ? CNN_OK : wrong(key, "a finite number");
}

cnn_status_t cd_json_array(struct cd_json_reader *reader, const char *key, json_t **array)
{
    CD_TRY(take(reader, key, array));
    return json_is_array(*array) ? CNN_OK : wrong(key, "an array");
}

static cnn_status_t take_array(struct cd_json_reader *reader, const char *key, size_t n,
                               json_t **array)
{
    CD_TRY(cd_json_array(reader, key, array));
    if (json_array_size(*array) != n)
        return cd_error(CNN_ERROR_MODEL_FILE, "\"%s\" does not have %zu values", key, n);
    return CNN_OK;
}

cnn_status_t cd_json_uints(struct cd_json_reader *reader, const char *key, uint32_t *values,
                           size_t n)
{
    json_t *array;

    CD_TRY(take_array(reader, key, n, &array));
    for (size_t i = 0; i < n; i++)
        if (to_uint(json_array_get(array, i), &values[i]) != 0)
            return wrong(key, "of integers from 0 to 2^32 - 1");
    return CNN_OK;
}

cnn_status_t cd_json_floats(struct cd_json_reader *reader, const char *key, float *values, size_t n)
{
    json_t *array;

    CD_TRY(take_array(reader, key, n, &array));
    for (size_t i = 0; i < n; i++)
        if (to_float(json_array_get(array, i), &values[i]) != 0)
            return wrong(key, "of finite numbers");
    return CNN_OK;
}

cnn_status_t cd_json_enum(struct cd_json_reader *reader, const char *key,
                          const struct cd_enum_names *names, int *value)
{
    const char *name;

    CD_TRY(cd_json_string(reader, key, &name));
    const int found = cd_enum_find(names, name);
    if (found < 0)
        return cd_error(CNN_ERROR_MODEL_FILE, "\"%s\": \"%.80s\" is not known", key, name);
    *value = found;
    return CNN_OK;
}

static int was_taken(const struct cd_json_reader *reader, const char *key)
{
    for (size_t i = 0; i < reader->n_taken; i++)
        if (strcmp(reader->taken[i], key) == 0)
            return 1;
    return 0;
}

cnn_status_t cd_json_done(const struct cd_json_reader *reader)
{
    const char *key;
    json_t *member;

    json_object_foreach(reader->object, key, member)
    {
        if (!was_taken(reader, key))
            return cd_error(CNN_ERROR_MODEL_FILE, "\"%.80s\" is not known", key);
    }
    return CNN_OK;
}

int cd_json_set_uints(json_t *object, const char *key, const size_t *values, size_t n)
{
    json_t *array = json_array();
    int failed = 0;

    for (size_t i = 0; i < n; i++)
        failed |= json_array_append_new(array, json_integer((json_int_t)values[i]));
    return failed | json_object_set_new(object, key, array);
}

int cd_json_set_floats(json_t *object, const char *key, const float *values, size_t n)
{
    json_t *array = json_array();
    int failed = 0;

    for (size_t i = 0; i < n; i++)
        failed |= json_array_append_new(array, json_real((double)values[i]));
    return failed | json_object_set_new(object, key, array);
}

json_t *cd_json_names(char *const *names, size_t n)
{
    json_t *array = json_array();
    int failed = 0;

    for (size_t i = 0; i < n; i++)
        failed |= json_array_append_new(array, json_string(names[i]));
    return cd_json_finish(array, failed);
}

json_t *cd_json_finish(json_t *json, int failed)
{
    if (!failed)
        return json;
    json_decref(json);
    return NULL;
}
