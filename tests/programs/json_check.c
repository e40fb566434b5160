/* SPDX-License-Identifier: MIT
 *
 * json_check [PATH[:TYPE][=VALUE]]...: reads one JSON document from standard input and checks that
 * each PATH exists and has the TYPE and VALUE. PATH is keys and indices separated by dots, such as
 * "thresholds.0.accuracy"; "skipped.#" is the number of elements of "skipped". Exit status 0 if
 * all checks pass. Text before or after the document is an error. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *type_name(const json_t *value)
{
    if (json_is_number(value))
        return "number";
    if (json_is_boolean(value))
        return "boolean";
    return json_is_object(value)   ? "object"
           : json_is_array(value)  ? "array"
           : json_is_string(value) ? "string"
                                   : "null";
}

/* Returns the member or element `key` of value, or NULL if it does not exist. For key "#", stores
 * the number of elements in *count and returns it. */
static json_t *step(json_t *value, const char *key, json_t **count)
{
    if (strcmp(key, "#") == 0) {
        size_t n = json_is_array(value) ? json_array_size(value) : json_object_size(value);
        return *count = json_integer((json_int_t)n);
    }
    if (json_is_array(value))
        return json_array_get(value, (size_t)strtoul(key, NULL, 10));
    return json_object_get(value, key);
}

static int same(const json_t *value, const char *expected)
{
    char text[64];

    if (json_is_string(value))
        return strcmp(json_string_value(value), expected) == 0;
    if (json_is_number(value)) {
        snprintf(text, sizeof text, "%.6g", json_number_value(value));
        return strcmp(text, expected) == 0;
    }
    return strcmp(json_is_true(value)    ? "true"
                  : json_is_false(value) ? "false"
                                         : type_name(value),
                  expected) == 0;
}

static int holds(json_t *document, const char *claim)
{
    char path[256];
    json_t *value = document, *count = NULL;

    snprintf(path, sizeof path, "%s", claim);
    char *expected = strchr(path, '=');
    if (expected)
        *expected++ = '\0';
    char *type = strchr(path, ':');
    if (type)
        *type++ = '\0';
    for (char *key = strtok(path, "."); key && value; key = strtok(NULL, "."))
        value = step(value, key, &count);
    int good = value && (!type || strcmp(type_name(value), type) == 0) &&
               (!expected || same(value, expected));
    if (!good) {
        fprintf(stderr, "json_check: %s does not hold; there is ", claim);
        if (value)
            json_dumpf(value, stderr, JSON_ENCODE_ANY);
        fprintf(stderr, "%s\n", value ? "" : "nothing");
    }
    json_decref(count);
    return good;
}

int main(int argc, char **argv)
{
    json_error_t error;
    json_t *document = json_loadf(stdin, JSON_REJECT_DUPLICATES, &error);
    int good = document != NULL;

    if (!good)
        fprintf(stderr, "json_check: line %d: %s\n", error.line, error.text);
    for (int i = 1; i < argc && document; i++)
        good &= holds(document, argv[i]);
    json_decref(document);
    return good ? 0 : 1;
}
