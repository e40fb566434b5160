/* SPDX-License-Identifier: MIT
 *
 * A small network that is built stage by stage, for tests of explanations. Its layers are named
 * "a", "norm", "pool_a", "b", "pool_b", "drop", "flat", "hidden" and "out". Any failure fails
 * the test. */
#ifndef TESTS_SUPPORT_STAGED_NET_H
#define TESTS_SUPPORT_STAGED_NET_H

#include <catdog/catdog.h>

enum {
    STAGED_HEIGHT = 12,
    STAGED_WIDTH = 11,
    STAGED_COUNT = 9,  /* stages, one layer each */
    STAGED_MAPS = 6,   /* stages 0 to 5 have a feature map as their output */
    STAGED_CLASSES = 3 /* "ant", "bee", "cat" */
};

extern const char *const staged_names[STAGED_COUNT];

/* Returns an image of STAGED_HEIGHT x STAGED_WIDTH pixels. */
cnn_image_t *staged_photo(cnn_context_t *owner);

/* Each adds one layer and returns its node. */
cnn_node_t staged_conv(cnn_graph_t *graph, cnn_node_t node, const char *name, uint32_t filters,
                       uint32_t size, cnn_padding_t padding, cnn_activation_t activation);
cnn_node_t staged_dense(cnn_graph_t *graph, cnn_node_t node, const char *name, uint32_t units,
                        cnn_activation_t activation);

/* Adds the layer of stage `stage`, 0 to STAGED_COUNT - 1. output: activation of the last stage. */
cnn_node_t staged_add(cnn_graph_t *graph, cnn_node_t node, int stage, cnn_activation_t output);

/* Returns a model of the graph with nonzero biases and statistics. Frees graph. */
cnn_model_t *staged_model_of(cnn_graph_t *graph);

/* Returns a model of all stages with softmax output. */
cnn_model_t *staged_model(cnn_context_t *owner);

/* Makes an explanation of the photo. class_name, layer: NULL = the default. Returns its
 * properties. The caller frees *explanation. */
cnn_explanation_info_t staged_explain(const cnn_model_t *model, const cnn_image_t *photo,
                                      const char *class_name, const char *layer,
                                      cnn_explanation_t **explanation);

#endif
