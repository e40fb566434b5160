/* SPDX-License-Identifier: MIT
 *
 * A model: a graph, its parameters, its classes, its preprocessing and its metadata. Prediction
 * only reads it, so that any number of threads may predict at once. */
#ifndef CD_MODEL_MODEL_H
#define CD_MODEL_MODEL_H

#include "graph/graph.h"
#include "model/metadata.h"
#include "plan/prepared.h"

struct cnn_model {
    cnn_context_t *context;
    atomic_size_t users; /* sessions and explanations hold their model */
    cnn_graph_t *graph;
    float *weights;    /* graph->trainable_size: all trainable parameters; gaps are zero */
    float *statistics; /* graph->statistics_size: running means and variances */
    uint64_t changes;  /* counted by cd_model_changed */
    struct cd_prepared_list prepared; /* the prepared kernels that sessions share */
    char **classes;                   /* NULL if the graph does not see photos */
    size_t n_classes;
    cnn_preprocess_t preprocess; /* with all defaults filled in */
    struct cd_metadata_list metadata;
};

/* Creates a model with fresh weights. options: read, but preprocess (or NULL), initializer and seed
 * need not be complete. Errors: ARGUMENT, MEMORY, SHAPE. */
cnn_status_t cd_model_create(const cnn_graph_t *graph, const cnn_model_options_t *options,
                             cnn_model_t **model);

/* Creates a model whose parameters are all zero, for a caller that fills them in. options and
 * errors: as for cd_model_create. */
cnn_status_t cd_model_create_blank(const cnn_graph_t *graph, const cnn_model_options_t *options,
                                   cnn_model_t **model);

cnn_model_t *cd_model_ref(cnn_model_t *model);

/* Releases a reference to the model. model may be NULL. */
void cd_model_unref(cnn_model_t *model);

/* 1 if a model of this graph has classes and sees photos: an input with 3 channels and a flat
 * output. */
int cd_graph_sees_photos(const cnn_graph_t *graph);

/* Checks that the model sees photos. where: the public function, for the message. Errors: SHAPE. */
cnn_status_t cd_model_check_photos(const cnn_model_t *model, const char *where);

/* Records that weights or statistics have changed. Sessions then prepare their kernels again. Must
 * be called after each change. */
void cd_model_changed(cnn_model_t *model);

/* The values of a parameter inside the model's blocks. */
float *cd_model_values(const cnn_model_t *model, const struct cd_param *param);

/* Copy all values of the parameter of this name. count must be the number of its values. where: the
 * public function, for messages. Values that are written must be finite. Errors: ARGUMENT (unknown
 * name, another count), NAN. */
cnn_status_t cd_model_read(const cnn_model_t *model, const char *where, const char *name,
                           float *values, size_t count);
cnn_status_t cd_model_write(cnn_model_t *model, const char *where, const char *name,
                            const float *values, size_t count);

#endif
