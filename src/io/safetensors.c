/* SPDX-License-Identifier: MIT */
#include "io/safetensors.h"

#include <stdlib.h>
#include <string.h>

#include "core/file.h"
#include "core/memory.h"
#include "io/json.h"
#include "io/safetensors_format.h"

/* A tensor and the range of its bytes in the data, begin inclusive, end exclusive. */
struct entry {
    uint64_t begin, end;
    struct cd_tensor tensor;
};

/* The state while a file is parsed. Inner functions do not name the file in their messages;
 * cd_safetensors_parse adds its name. */
struct parse {
    cnn_context_t *context;
    const uint8_t *data; /* the bytes after the header */
    size_t data_size;
    struct entry *entries;
    size_t n_entries;
    struct cd_tensor_file *file;
};

static uint64_t read_length(const uint8_t *bytes)
{
    uint64_t length = 0;

    for (int i = CD_TENSORS_LENGTH_SIZE - 1; i >= 0; i--)
        length = length << 8 | bytes[i];
    return length;
}

static cnn_status_t read_metadata(struct parse *parse, json_t *object)
{
    struct cd_tensor_file *file = parse->file;
    const char *key;
    json_t *value;

    if (!json_is_object(object))
        return cd_error(CNN_ERROR_MODEL_FILE, "\"%s\" is not an object", CD_TENSORS_METADATA);
    file->metadata = cd_alloc(parse->context, json_object_size(object), sizeof *file->metadata);
    if (!file->metadata)
        return cd_error_memory();
    json_object_foreach(object, key, value)
    {
        struct cd_text_entry *entry = &file->metadata[file->n_metadata++];
        if (!json_is_string(value))
            return cd_error(CNN_ERROR_MODEL_FILE, "metadata \"%.80s\" is not a string", key);
        entry->key = cd_strdup(parse->context, key);
        entry->value = cd_strdup(parse->context, json_string_value(value));
        if (!entry->key || !entry->value)
            return cd_error_memory();
    }
    return CNN_OK;
}

static cnn_status_t read_shape(struct cd_json_reader *reader, struct cd_tensor *tensor)
{
    json_t *array;

    CD_TRY(cd_json_array(reader, "shape", &array));
    tensor->rank = json_array_size(array);
    if (tensor->rank > CD_TENSOR_RANK)
        return cd_error(CNN_ERROR_MODEL_FILE, "its shape has more than %d dimensions",
                        (int)CD_TENSOR_RANK);
    tensor->count = 1;
    for (size_t i = 0; i < tensor->rank; i++) {
        const json_t *number = json_array_get(array, i);
        const json_int_t dim = json_integer_value(number);
        if (!json_is_integer(number) || dim < 0)
            return cd_error(CNN_ERROR_MODEL_FILE, "its shape is not of positive integers");
        if ((uint64_t)dim > SIZE_MAX ||
            (dim > 0 && tensor->count > SIZE_MAX / sizeof(float) / (size_t)dim))
            return cd_error(CNN_ERROR_MODEL_FILE, "its shape is too large");
        tensor->dims[i] = (size_t)dim;
        tensor->count *= (size_t)dim;
    }
    return CNN_OK;
}

static cnn_status_t read_offsets(const struct parse *parse, struct cd_json_reader *reader,
                                 struct entry *entry)
{
    json_t *array;
    json_int_t offsets[2];

    CD_TRY(cd_json_array(reader, "data_offsets", &array));
    if (json_array_size(array) != 2)
        return cd_error(CNN_ERROR_MODEL_FILE, "\"data_offsets\" does not have 2 values");
    for (size_t i = 0; i < 2; i++) {
        const json_t *number = json_array_get(array, i);
        offsets[i] = json_integer_value(number);
        if (!json_is_integer(number) || offsets[i] < 0)
            return cd_error(CNN_ERROR_MODEL_FILE, "\"data_offsets\" is not of positive integers");
    }
    entry->begin = (uint64_t)offsets[0];
    entry->end = (uint64_t)offsets[1];
    if (entry->begin > entry->end || entry->end > parse->data_size)
        return cd_error(
            CNN_ERROR_MODEL_FILE, "its bytes %llu to %llu are not inside the %zu bytes of data",
            (unsigned long long)entry->begin, (unsigned long long)entry->end, parse->data_size);
    if (entry->end - entry->begin !=
        (uint64_t)entry->tensor.count * cd_tensor_value_size(entry->tensor.type))
        return cd_error(CNN_ERROR_MODEL_FILE, "its %llu bytes do not fit its shape (%zu values)",
                        (unsigned long long)(entry->end - entry->begin), entry->tensor.count);
    return CNN_OK;
}

