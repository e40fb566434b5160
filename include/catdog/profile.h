/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Profiles: the speed of a network on this machine.
 */
#ifndef CNN_PROFILE_H
#define CNN_PROFILE_H

#include <catdog/graph.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup profile Profile
 *  The speed of a network on this machine, as a whole and layer by layer.
 *  @{
 */

/** The measured times of a network. */
typedef struct cnn_profile cnn_profile_t;

/** Options of cnn_profile_create(). */
typedef struct cnn_profile_options_t {
    size_t struct_size;  /**< Set by #CNN_INIT. */
    uint32_t batch_size; /**< Images at a time, at most 65,536. 0 = 64. */
    /** Timed runs of each kind, after warm-up runs; at most 1,000. 0 = as many as fit into a
     *  second, 5 to 1,000. */
    uint32_t runs;
    int predict_only; /**< 1: only prediction is measured, which needs less memory. */
    int tune;         /**< 1: all algorithms of each convolution are timed. */
    const cnn_cancel_t *cancel; /**< Stops the call between runs; NULL = nothing does. */
} cnn_profile_options_t;

/** Measures a network with random weights, images and labels, on the context's threads and kernels.
 *
 *  It measures the machine's peak, training steps (forward, backward with mean squared error,
 *  Adam), and the prediction of a batch and of a single image. It needs as much memory as a
 *  training.
 *  @param graph  The network.
 *  @param options  NULL = defaults.
 *  @param[out] profile  The profile, to be freed with cnn_profile_free().
 *  @return CNN_OK, or ARGUMENT (also for an empty graph), MEMORY, NAN (the loss), CANCELLED.
 */
CNN_API cnn_status_t cnn_profile_create(const cnn_graph_t *graph,
                                        const cnn_profile_options_t *options,
                                        cnn_profile_t **profile);

/** Frees a profile.
 *
 *  @param profile  The profile, or NULL.
 */
CNN_API void cnn_profile_free(cnn_profile_t *profile);

/** Times of the whole network: medians of the runs, unless noted. */
typedef struct cnn_profile_summary_t {
    size_t struct_size;  /**< Set by #CNN_INIT. */
    const char *kernels; /**< The kernels: cnn_context_kernels(). */
    uint32_t threads;    /**< Number of threads: cnn_context_threads(). */
    uint32_t batch_size; /**< Images at a time. */
    /** Peak of all threads on registers: 10^9 additions and multiplications a second. Measured with
     *  the context's kernels; for "blas" and "reference" with the CPU's fastest kernels. */
    double fma_gflops;
    double bandwidth_gbs; /**< Peak of all threads reading 256 MiB: 10^9 bytes a second. */
    double train_step_seconds;      /**< A training step; 0 with `predict_only`. */
    double train_best_seconds;      /**< The fastest training step; 0 with `predict_only`. */
    double train_images_per_second; /**< Training throughput; 0 with `predict_only`. */
    double predict_seconds;           /**< Prediction of a batch. */
    double predict_best_seconds;      /**< The fastest prediction of a batch. */
    double predict_images_per_second; /**< Prediction throughput. */
    double latency_seconds;           /**< Prediction of a single image. */
    double latency_best_seconds;      /**< The fastest prediction of a single image. */
} cnn_profile_summary_t;

/** Returns the times of the whole network.
 *
 *  @param profile  The profile.
 *  @param[out] summary  The times.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_profile_summary(const cnn_profile_t *profile,
                                         cnn_profile_summary_t *summary);

/** Passes of a layer. */
typedef enum cnn_pass_t {
    CNN_PASS_FORWARD = 0,         /**< Forward, in training. */
    CNN_PASS_BACKWARD = 1,        /**< The whole backward pass, if none of the following. */
    CNN_PASS_BACKWARD_KERNEL = 2, /**< A convolution's gradients of kernel and bias. */
    CNN_PASS_BACKWARD_DATA = 3,   /**< A convolution's gradient of its input. */
    CNN_PASS_BACKWARD_UPDATE = 4, /**< A dense layer's gradients and the update of its kernel. */
    CNN_PASS_UPDATE = 5,          /**< The update of all other weights. */
    CNN_PASS_PREDICT = 6          /**< Forward, in prediction. */
} cnn_pass_t;

/** The time of a layer's pass, for a batch. It is measured in separate runs, in which the two
 *  backward passes of a convolution run one after the other. A fused layer is timed with the layer
 *  that it is fused with and has no entry. */
typedef struct cnn_profile_entry_t {
    size_t struct_size;    /**< Set by #CNN_INIT. */
    const char *layer;     /**< The layer's name; "" for #CNN_PASS_UPDATE. */
    const char *algorithm; /**< The algorithm of a convolution, otherwise "". */
    cnn_pass_t pass;       /**< The pass. */
    double seconds;        /**< Median of the runs. */
    /** Multiply-adds of convolution and dense layers, as direct convolution has them; otherwise 0.
     *  Winograd's algorithm needs fewer and can therefore exceed fma_gflops. */
    double multiply_adds;
    double bytes; /**< Activations, gradients and parameters read or written, each counted once. */
} cnn_profile_entry_t;

/** Returns the number of timed passes.
 *
 *  @param profile  The profile.
 *  @return The number of valid indices of cnn_profile_entry().
 */
CNN_API size_t cnn_profile_entry_count(const cnn_profile_t *profile);

/** Returns the time of a pass. First come the layers in training, each forward and backward, then
 *  the update, then the layers in prediction.
 *
 *  @param profile  The profile.
 *  @param index  Below cnn_profile_entry_count().
 *  @param[out] entry  The time.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_profile_entry(const cnn_profile_t *profile, size_t index,
                                       cnn_profile_entry_t *entry);

/** The time of a convolution's pass by one of its algorithms, for a batch. */
typedef struct cnn_profile_candidate_t {
    size_t struct_size;    /**< Set by #CNN_INIT. */
    const char *layer;     /**< The layer's name. */
    const char *algorithm; /**< The algorithm. */
    cnn_pass_t pass;       /**< Forward, backward kernel, backward data or predict. */
    double cost;           /**< The cost model's estimate, in multiply-adds at full speed. */
    double seconds;        /**< The fastest of three runs, including a fused max pooling. */
    int chosen;            /**< 1: the network runs with this algorithm (cnn_tune_t). */
} cnn_profile_candidate_t;

/** Returns the number of timed algorithms.
 *
 *  @param profile  The profile.
 *  @return The number of valid indices of cnn_profile_candidate(); 0 without `tune`.
 */
CNN_API size_t cnn_profile_candidate_count(const cnn_profile_t *profile);

/** Returns the time of an algorithm. Training comes first, then prediction; each is ordered by
 *  layer and algorithm.
 *
 *  @param profile  The profile.
 *  @param index  Below cnn_profile_candidate_count().
 *  @param[out] candidate  The time.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_profile_candidate(const cnn_profile_t *profile, size_t index,
                                           cnn_profile_candidate_t *candidate);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
