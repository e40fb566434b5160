/* SPDX-License-Identifier: MIT
 *
 * Models as safetensors files: weights as tensors, everything else as JSON in the metadata
 * (docs/reference/file-formats.md). */
#ifndef CD_MODEL_MODEL_FILE_H
#define CD_MODEL_MODEL_FILE_H

#include "io/graph_json.h"
#include "io/safetensors.h"
#include "model/model.h"

cnn_status_t cd_model_file_load(cnn_context_t *context, const char *path, cnn_model_t **model);

/* name: for messages. */
cnn_status_t cd_model_file_parse(cnn_context_t *context, const char *name, const uint8_t *bytes,
                                 size_t size, cnn_model_t **model);

/* Errors: MEMORY, IO, NAN (halves cannot hold a value). */
cnn_status_t cd_model_file_save(const cnn_model_t *model, const char *path,
                                cnn_precision_t precision);

/* Settings as the file writes them, in JSON. Errors: MEMORY, MODEL_FILE. */
cnn_status_t cd_model_file_preprocess(const char *text, cnn_preprocess_t *preprocess);

#endif