static cnn_status_t read_tensor(const struct parse *parse, const char *name, json_t *object,
                                struct entry *entry)
{
    struct cd_json_reader reader = {.object = object};
    const char *type;

    if (strlen(name) >= CD_TENSOR_NAME_SIZE)
        return cd_error(CNN_ERROR_MODEL_FILE, "its name is longer than %d bytes",
                        CD_TENSOR_NAME_SIZE - 1);
    strcpy(entry->tensor.name, name);
    CD_TRY(cd_json_string(&reader, "dtype", &type));
    const int found = cd_enum_find(&cd_tensor_type_names, type);
    if (found < 0)
        return cd_error(CNN_ERROR_MODEL_FILE, "its type is \"%.20s\", not F32 or F16", type);
    entry->tensor.type = (enum cd_tensor_type)found;
    CD_TRY(read_shape(&reader, &entry->tensor));
    CD_TRY(read_offsets(parse, &reader, entry));
    return cd_json_done(&reader);
}

/* Prefixes the message of a MODEL_FILE error with the tensor's name. Returns status. */
static cnn_status_t in_tensor(const char *name, cnn_status_t status)
{
    if (status == CNN_ERROR_MODEL_FILE)
        return cd_error(status, "tensor \"%.*s\": %s", CD_TENSOR_NAME_SIZE, name,
                        cd_error_message());
    return status;
}

static cnn_status_t read_members(struct parse *parse, json_t *header)
{
    const char *name;
    json_t *member;

    parse->entries = cd_alloc(parse->context, json_object_size(header), sizeof *parse->entries);
    if (!parse->entries)
        return cd_error_memory();
    json_object_foreach(header, name, member)
    {
        if (strcmp(name, CD_TENSORS_METADATA) == 0)
            CD_TRY(read_metadata(parse, member));
        else
            CD_TRY(in_tensor(
                name, read_tensor(parse, name, member, &parse->entries[parse->n_entries++])));
    }
    return CNN_OK;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *one = a, *two = b;

    if (one->begin != two->begin)
        return one->begin < two->begin ? -1 : 1;
    return one->end != two->end ? (one->end < two->end ? -1 : 1) : 0;
}

/* Checks that the tensors, sorted by offset, cover the data without gaps and overlaps. */
static cnn_status_t check_cover(const struct parse *parse)
{
    uint64_t at = 0;

    for (size_t i = 0; i < parse->n_entries; i++) {
        const struct entry *entry = &parse->entries[i];
        if (entry->begin != at)
            return cd_error(CNN_ERROR_MODEL_FILE,
                            "tensor \"%s\": it begins at byte %llu of the data, %s the end "
                            "of the tensor before it, %llu",
                            entry->tensor.name, (unsigned long long)entry->begin,
                            entry->begin < at ? "before" : "after", (unsigned long long)at);
        at = entry->end;
    }
    if (at != parse->data_size)
        return cd_error(CNN_ERROR_MODEL_FILE, "%llu bytes follow the last tensor",
                        (unsigned long long)(parse->data_size - at));
    return CNN_OK;
}

static cnn_status_t take_values(struct parse *parse)
{
    struct cd_tensor_file *file = parse->file;

    file->tensors = cd_alloc(parse->context, parse->n_entries, sizeof *file->tensors);
    if (!file->tensors)
        return cd_error_memory();
    for (size_t i = 0; i < parse->n_entries; i++) {
        struct cd_tensor *tensor = &file->tensors[file->n_tensors++];
        *tensor = parse->entries[i].tensor;
        tensor->data = parse->data + parse->entries[i].begin;
        const size_t bad = cd_tensor_not_finite(tensor);
        if (bad < tensor->count)
            return cd_error(CNN_ERROR_MODEL_FILE, "tensor \"%s\": value %zu is not a finite number",
                            tensor->name, bad);
    }
    return CNN_OK;
}

