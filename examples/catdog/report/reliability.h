/* SPDX-License-Identifier: MIT
 *
 * The reliability of an evaluation, which is the accuracy for each bin of confidence, as a diagram,
 * CSV and JSON. */
#ifndef CATDOG_RELIABILITY_H
#define CATDOG_RELIABILITY_H

#include <jansson.h>

#include "base/tool.h"

/* Returns 1 if the file name ends in .svg, .png or .csv. */
int reliability_saves(const char *out);

/* Writes a diagram or, for .csv, a table. Returns the exit status. */
int reliability_save(const cnn_evaluation_t *evaluation, const char *out);

/* Makes [{"low": 0, "high": 0.0667, "photos": ..., "confidence": ..., "accuracy": ...}], or
 * NULL without memory. */
json_t *reliability_json(const cnn_evaluation_t *evaluation);

#endif
