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

/* The content of a file. Tensors are sorted by their position in the file. */
struct cd_tensor_file {
    cnn_context_t *context;
    struct cd_tensor *tensors;
    size_t n_tensors;
    struct cd_text_entry *metadata; /* the members of "__metadata__" */
    size_t n_metadata;
    uint8_t *bytes; /* the file's content if the struct owns it, else NULL */
};

/* Reads a container from memory and checks that it is valid: its lengths, JSON without duplicate
 * keys, types, offsets that cover the data exactly once, and finite values. name: the name of the
 * bytes in messages. bytes must live as long as file, which the caller frees with
 * cd_safetensors_free. Errors: MEMORY, MODEL_FILE, UNSUPPORTED (a big-endian machine). */
cnn_status_t cd_safetensors_parse(cnn_context_t *context, const char *name, const uint8_t *bytes,
                                  size_t size, struct cd_tensor_file *file);

/* Reads a container from a file, as cd_safetensors_parse does. The struct owns the bytes. Errors:
 * MEMORY, IO, MODEL_FILE, UNSUPPORTED. */
cnn_status_t cd_safetensors_load(cnn_context_t *context, const char *path,
                                 struct cd_tensor_file *file);
void cd_safetensors_free(struct cd_tensor_file *file);

/* Return the tensor with this name, or the metadata value of this key; NULL if there is none. */
const struct cd_tensor *cd_safetensors_tensor(const struct cd_tensor_file *file, const char *name);
const char *cd_safetensors_metadata(const struct cd_tensor_file *file, const char *key);

/* Writes a container. An existing file is replaced atomically. entries: the metadata. Errors:
 * MEMORY, IO, NAN (a value of a tensor of halves is not finite or too large; no file is changed),
 * ARGUMENT (too much metadata), UNSUPPORTED (a big-endian machine). */
cnn_status_t cd_safetensors_save(cnn_context_t *context, const char *path,
                                 const struct cd_tensor *tensors, size_t n_tensors,
                                 const struct cd_text_entry *entries, size_t n_entries);

#endif
