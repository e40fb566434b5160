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

/* Makes n images, with the classes (2 or 3) in turn. Another seed gives other images. */
cnn_dataset_t *toy_data(cnn_context_t *context, size_t n, size_t classes, uint64_t seed);

/* Makes the images of toy_data, each with the label of the next class. */
cnn_dataset_t *toy_wrong_data(cnn_context_t *context, size_t n, size_t classes, uint64_t seed);

enum toy_net {
    TOY_PLAIN, /* convolution, pooling, dense, sigmoid or softmax */
    TOY_FULL   /* TOY_PLAIN with batch normalisation and dropout */
};

cnn_model_t *toy_model(cnn_context_t *context, enum toy_net net, size_t classes, uint64_t seed);

/* 1 if both models have the same bits in all parameters. */
int toy_same_weights(const cnn_model_t *a, const cnn_model_t *b);

/* 1 if all figures except seconds and images per second have the same bits. */
int toy_same_history(const cnn_history_t *a, const cnn_history_t *b);

#endif
