/* SPDX-License-Identifier: MIT
 *
 * A task that a tiny network learns in seconds: noisy images of 12 x 14 pixels, brighter on the
 * left (class "left"), on the right ("right"), or, with three classes, at the top. Any failure
 * fails the test. */
#ifndef TESTS_SUPPORT_TOY_H
#define TESTS_SUPPORT_TOY_H

#include <catdog/catdog.h>

enum { TOY_HEIGHT = 12, TOY_WIDTH = 14, TOY_PIXELS = TOY_HEIGHT * TOY_WIDTH * 3 };

cnn_context_t *toy_context(uint32_t threads);

/* Creates a dataset of n images. Image i has class i modulo classes (2 or 3). The noise of the
 * images depends on seed. */
cnn_dataset_t *toy_data(cnn_context_t *context, size_t n, size_t classes, uint64_t seed);

/* Creates the dataset of toy_data with wrong labels: each image has the label of the next class. */
cnn_dataset_t *toy_wrong_data(cnn_context_t *context, size_t n, size_t classes, uint64_t seed);

enum toy_net {
    TOY_PLAIN, /* convolution, pooling, dense, sigmoid or softmax */
    TOY_FULL   /* TOY_PLAIN with batch normalisation and dropout */
};

cnn_model_t *toy_model(cnn_context_t *context, enum toy_net net, size_t classes, uint64_t seed);

/* Returns 1 if all parameters of both models are bit-for-bit equal. */
int toy_same_weights(const cnn_model_t *a, const cnn_model_t *b);

/* Returns 1 if the histories are bit-for-bit equal, except for times and throughput. */
int toy_same_history(const cnn_history_t *a, const cnn_history_t *b);

#endif