static cnn_status_t read_header(struct parse *parse, const char *header, size_t length)
{
    json_t *json;
    cnn_status_t rc;

    if (length == 0 || header[0] != '{')
        return cd_error(CNN_ERROR_MODEL_FILE, "its header does not begin with {");
    rc = cd_json_parse(header, length, &json);
    if (rc == CNN_ERROR_MODEL_FILE)
        return cd_error(rc, "its header is %s", cd_error_message());
    if (rc != CNN_OK)
        return rc;
    rc = read_members(parse, json);
    json_decref(json);
    CD_TRY(rc);
    qsort(parse->entries, parse->n_entries, sizeof *parse->entries, compare_entries);
    CD_TRY(check_cover(parse));
    return take_values(parse);
}

static cnn_status_t read_file(struct parse *parse, const uint8_t *bytes, size_t size)
{
    if (!cd_little_endian())
        return cd_error(CNN_ERROR_UNSUPPORTED,
                        "model files cannot be read on a big-endian machine");
    if (size < CD_TENSORS_LENGTH_SIZE)
        return cd_error(CNN_ERROR_MODEL_FILE, "%zu bytes are no safetensors file", size);
    const uint64_t length = read_length(bytes);
    if (length > CD_TENSORS_HEADER_LARGEST || length > size - CD_TENSORS_LENGTH_SIZE)
        return cd_error(CNN_ERROR_MODEL_FILE,
                        "a header of %llu bytes in a file of %zu: no safetensors file, or "
                        "cut short",
                        (unsigned long long)length, size);
    parse->data = bytes + CD_TENSORS_LENGTH_SIZE + (size_t)length;
    parse->data_size = size - CD_TENSORS_LENGTH_SIZE - (size_t)length;
    return read_header(parse, (const char *)bytes + CD_TENSORS_LENGTH_SIZE, (size_t)length);
}

cnn_status_t cd_safetensors_parse(cnn_context_t *context, const char *name, const uint8_t *bytes,
                                  size_t size, struct cd_tensor_file *file)
{
    struct parse parse = {.context = context, .file = file};

    memset(file, 0, sizeof *file);
    file->context = context;
    cnn_status_t rc = read_file(&parse, bytes, size);
    cd_free(context, parse.entries);
    if (rc == CNN_OK)
        return CNN_OK;
    cd_safetensors_free(file);
    if (rc != CNN_ERROR_MEMORY)
        cd_error(rc, "%s: %s", name, cd_error_message());
    return rc;
}

cnn_status_t cd_safetensors_load(cnn_context_t *context, const char *path,
                                 struct cd_tensor_file *file)
{
    uint8_t *bytes;
    size_t size;

    memset(file, 0, sizeof *file);
    CD_TRY(cd_file_read(context, path, UINT64_MAX, CNN_ERROR_IO, &bytes, &size));
    const cnn_status_t rc = cd_safetensors_parse(context, path, bytes, size, file);
    if (rc == CNN_OK)
        file->bytes = bytes;
    else
        cd_free(context, bytes);
    return rc;
}

void cd_safetensors_free(struct cd_tensor_file *file)
{
    for (size_t i = 0; i < file->n_metadata; i++) {
        cd_free(file->context, file->metadata[i].key);
        cd_free(file->context, file->metadata[i].value);
    }
    cd_free(file->context, file->metadata);
    cd_free(file->context, file->tensors);
    cd_free(file->context, file->bytes);
    memset(file, 0, sizeof *file);
}

const struct cd_tensor *cd_safetensors_tensor(const struct cd_tensor_file *file, const char *name)
{
    for (size_t i = 0; i < file->n_tensors; i++)
        if (strcmp(file->tensors[i].name, name) == 0)
            return &file->tensors[i];
    return NULL;
}

const char *cd_safetensors_metadata(const struct cd_tensor_file *file, const char *key)
{
    for (size_t i = 0; i < file->n_metadata; i++)
        if (strcmp(file->metadata[i].key, key) == 0)
            return file->metadata[i].value;
    return NULL;
}
