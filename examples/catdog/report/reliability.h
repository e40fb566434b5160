/* SPDX-License-Identifier: MIT
 *
 * Writes the reliability of a model, that is, its accuracy for each bin of confidence, as a
 * diagram, as CSV or as JSON. */
#ifndef CATDOG_RELIABILITY_H
#define CATDOG_RELIABILITY_H

#include <jansson.h>

#include "base/tool.h"

/* Returns 1 if the file name ends in .svg, .png or .csv. */
int reliability_saves(const char *out);

/* Writes a CSV file if the file name ends in .csv, else a diagram. Returns the exit status. */
int reliability_save(const cnn_evaluation_t *evaluation, const char *out);

/* Returns [{"low": 0, "high": 0.0667, "photos": ..., "confidence": ..., "accuracy": ...}, ...] with
 * an object for each bin, or NULL if out of memory. */
json_t *reliability_json(const cnn_evaluation_t *evaluation);

#endif
