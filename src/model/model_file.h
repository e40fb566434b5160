/* SPDX-License-Identifier: MIT
 *
 * Models as safetensors files: weights as tensors, everything else as JSON in the metadata
 * (docs/reference/file-formats.md). */
#ifndef CD_MODEL_MODEL_FILE_H
#define CD_MODEL_MODEL_FILE_H

#include "io/graph_json.h"
#include "io/safetensors.h"
#include "model/model.h"

/* Reads a model from a file. Errors: MEMORY, IO, MODEL_FILE. */
cnn_status_t cd_model_file_load(cnn_context_t *context, const char *path, cnn_model_t **model);

/* Reads a model from the bytes of such a file, which are not kept. name: what messages call the
 * bytes. Errors: MEMORY, MODEL_FILE. */
cnn_status_t cd_model_file_parse(cnn_context_t *context, const char *name, const uint8_t *bytes,
                                 size_t size, cnn_model_t **model);

/* Writes a model, replacing the file atomically. Errors: MEMORY, IO, NAN (a weight is not finite,
 * or too large for half precision). */
cnn_status_t cd_model_file_save(const cnn_model_t *model, const char *path,
                                cnn_precision_t precision);

#endif
