/* SPDX-License-Identifier: MIT
 *
 * Preprocessing as JSON, for model files and recipes. */
#ifndef CD_MODEL_PREPROCESS_JSON_H
#define CD_MODEL_PREPROCESS_JSON_H

#include "io/json.h"

/* The JSON object of complete preprocessing; NULL if memory ran out. */
json_t *cd_preprocess_to_json(const cnn_preprocess_t *preprocess);

/* Reads such an object from text. Errors: MEMORY, MODEL_FILE. */
cnn_status_t cd_preprocess_from_json(const char *text, cnn_preprocess_t *preprocess);

#endif
