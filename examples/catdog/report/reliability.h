/* SPDX-License-Identifier: MIT
 *
 * How right a model is where it is how sure: the table of an evaluation as picture, CSV and
 * JSON. */
#ifndef CATDOG_RELIABILITY_H
#define CATDOG_RELIABILITY_H

#include <jansson.h>

#include "base/tool.h"

/* Whether a file can have this name: it ends in .svg, .png or .csv. */
int reliability_saves(const char *out);

/* Returns the exit status. */
int reliability_save(const cnn_evaluation_t *evaluation, const char *out);

/* [{"low": 0, "high": 0.0667, "photos": ..., "confidence": ..., "accuracy": ...}]; NULL without
 * memory. */
json_t *reliability_json(const cnn_evaluation_t *evaluation);

#endif
