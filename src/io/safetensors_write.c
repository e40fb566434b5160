/* SPDX-License-Identifier: MIT */
#include "io/safetensors.h"

#include <string.h>

#include "core/file.h"
#include "core/memory.h"
#include "io/json.h"
#include "io/safetensors_format.h"

static json_t *tensor_json(const struct cd_tensor *tensor, size_t begin)
{
    const size_t offsets[2] = {begin, begin + tensor->count * sizeof(float)};
    json_t *object = json_object();
    int failed = json_object_set_new(object, "dtype", json_string("F32"));

    failed |= cd_json_set_uints(object, "shape", tensor->dims, tensor->rank);
    failed |= cd_json_set_uints(object, "data_offsets", offsets, 2);
    if (!failed)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *header_json(const struct cd_tensor *tensors, size_t n_tensors,
                           const struct cd_text_entry *entries, size_t n_entries)
{
    json_t *header = json_object(), *metadata = json_object();
    int failed = 0;
    size_t begin = 0;

    for (size_t i = 0; i < n_entries; i++)
        failed |= json_object_set_new(metadata, entries[i].key, json_string(entries[i].value));
    failed |= json_object_set_new(header, CD_TENSORS_METADATA, metadata);
    for (size_t i = 0; i < n_tensors; i++) {
        failed |= json_object_set_new(header, tensors[i].name, tensor_json(&tensors[i], begin));
        begin += tensors[i].count * sizeof(float);
    }
    if (!failed)
        return header;
    json_decref(header);
    return NULL;
}

static cnn_status_t write_header(struct cd_file_writer *writer, const char *header)
{
    const size_t length = strlen(header);
    const size_t padding =
        (CD_TENSORS_HEADER_ALIGN - length % CD_TENSORS_HEADER_ALIGN) % CD_TENSORS_HEADER_ALIGN;
    const uint64_t padded = length + padding;
    uint8_t bytes[CD_TENSORS_LENGTH_SIZE];

    for (int i = 0; i < CD_TENSORS_LENGTH_SIZE; i++)
        bytes[i] = (uint8_t)(padded >> 8 * i);
    CD_TRY(cd_file_writer_write(writer, bytes, sizeof bytes));
    CD_TRY(cd_file_writer_write(writer, header, length));
    return cd_file_writer_write(writer, "        ", padding);
}

static cnn_status_t write_file(cnn_context_t *context, const char *path, const char *header,
                               const struct cd_tensor *tensors, size_t n_tensors)
{
    struct cd_file_writer writer;
    cnn_status_t rc;

    CD_TRY(cd_file_writer_open(context, path, &writer));
    CD_TRY_FAIL(write_header(&writer, header));
    for (size_t i = 0; i < n_tensors; i++)
        CD_TRY_FAIL(
            cd_file_writer_write(&writer, tensors[i].values, tensors[i].count * sizeof(float)));
    return cd_file_writer_commit(&writer);
fail:
    cd_file_writer_discard(&writer);
    return rc;
}

cnn_status_t cd_safetensors_save(cnn_context_t *context, const char *path,
                                 const struct cd_tensor *tensors, size_t n_tensors,
                                 const struct cd_text_entry *entries, size_t n_entries)
{
    json_t *json;
    char *header;
    cnn_status_t rc;

    if (!cd_little_endian())
        return cd_error(context, CNN_ERROR_UNSUPPORTED,
                        "%s: model files cannot be written on a big-endian machine", path);
    json = header_json(tensors, n_tensors, entries, n_entries);
    if (!json)
        return cd_error_memory(context);
    rc = cd_json_dump(context, json, CD_JSON_DOUBLE_DIGITS, &header);
    json_decref(json);
    CD_TRY(rc);
    if (strlen(header) > CD_TENSORS_HEADER_LARGEST - CD_TENSORS_HEADER_ALIGN)
        rc = cd_error(context, CNN_ERROR_ARGUMENT, "%s: more than %d bytes of metadata", path,
                      (int)CD_TENSORS_HEADER_LARGEST);
    else
        rc = write_file(context, path, header, tensors, n_tensors);
    cd_free(context, header);
    return rc;
}
