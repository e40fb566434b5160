/* SPDX-License-Identifier: MIT */
#include "io/safetensors.h"

#include <string.h>

#include "core/file_writer.h"
#include "core/memory.h"
#include "io/half.h"
#include "io/json.h"
#include "io/safetensors_format.h"

static size_t stored_size(const struct cd_tensor *tensor)
{
    return tensor->count * cd_tensor_value_size(tensor->type);
}

static json_t *tensor_json(const struct cd_tensor *tensor, size_t begin)
{
    const size_t offsets[2] = {begin, begin + stored_size(tensor)};
    json_t *object = json_object();
    int failed = json_object_set_new(
        object, "dtype", json_string(cd_enum_name(&cd_tensor_type_names, tensor->type)));

    failed |= cd_json_set_uints(object, "shape", tensor->dims, tensor->rank);
    failed |= cd_json_set_uints(object, "data_offsets", offsets, 2);
    return cd_json_finish(object, failed);
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
        begin += stored_size(&tensors[i]);
    }
    return cd_json_finish(header, failed);
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

static cnn_status_t write_halves(struct cd_file_writer *writer, const struct cd_tensor *tensor)
{
    enum { BUFFER = 4096 };
    uint16_t halves[BUFFER];
    const float *values = tensor->data;

    for (size_t done = 0; done < tensor->count; done += BUFFER) {
        const size_t n = tensor->count - done < BUFFER ? tensor->count - done : BUFFER;
        cd_half_from_float(values + done, n, halves);
        CD_TRY(cd_file_writer_write(writer, halves, n * sizeof *halves));
    }
    return CNN_OK;
}

static cnn_status_t write_values(struct cd_file_writer *writer, const struct cd_tensor *tensor)
{
    return tensor->type == CD_TENSOR_F16
               ? write_halves(writer, tensor)
               : cd_file_writer_write(writer, tensor->data, stored_size(tensor));
}

static cnn_status_t write_file(cnn_context_t *context, const char *path, const char *header,
                               const struct cd_tensor *tensors, size_t n_tensors)
{
    struct cd_file_writer writer;
    cnn_status_t rc;

    CD_TRY(cd_file_writer_open(context, path, &writer));
    CD_TRY_FAIL(write_header(&writer, header));
    for (size_t i = 0; i < n_tensors; i++)
        CD_TRY_FAIL(write_values(&writer, &tensors[i]));
    return cd_file_writer_commit(&writer);
fail:
    cd_file_writer_discard(&writer);
    return rc;
}

/* Checks, before anything is written, that all values of F16 tensors have a finite half. F32
 * tensors are not checked: the reader refuses values that are not finite. */
static cnn_status_t check_halves(const char *path, const struct cd_tensor *tensors,
                                 size_t n_tensors)
{
    for (size_t i = 0; i < n_tensors; i++) {
        const struct cd_tensor *tensor = &tensors[i];
        if (tensor->type != CD_TENSOR_F16)
            continue;
        const size_t bad = cd_half_misfit(tensor->data, tensor->count);
        if (bad < tensor->count)
            return cd_error(CNN_ERROR_NAN,
                            "%s: tensor \"%s\": value %zu, %g, is not a finite half; "
                            "the largest is %g",
                            path, tensor->name, bad, (double)((const float *)tensor->data)[bad],
                            (double)CD_HALF_LARGEST);
    }
    return CNN_OK;
}

cnn_status_t cd_safetensors_save(cnn_context_t *context, const char *path,
                                 const struct cd_tensor *tensors, size_t n_tensors,
                                 const struct cd_text_entry *entries, size_t n_entries)
{
    json_t *json;
    char *header;
    cnn_status_t rc;

    if (!cd_little_endian())
        return cd_error(CNN_ERROR_UNSUPPORTED,
                        "%s: model files cannot be written on a big-endian machine", path);
    CD_TRY(check_halves(path, tensors, n_tensors));
    json = header_json(tensors, n_tensors, entries, n_entries);
    if (!json)
        return cd_error_memory();
    rc = cd_json_dump(context, json, CD_JSON_DOUBLE_DIGITS, &header);
    json_decref(json);
    CD_TRY(rc);
    if (strlen(header) > CD_TENSORS_HEADER_LARGEST - CD_TENSORS_HEADER_ALIGN)
        rc = cd_error(CNN_ERROR_ARGUMENT, "%s: more than %d bytes of metadata", path,
                      (int)CD_TENSORS_HEADER_LARGEST);
    else
        rc = write_file(context, path, header, tensors, n_tensors);
    cd_free(context, header);
    return rc;
}
