/* SPDX-License-Identifier: MIT
 *
 * Memory that a network needs, known before anything large is allocated. */
#ifndef CNN_MEMORY_H
#define CNN_MEMORY_H

#include <catdog/train.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cnn_memory_options {
    size_t struct_size;
    uint32_t batch_size; /* 0 = the preset's for training, else 32; at most 65,536 */
    int training;        /* 1: cnn_model_train; 0: a session */
    cnn_optimizer_t optimizer; /* for training */
    int clipped;  /* 1: training with cnn_train_options_t's clip_norm */
    int averaged; /* 1: with its average_decay */
    int reserved; /* 0 */
    const char *freeze; /* training: as in cnn_train_options_t */
} cnn_memory_options_t;

/* Works out how graph would be run with its context's threads and kernels. graph is only read.
 * Errors: ARGUMENT (also for an empty graph, or a layer to freeze that there is not), MEMORY (also
 * if no machine has so much). */
CNN_API cnn_status_t cnn_memory_create(const cnn_graph_t *graph, const cnn_memory_options_t *options,
                                      cnn_memory_t **memory);
CNN_API void cnn_memory_free(cnn_memory_t *memory);

/* In bytes. A data set's pixels (cnn_dataset_load_bytes) and what a photo needs while it is decoded
 * come on top. */
typedef struct cnn_memory_info {
    size_t struct_size; /* set by the caller */
    uint32_t batch_size;
    int training;
    uint64_t weights;      /* parameters, trained and not */
    uint64_t best_weights; /* training: those of the best epoch so far */
    /* training: two values a parameter that is trained with Adam, one with SGD */
    uint64_t optimizer;
    /* training: of parameters; Adam moves dense kernels without storing them */
    uint64_t gradients;
    /* a batch as the network takes it, in training two; of a session also its pixels */
    uint64_t pictures;
    uint64_t arena;        /* what all layers need beside weights, sharing what they can */
    uint64_t unshared;     /* the same if nothing were shared; not in the total */
    uint64_t total;
    uint64_t average_weights; /* training, averaged: their moving average */
} cnn_memory_info_t;

/* Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_memory_info(const cnn_memory_t *memory, cnn_memory_info_t *info);

/* In bytes, for a batch. Layers whose lives do not touch share memory, so that the sum is more than
 * the arena. 0 where a layer needs nothing: flatten uses its input's values, and a layer that
 * takes those behind it along (max pooling, batch normalisation, addition, activation) never holds
 * its own map. */
typedef struct cnn_layer_memory {
    size_t struct_size;    /* set by the caller */
    const char *name;
    const char *algorithm; /* how a convolution is computed: "direct", "winograd",
                            * "blocked", "im2col"; else "" */
    uint64_t weights;      /* its parameters */
    uint64_t values;       /* its output */
    uint64_t gradients;    /* training: by its output */
    uint64_t kept;         /* training: from the forward to the backward pass, beside values */
    uint64_t scratch;      /* while it is computed, all threads together */
    uint64_t prepared;     /* a convolution's kernel as the algorithm wants it; of a session, what
                            * the model's others share */
} cnn_layer_memory_t;

/* index: as in cnn_graph_layer. Errors: ARGUMENT (index out of range). */
CNN_API cnn_status_t cnn_memory_layer(const cnn_memory_t *memory, size_t index,
                                      cnn_layer_memory_t *layer);

#ifdef __cplusplus
}
#endif
#endif
