/* SPDX-License-Identifier: MIT
 *
 * Makes graphs, models and sessions, and compares models. Any failure fails the test. */
#ifndef TESTS_SUPPORT_MODEL_MAKERS_H
#define TESTS_SUPPORT_MODEL_MAKERS_H

#include <catdog/catdog.h>

/* Returns the preset `name` for inputs of h x w x 3. */
cnn_graph_t *preset_graph(cnn_context_t *context, const char *name, uint32_t h, uint32_t w,
                          uint32_t outputs);

/* Returns a graph of one 3 x 3 convolution from c channels to the given number of filters. */
cnn_graph_t *convolution_graph(cnn_context_t *context, uint32_t c, uint32_t filters,
                               cnn_initializer_t initializer);

/* Returns a model of the graph. options may be NULL. Frees graph. */
cnn_model_t *model_of(cnn_graph_t *graph, const cnn_model_options_t *options);

/* Returns a session of the model. batch: the batch size, or 0 for the default. */
cnn_session_t *session_of(const cnn_model_t *model, uint32_t batch);

/* Checks that two models have the same weights and statistics. */
void check_same_values(const cnn_model_t *a, const cnn_model_t *b);

#endif
