/* SPDX-License-Identifier: MIT
 *
 * Profiles: how fast a network is on this machine. */
#ifndef CNN_PROFILE_H
#define CNN_PROFILE_H

#include <catdog/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cnn_profile_options {
    size_t struct_size;
    uint32_t batch_size; /* 0 = 64; at most 65,536 */
    uint32_t runs;       /* timed runs of each kind, behind untimed ones; at most 1,000. 0 = as many
                            as a second takes, from 5 to 1,000 */
    int inference;       /* 1: prediction only, which needs less memory */
    int tune; /* 1: time each algorithm that could do a convolution (cnn_profile_candidate) */
    const cnn_cancel_t *cancel; /* looked at between runs */
} cnn_profile_options_t;

/* Measures a network with fresh weights on random pictures and labels, on the context's threads and
 * kernels: what the threads can do at most; training steps (forward, backward with mean squared
 * error, Adam); predictions of a batch and of one picture. Takes as much memory as training. graph
 * is only read. Errors: ARGUMENT (also for an empty graph), MEMORY, NAN (the loss), CANCELLED. */
CNN_API cnn_status_t cnn_profile_create(const cnn_graph_t *graph,
                                        const cnn_profile_options_t *options,
                                        cnn_profile_t **profile);
CNN_API void cnn_profile_free(cnn_profile_t *profile);

/* Times are medians of the runs. */
typedef struct cnn_profile_summary {
    size_t struct_size;  /* set by the caller */
    const char *kernels; /* as cnn_context_kernels */
    uint32_t threads;    /* as cnn_context_threads */
    uint32_t batch_size;
    double fma_gflops; /* all threads at once, on registers: 10^9 additions and multiplications a
                          second; the best of several tries. Of the context's kernels or, if these
                          are "blas" or "reference", of this CPU's best ones */
    /* 10^9 bytes a second that all threads at once read from 256 MiB; the best of several tries */
    double bandwidth_gbs;
    double train_step_seconds; /* of a batch; 0 with inference, as the next two */
    double train_best_seconds; /* the fastest step */
    double train_images_per_second; /* by the median */
    double predict_seconds; /* of a batch */
    double predict_best_seconds;
    double predict_images_per_second;
    double latency_seconds; /* of one picture */
    double latency_best_seconds;
} cnn_profile_summary_t;

/* Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_profile_summary(const cnn_profile_t *profile,
                                         cnn_profile_summary_t *summary);

typedef enum cnn_pass {
    CNN_PASS_FORWARD = 0,         /* in training */
    CNN_PASS_BACKWARD = 1,        /* all of a layer's backward pass, where it is none of the next */
    CNN_PASS_BACKWARD_KERNEL = 2, /* of a convolution: the gradient by kernel and bias */
    CNN_PASS_BACKWARD_DATA = 3,   /* of a convolution: the gradient by its input */
    CNN_PASS_BACKWARD_UPDATE = 4, /* of a dense layer: both gradients, and the step of its kernel */
    CNN_PASS_UPDATE = 5,          /* the step of all other weights */
    CNN_PASS_PREDICT = 6          /* forward, when predicting */
} cnn_pass_t;

/* A pass of a layer, timed in runs of their own, in which a convolution's two backward passes come
 * one after the other instead of at once. Figures are of a batch. A layer that the one before it
 * takes along (max pooling, batch normalisation, addition, activation) is timed with it and has no
 * entry, nor has one that costs nothing. */
typedef struct cnn_profile_entry {
    size_t struct_size;    /* set by the caller */
    const char *layer;     /* its name; "" of CNN_PASS_UPDATE, which is of all layers */
    const char *algorithm; /* of a convolution, else "" */
    cnn_pass_t pass;
    double seconds; /* median */
    /* of convolution and dense layers, as direct convolution has them: Winograd's has fewer and so
     * can be faster than the multiply-adds of cnn_profile_summary_t's fma_gflops; 0 of others */
    double multiply_adds;
    /* of values, gradients and parameters that are read or written, each counted once: the least
     * that goes to and fro, though the caches may have some of it */
    double bytes;
} cnn_profile_entry_t;

/* First the layers in their order, each forward and backward, then the update, then the layers when
 * predicting. The names are the profile's. Errors: ARGUMENT (index out of range). */
CNN_API size_t cnn_profile_entry_count(const cnn_profile_t *profile);
CNN_API cnn_status_t cnn_profile_entry(const cnn_profile_t *profile, size_t index,
                                       cnn_profile_entry_t *entry);

/* A pass of a convolution by an algorithm that could do all its passes. Figures are of a batch. */
typedef struct cnn_profile_candidate {
    size_t struct_size; /* set by the caller */
    const char *layer;
    const char *algorithm;
    cnn_pass_t pass; /* CNN_PASS_FORWARD, BACKWARD_KERNEL and BACKWARD_DATA, or CNN_PASS_PREDICT */
    /* what the cost model says: multiply-adds of vector units that are always busy */
    double cost;
    double seconds;  /* the fastest of three runs, with the max pooling behind it if there is one */
    int chosen;      /* 1: the network measured above is run so; see cnn_context_options_t's tune */
} cnn_profile_candidate_t;

/* With tune; else none. For training, layer by layer and algorithm by algorithm; then for
 * predicting.
 * Errors: ARGUMENT (index out of range). */
CNN_API size_t cnn_profile_candidate_count(const cnn_profile_t *profile);
CNN_API cnn_status_t cnn_profile_candidate(const cnn_profile_t *profile, size_t index,
                                           cnn_profile_candidate_t *candidate);

#ifdef __cplusplus
}
#endif
#endif
