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
 *  The memory that a network needs, computed without allocating it.
 *  @{
 */

/** The memory that a network needs. */
typedef struct cnn_memory cnn_memory_t;

/** Options of cnn_memory_create(). */
typedef struct cnn_memory_options_t {
    size_t struct_size;  /**< Set by #CNN_INIT. */
    uint32_t batch_size; /**< Batch size, at most 65,536. 0 = `training`'s batch_size, else 32. */
    /** The options of a training, of which batch_size, optimizer, clip_norm, average_decay and
     *  freeze are read. NULL = the memory of a session is computed. */
    const cnn_train_options_t *training;
} cnn_memory_options_t;

/** Computes the memory that a training or a session needs with the context's threads and kernels.
 *
 *  @param graph  The network.
 *  @param options  NULL = a session with defaults.
 *  @param[out] memory  The result, to be freed with cnn_memory_free().
 *  @return CNN_OK, or ARGUMENT (also for an empty graph or a layer to freeze that does not exist),
 *          MEMORY (also if the network needs more memory than any machine has).
 */
CNN_API cnn_status_t cnn_memory_create(const cnn_graph_t *graph,
                                       const cnn_memory_options_t *options, cnn_memory_t **memory);

/** Frees the result.
 *
 *  @param memory  The result, or NULL.
 */
CNN_API void cnn_memory_free(cnn_memory_t *memory);

/** Memory in bytes. It does not include the pixels of the datasets (cnn_dataset_load_bytes()) and
 *  the memory that decodes photos. */
typedef struct cnn_memory_info_t {
    size_t struct_size;       /**< Set by #CNN_INIT. */
    uint32_t batch_size;      /**< Number of images in a batch. */
    int training;             /**< 1: training. 0: session. */
    uint64_t weights;         /**< All parameters. */
    uint64_t average_weights; /**< Training with average_decay: the moving average. */
    uint64_t best_weights;    /**< Training: the parameters of the best epoch. */
    uint64_t optimizer;       /**< Training: the optimizer's moments. */
    uint64_t gradients;       /**< Training: the stored gradients of weights. */
    uint64_t images;          /**< The input: one batch and its pixels; in training two batches. */
    uint64_t arena;           /**< Memory that layers share: feature maps, gradients, scratch. */
    uint64_t total;           /**< The sum of the fields above. */
    uint64_t unshared;        /**< The size of the arena if the layers did not share memory. */
} cnn_memory_info_t;

/** Returns the memory of the whole network.
 *
 *  @param memory  The result of cnn_memory_create().
 *  @param[out] info  The memory.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_memory_info(const cnn_memory_t *memory, cnn_memory_info_t *info);

/** Memory of a layer in bytes, for a batch. Layers that are not in use at the same time share
 *  memory, so the sum over all layers exceeds the arena. A field is 0 if the layer needs no such
 *  memory. For example, a flatten layer uses its input as its output, and a layer that is fused
 *  with the following layers never stores its output. */
typedef struct cnn_layer_memory_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    const char *name;   /**< The layer's name. */
    /** Algorithm of a convolution: "direct", "winograd", "blocked" or "im2col"; otherwise "". */
    const char *algorithm;
    uint64_t weights;  /**< The layer's parameters. */
    uint64_t output;   /**< The layer's output. */
    uint64_t gradient; /**< Training: the gradient of the output. */
    uint64_t kept;     /**< Training: data that the backward pass needs besides the output. */
    uint64_t scratch;  /**< Scratch memory of all threads while the layer runs. */
    /** Kernel of a convolution in the form that the algorithm needs. Sessions of a model share
     *  it. */
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
