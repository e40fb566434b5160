/* SPDX-License-Identifier: MIT
 *
 * The photos whose predicted class is not their label, the least probable label first. In each
 * either the model or the label is wrong. */
#ifndef CATDOG_MISTAKES_H
#define CATDOG_MISTAKES_H

#include <jansson.h>
#include <stddef.h>

#include "base/tool.h"

struct mistake {
    size_t sample;
    size_t predicted;  /* the predicted class */
    float probability; /* probability of the label */
};

struct mistakes {
    struct mistake *items;
    size_t n;
};

/* Finds the mistakes of an evaluation. Returns the exit status. */
int mistakes_find(const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset,
                  struct mistakes *mistakes);
void mistakes_free(struct mistakes *mistakes);

/* Prints at most the first `most` on stdout. */
void mistakes_print(const struct mistakes *mistakes, const cnn_dataset_t *dataset, size_t most);

/* Gives them as [{"path": ..., "class": ..., "predicted": ..., "probability": ...}], or
 * NULL without memory. */
json_t *mistakes_json(const struct mistakes *mistakes, const cnn_dataset_t *dataset, size_t most);

/* Writes all mistakes as a split list whose subset is "mistake". Class, predicted class and
 * probability of the label are further columns. Returns the exit status. */
int mistakes_save(const struct mistakes *mistakes, const cnn_dataset_t *dataset, const char *path);

#endif
