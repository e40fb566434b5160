/* SPDX-License-Identifier: MIT
 *
 * A task that a tiny network learns in seconds: noisy pictures of 12 x 14 pixels, brighter on the
 * left (class "left"), on the right ("right"), or (of three classes) at the top. Whatever fails
 * here fails the test. */
#ifndef TESTS_SUPPORT_TOY_H
#define TESTS_SUPPORT_TOY_H

#include <catdog/catdog.h>

enum { TOY_HEIGHT = 12, TOY_WIDTH = 14, TOY_PIXELS = TOY_HEIGHT * TOY_WIDTH * 3 };

cnn_context_t *toy_context(uint32_t threads);

/* n pictures of classes (2 or 3) in turn; other pictures for another seed. */
cnn_dataset_t *toy_data(cnn_context_t *context, size_t n, size_t classes, uint64_t seed);

/* The same pictures, each labelled as the class after its own. */
cnn_dataset_t *toy_wrong_data(cnn_context_t *context, size_t n, size_t classes, uint64_t seed);

enum toy_net {
    TOY_PLAIN, /* convolution, pooling, dense, sigmoid or softmax */
    TOY_FULL   /* with batch normalisation and dropout too */
};

cnn_model_t *toy_model(cnn_context_t *context, enum toy_net net, size_t classes, uint64_t seed);

/* 1 if both models have the same bits in all parameters. */
int toy_same_weights(const cnn_model_t *a, const cnn_model_t *b);

/* 1 if all figures but seconds and images per second have the same bits. */
int toy_same_history(const cnn_history_t *a, const cnn_history_t *b);

#endif
