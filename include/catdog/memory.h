/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief The memory that a network needs.
 */
#ifndef CNN_MEMORY_H
#define CNN_MEMORY_H

#include <catdog/graph.h>
#include <catdog/train.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup memory Memory
 *  The memory that a network needs, before anything large is allocated.
 *  @{
 */

/** The memory that a network needs. */
typedef struct cnn_memory cnn_memory_t;

/** Options of cnn_memory_create(). */
typedef struct cnn_memory_options_t {
    size_t struct_size;  /**< Set by #CNN_INIT. */
    uint32_t batch_size; /**< Images at a time, at most 65,536. 0 = the training's, else 32. */
    /** The training, of which batch_size, optimizer, clip_norm, average_decay and freeze are read.
     *  NULL = a session. */
    const cnn_train_options_t *training;
} cnn_memory_options_t;

/** Computes the memory of a training or session, with the context's threads and kernels.
 *
 *  @param graph  The network.
 *  @param options  NULL = a session with defaults.
 *  @param[out] memory  The result, to be freed with cnn_memory_free().
 *  @return CNN_OK, or ARGUMENT (also for an empty graph or a layer to freeze that does not exist),
 *          MEMORY (also if no machine has that much).
 */
CNN_API cnn_status_t cnn_memory_create(const cnn_graph_t *graph,
                                       const cnn_memory_options_t *options, cnn_memory_t **memory);

/** Frees the result.
 *
 *  @param memory  The result, or NULL.
 */
CNN_API void cnn_memory_free(cnn_memory_t *memory);

/** Memory in bytes. The pixels of the datasets (cnn_dataset_load_bytes()) and the decoding of
 *  photos need more. */
typedef struct cnn_memory_info_t {
    size_t struct_size;       /**< Set by #CNN_INIT. */
    uint32_t batch_size;      /**< Images at a time. */
    int training;             /**< 1: training. 0: session. */
    uint64_t weights;         /**< All parameters. */
    uint64_t average_weights; /**< Training with average_decay: the moving average. */
    uint64_t best_weights;    /**< Training: the parameters of the best epoch. */
    uint64_t optimizer;       /**< Training: the optimizer's moments. */
    uint64_t gradients;       /**< Training: gradients of weights that are stored. */
    uint64_t images;          /**< The input: one batch and its pixels; in training two batches. */
    uint64_t arena;           /**< Everything else that the layers need, sharing memory. */
    uint64_t total;           /**< The sum of the fields above. */
    uint64_t unshared;        /**< The arena if the layers did not share memory. */
} cnn_memory_info_t;

/** Returns the memory of the whole network.
 *
 *  @param memory  The result of cnn_memory_create().
 *  @param[out] info  The memory.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_memory_info(const cnn_memory_t *memory, cnn_memory_info_t *info);

/** Memory of a layer in bytes, for a batch. Layers that are not in use at the same time share
 *  memory, so their sum exceeds the arena. A field is 0 if the layer needs nothing: a flattening
 *  uses its input, and a layer that is fused with the following ones never stores its own output.
 *  */
typedef struct cnn_layer_memory_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    const char *name;   /**< The layer's name. */
    /** How a convolution is computed: "direct", "winograd", "blocked" or "im2col"; otherwise "". */
    const char *algorithm;
    uint64_t weights;  /**< The layer's parameters. */
    uint64_t output;   /**< The layer's output. */
    uint64_t gradient; /**< Training: the gradient of the output. */
    uint64_t kept;     /**< Training: data that the backward pass needs besides the output. */
    uint64_t scratch;  /**< Memory that all threads need while the layer runs. */
    /** A convolution's kernel in the form that the algorithm needs. Sessions of a model share it.
     *  */
    uint64_t prepared;
} cnn_layer_memory_t;

/** Returns the memory of a layer.
 *
 *  @param memory  The result of cnn_memory_create().
 *  @param index  The layer's index, as for cnn_graph_layer().
 *  @param[out] layer  The memory.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_memory_layer(const cnn_memory_t *memory, size_t index,
                                      cnn_layer_memory_t *layer);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
