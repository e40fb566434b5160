/* SPDX-License-Identifier: MIT
 *
 * The figures of an evaluation: as a table, as JSON, and photo by photo. */
#ifndef CATDOG_FIGURES_H
#define CATDOG_FIGURES_H

#include <jansson.h>
#include <stdio.h>

#include "base/tool.h"

/* Evaluates with a progress bar; mirror: as cnn_evaluate_options_t's. Returns the exit status. */
int figures_evaluate(const struct tool *tool, const cnn_model_t *model, cnn_dataset_t *dataset,
                     int mirror, cnn_evaluation_t **evaluation);

/* Returns the exit status. */
int figures_print(FILE *stream, const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset);

/* An object with mse, binary_cross_entropy, pearson, auc, accuracy, balanced_accuracy, precision,
 * recall, best_threshold, best_accuracy, thresholds, confusion, photos, accuracy_low,
 * accuracy_high, calibration_error, reliability; NULL on failure. */
json_t *figures_json(const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset);

/* The class that is told by n probabilities: the largest, of equal ones the first. */
size_t figures_told(const float *probabilities, size_t n);

/* A CSV line a photo: path, class, predicted, and the probability of each class. */
int figures_save_predictions(const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset,
                             const char *path);

#endif
