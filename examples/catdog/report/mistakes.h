/* SPDX-License-Identifier: MIT
 *
 * The photos that a model takes for another class than their label's, the least probable label
 * first: either the model is wrong or the label is. */
#ifndef CATDOG_MISTAKES_H
#define CATDOG_MISTAKES_H

#include <jansson.h>
#include <stddef.h>

#include "base/tool.h"

struct mistake {
    size_t sample;
    size_t told;       /* the class */
    float probability; /* of the label */
};

struct mistakes {
    struct mistake *items;
    size_t n;
};

/* Returns the exit status. */
int mistakes_find(const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset,
                  struct mistakes *mistakes);
void mistakes_free(struct mistakes *mistakes);

/* At most the first `most`, on stdout. */
void mistakes_print(const struct mistakes *mistakes, const cnn_dataset_t *dataset, size_t most);

/* The same as [{"path": ..., "class": ..., "predicted": ..., "probability": ...}]; NULL without
 * memory. */
json_t *mistakes_json(const struct mistakes *mistakes, const cnn_dataset_t *dataset, size_t most);

/* All, as a part list whose part is "mistake", with class, predicted class and probability of the
 * label as further columns. Returns the exit status. */
int mistakes_save(const struct mistakes *mistakes, const cnn_dataset_t *dataset, const char *path);

#endif
