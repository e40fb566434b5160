/* SPDX-License-Identifier: MIT
 *
 * The mistakes of an evaluation: photos whose predicted class differs from their label. They are
 * sorted by the label's predicted probability, the smallest first, because these labels may be
 * wrong. */
#ifndef CATDOG_MISTAKES_H
#define CATDOG_MISTAKES_H

#include <jansson.h>
#include <stddef.h>

#include "base/tool.h"

struct mistake {
    size_t sample;
    size_t predicted;  /* index of the predicted class */
    float probability; /* predicted probability of the label */
};

struct mistakes {
    struct mistake *items;
    size_t n;
};

/* Finds the mistakes of an evaluation on the dataset. Returns the exit status. */
int mistakes_find(const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset,
                  struct mistakes *mistakes);
void mistakes_free(struct mistakes *mistakes);

/* Prints the first `most` mistakes on stdout, or all if there are fewer. */
void mistakes_print(const struct mistakes *mistakes, const cnn_dataset_t *dataset, size_t most);

/* Returns the first `most` mistakes as [{"path": ..., "class": ..., "predicted": ...,
 * "probability": ...}], or NULL if out of memory. */
json_t *mistakes_json(const struct mistakes *mistakes, const cnn_dataset_t *dataset, size_t most);

/* Writes all mistakes as a split list with the single subset "mistake". Columns after the path
 * contain the class, the predicted class and the probability of the label. Returns the exit
 * status. */
int mistakes_save(const struct mistakes *mistakes, const cnn_dataset_t *dataset, const char *path);

#endif
