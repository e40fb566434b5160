/* SPDX-License-Identifier: MIT
 *
 * A model: a graph, its weights in one block, its classes and its preprocessing. Read-only while
 * predicting. */
#ifndef CD_MODEL_MODEL_H
#define CD_MODEL_MODEL_H

#include "graph/graph.h"
#include "plan/prepared.h"

struct cd_metadata {
    char key[CD_NAME_SIZE];
    char *value;
};

struct cnn_model {
    cnn_context_t *context;
    atomic_size_t users; /* sessions hold their model */
    cnn_graph_t *graph;
    float *weights;    /* graph->trainable_size: all trainable parameters, gaps are zero */
    uint64_t changes;  /* counted by cd_model_changed */
    struct cd_prepared_list prepared; /* its sessions' */
    float *statistics; /* graph->statistics_size: batch normalisation's running mean, variance */
    char **classes;    /* NULL if the graph does not see photos */
    size_t n_classes;
    cnn_preprocess_t preprocess;  /* complete */
    struct cd_metadata *metadata; /* sorted by key */
    size_t n_metadata, metadata_capacity;
};

/* options: read and complete but for preprocess (given or NULL), initializer and seed. Fresh
 * weights. Errors: ARGUMENT, MEMORY, SHAPE. */
cnn_status_t cd_model_create(const cnn_graph_t *graph, const cnn_model_options_t *options,
                             cnn_model_t **model);

/* The same with all values zero: for a reader that fills them in. */
cnn_status_t cd_model_create_blank(const cnn_graph_t *graph, const cnn_model_options_t *options,
                                   cnn_model_t **model);

/* 1 if a model of this graph (of one layer at least) has classes and sees photos. */
int cd_model_sees_photos(const cnn_graph_t *graph);
cnn_model_t *cd_model_ref(cnn_model_t *model);
void cd_model_unref(cnn_model_t *model);

/* To be called after the values of weights or statistics were changed: sessions keep what they have
 * worked out from them. */
void cd_model_changed(cnn_model_t *model);

/* Values of a parameter inside the model's blocks. */
float *cd_model_values(const cnn_model_t *model, const struct cd_param *param);

cnn_status_t cd_model_set_metadata(cnn_model_t *model, const char *key, const char *value);
const char *cd_model_metadata(const cnn_model_t *model, const char *key);

#endif
