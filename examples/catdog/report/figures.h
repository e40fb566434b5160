/* SPDX-License-Identifier: MIT
 *
 * Evaluates a model. Prints the metrics as a table or as JSON, and saves the predictions as CSV. */
#ifndef CATDOG_FIGURES_H
#define CATDOG_FIGURES_H

#include <jansson.h>
#include <stdio.h>

#include "base/tool.h"

/* Evaluates the model on the dataset and shows a progress bar. mirror: 1 for test-time mirroring.
 * Returns the exit status. */
int figures_evaluate(const struct tool *tool, const cnn_model_t *model, cnn_dataset_t *dataset,
                     int mirror, cnn_evaluation_t **evaluation);

/* Prints the metrics as a table. Returns the exit status. */
int figures_print(FILE *stream, const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset);

/* Creates an object with mse, binary_cross_entropy, pearson, auc, accuracy, balanced_accuracy,
 * precision, recall, best_threshold, best_accuracy, thresholds, confusion, photos, accuracy_low,
 * accuracy_high, calibration_error, reliability. Returns NULL on failure. */
json_t *figures_json(const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset);

/* Returns the predicted class: the index of the largest of n probabilities. If several are largest,
 * returns the first. */
size_t figures_predicted(const float *probabilities, size_t n);

/* Writes a CSV file with a line for each photo: path, class, predicted class, and the probability
 * of each class. Returns the exit status. */
int figures_save_predictions(const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset,
                             const char *path);

#endif
