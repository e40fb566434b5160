/* SPDX-License-Identifier: MIT
 *
 * The safetensors container (https://github.com/huggingface/safetensors): 8 bytes of header length,
 * a JSON header, then the tensors' bytes without gaps. Models and checkpoints are stored in it. All
 * tensors here are F32, little-endian. */
#ifndef CD_IO_SAFETENSORS_H
#define CD_IO_SAFETENSORS_H

#include "core/context.h"

enum { CD_TENSOR_NAME_SIZE = 192, CD_TENSOR_RANK = 4 };

struct cd_tensor {
    char name[CD_TENSOR_NAME_SIZE];
    size_t rank;
    size_t dims[CD_TENSOR_RANK];
    size_t count;
    const float *values;
};

struct cd_text_entry {
    char *key;
    char *value;
};

/* A file that was read: tensors in the order of their bytes. Values point into data. */
struct cd_tensor_file {
    cnn_context_t *context;
    struct cd_tensor *tensors;
    size_t n_tensors;
    struct cd_text_entry *metadata; /* "__metadata__" */
    size_t n_metadata;
    uint8_t *data; /* owned, or NULL */
};

/* Checks everything about the container: lengths, JSON (no duplicate keys), types, offsets that
 * cover the data exactly once, finite values. name: for messages. bytes must stay while file is
 * used. Errors: MEMORY, MODEL_FILE. */
cnn_status_t cd_safetensors_parse(cnn_context_t *context, const char *name, const uint8_t *bytes,
                                  size_t size, struct cd_tensor_file *file);

/* The same from a path; file owns the bytes. Errors also: IO. */
cnn_status_t cd_safetensors_load(cnn_context_t *context, const char *path,
                                 struct cd_tensor_file *file);
void cd_safetensors_free(struct cd_tensor_file *file);

/* NULL if absent. */
const struct cd_tensor *cd_safetensors_tensor(const struct cd_tensor_file *file, const char *name);
const char *cd_safetensors_metadata(const struct cd_tensor_file *file, const char *key);

/* Writes atomically. entries: n_entries key/value pairs. Errors: MEMORY, IO. */
cnn_status_t cd_safetensors_save(cnn_context_t *context, const char *path,
                                 const struct cd_tensor *tensors, size_t n_tensors,
                                 const struct cd_text_entry *entries, size_t n_entries);

#endif
