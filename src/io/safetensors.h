/* SPDX-License-Identifier: MIT
 *
 * The safetensors container (https://github.com/huggingface/safetensors): 8 bytes of header length,
 * a JSON header, then the tensors' bytes without gaps. Models and checkpoints are stored in it. */
#ifndef CD_IO_SAFETENSORS_H
#define CD_IO_SAFETENSORS_H

#include "core/context.h"
#include "io/tensor.h"

struct cd_text_entry {
    char *key;
    char *value;
};

/* A file that was read: tensors in the order of their bytes. */
struct cd_tensor_file {
    cnn_context_t *context;
    struct cd_tensor *tensors;
    size_t n_tensors;
    struct cd_text_entry *metadata; /* "__metadata__" */
    size_t n_metadata;
    uint8_t *bytes; /* owned, or NULL */
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

/* Writes atomically. entries: n_entries key/value pairs. Errors: MEMORY, IO, NAN (a tensor of
 * halves has a value that is none or too large for one; the message names it, and no file is
 * touched). */
cnn_status_t cd_safetensors_save(cnn_context_t *context, const char *path,
                                 const struct cd_tensor *tensors, size_t n_tensors,
                                 const struct cd_text_entry *entries, size_t n_entries);

#endif
