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
    uint32_t batch_size; /**< Batch size, at most 65,536. 0 = 64. */
    /** Number of timed runs of each kind, after warm-up runs; at most 1,000. 0 = as many as fit
     *  into a second, 5 to 1,000. */
    uint32_t runs;
    int predict_only; /**< 1: only prediction is measured, which needs less memory. */
    int tune;         /**< 1: all algorithms of each convolution are timed. */
    const cnn_cancel_t *cancel; /**< Cancels the call between runs; NULL = cannot be cancelled. */
} cnn_profile_options_t;

/** Measures a network with random weights, images and labels, on the context's threads and kernels.
 *
 *  It measures the machine's peak throughput, training steps (forward pass, backward pass with mean
 *  squared error, Adam update), and the prediction of a batch and of a single image. It needs as
 *  much memory as training does.
 *  @param graph  The network.
 *  @param options  NULL = defaults.
 *  @param[out] profile  The profile, to be freed with cnn_profile_free().
 *  @return CNN_OK, or ARGUMENT (also for an empty graph), MEMORY, NAN (the loss is not finite),
 *          CANCELLED.
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
    uint32_t batch_size; /**< Number of images in a batch. */
    /** Peak arithmetic throughput of all threads, with operands in registers, in 10^9 additions and
     *  multiplications per second. It is measured with the context's kernels; for "blas" and
     *  "reference" with the CPU's fastest kernels. */
    double fma_gflops;
    /** Peak memory bandwidth of all threads, reading 256 MiB, in 10^9 bytes per second. */
    double bandwidth_gbs;
    double train_step_seconds;      /**< Time of a training step; 0 with `predict_only`. */
    double train_best_seconds;      /**< Fastest training step; 0 with `predict_only`. */
    double train_images_per_second; /**< Training throughput; 0 with `predict_only`. */
    double predict_seconds;           /**< Time to predict a batch. */
    double predict_best_seconds;      /**< Fastest prediction of a batch. */
    double predict_images_per_second; /**< Prediction throughput. */
    double latency_seconds;           /**< Time to predict a single image. */
    double latency_best_seconds;      /**< Fastest prediction of a single image. */
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
    CNN_PASS_FORWARD = 0,         /**< The forward pass in training. */
    CNN_PASS_BACKWARD = 1,        /**< The backward pass of a layer without the passes 2 to 4. */
    CNN_PASS_BACKWARD_KERNEL = 2, /**< Gradients of a convolution's kernel and bias. */
    CNN_PASS_BACKWARD_DATA = 3,   /**< Gradient of a convolution's input. */
    CNN_PASS_BACKWARD_UPDATE = 4, /**< Gradients of a dense layer, and the update of its kernel. */
    CNN_PASS_UPDATE = 5,          /**< The update of all other weights. */
    CNN_PASS_PREDICT = 6          /**< The forward pass in prediction. */
} cnn_pass_t;

/** The time of one pass of a layer, for a batch. It is measured in separate runs, in which the two
 *  backward passes of a convolution run one after the other. A fused layer has no entry; its time
 *  is part of the layer that it is fused with. */
typedef struct cnn_profile_entry_t {
    size_t struct_size;    /**< Set by #CNN_INIT. */
    const char *layer;     /**< The layer's name; "" for #CNN_PASS_UPDATE. */
    const char *algorithm; /**< The algorithm of a convolution, otherwise "". */
    cnn_pass_t pass;       /**< The pass. */
    double seconds;        /**< Median of the runs. */
    /** Number of multiply-adds of a convolution or dense layer; 0 for other layers. A convolution
     *  is counted as direct convolution. Winograd's algorithm needs fewer multiply-adds, so the
     *  throughput computed from this number can exceed fma_gflops. */
    double multiply_adds;
    /** Size of the activations, gradients and parameters read or written, each counted once. */
    double bytes;
} cnn_profile_entry_t;

/** Returns the number of timed passes.
 *
 *  @param profile  The profile.
 *  @return The number of valid indices of cnn_profile_entry().
 */
CNN_API size_t cnn_profile_entry_count(const cnn_profile_t *profile);

/** Returns the time of a pass. The forward and backward passes of each layer in training come
 *  first, then the update, then the passes in prediction.
 *
 *  @param profile  The profile.
 *  @param index  Below cnn_profile_entry_count().
 *  @param[out] entry  The time.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_profile_entry(const cnn_profile_t *profile, size_t index,
                                       cnn_profile_entry_t *entry);

/** The time of one pass of a convolution with one algorithm, for a batch. */
typedef struct cnn_profile_candidate_t {
    size_t struct_size;    /**< Set by #CNN_INIT. */
    const char *layer;     /**< The layer's name. */
    const char *algorithm; /**< The algorithm. */
    cnn_pass_t pass;       /**< Forward, backward kernel, backward data or predict. */
    double cost;           /**< Estimate of the cost model, in multiply-adds at peak throughput. */
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
