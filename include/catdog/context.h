/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Contexts, kernels and cancel flags.
 */
#ifndef CNN_CONTEXT_H
#define CNN_CONTEXT_H

#include <catdog/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup context Context
 *  Threads, allocator, log, seed and kernels: the only state that other handles share. Also the
 *  cancel flags that stop a long call.
 *  @{
 */

/** A context: threads, allocator, log, seed and kernels. Any number of threads may use a context at
 *  once. */
typedef struct cnn_context cnn_context_t;

/** A cancel flag. It stops the long calls that it is passed to. */
typedef struct cnn_cancel cnn_cancel_t;

/** The severity of a line in the log. */
typedef enum cnn_log_level_t {
    CNN_LOG_ERROR = 1,   /**< A call failed. The line is the text of cnn_error_message(). */
    CNN_LOG_WARNING = 2, /**< Something was skipped or corrected; the call goes on. */
    CNN_LOG_INFO = 3     /**< A step of the library's work. */
} cnn_log_level_t;

/** Receives a line of the log.
 *
 *  Any thread may call it, but never two at once. It must not call the library.
 *  @param level  The severity of the line.
 *  @param text  One line without newline, valid during the call.
 *  @param user  cnn_context_options_t::log_user.
 */
typedef void (*cnn_log_fn)(cnn_log_level_t level, const char *text, void *user);

/** Allocates memory. Several threads may call it at once.
 *
 *  @param size  In bytes, not 0.
 *  @param user  cnn_context_options_t::allocator_user.
 *  @return A block with the alignment of malloc(); NULL if out of memory.
 */
typedef void *(*cnn_allocate_fn)(size_t size, void *user);

/** Frees a block that the cnn_allocate_fn returned. Several threads may call it at once.
 *
 *  @param block  The block, not NULL.
 *  @param user  cnn_context_options_t::allocator_user.
 */
typedef void (*cnn_release_fn)(void *block, void *user);

/** How the algorithm of each convolution is selected. */
typedef enum cnn_tune_t {
    /** A cost model estimates the fastest algorithm. The selection is the same in every run, and so
     *  are all bits of the results. */
    CNN_TUNE_COST_MODEL = 0,
    /** The algorithms are timed, and the fastest is selected, each time a session is created or a
     *  training or an evaluation begins. The selection may differ between runs and between
     *  sessions; the last bits of the results then differ, too. The times are not stored.
     *  cnn_memory_create() still describes the selection of the cost model. */
    CNN_TUNE_MEASURED = 1
} cnn_tune_t;

/** Options of cnn_context_create(). */
typedef struct cnn_context_options_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    /** Number of threads, including the calling thread; at most 1,024. 0 = one for each CPU that
     *  the process may use. Results have the same bits for every number of threads. */
    uint32_t threads;
    uint64_t seed; /**< The seed where the options of a call have the seed 0. */
    /** Allocator; `allocate` and `release` are set together or not at all. NULL = malloc().
     *  libjpeg, jansson and OpenBLAS do not use it. */
    cnn_allocate_fn allocate;
    cnn_release_fn release; /**< Frees a block that `allocate` returned. */
    void *allocator_user;   /**< Passed to `allocate` and `release`. */
    cnn_log_fn log;         /**< Receives the log; NULL = no log. */
    void *log_user;         /**< Passed to `log`. */
    /** The kernels: the functions that do the arithmetic of the layers. NULL = the fastest that
     *  this CPU runs. Otherwise a name of cnn_kernels_info(): "avx2", "sse2", ..., "blas" (matrix
     *  products by OpenBLAS, the rest plain C loops) or "reference" (plain C loops, slow). Single
     *  kernels can be replaced: "avx512,gemm=blas,adam=reference". A convolution algorithm can be
     *  excluded: "winograd=off". The environment variable CATDOG_KERNELS overrides this field.
     *  Results of different kernels may differ in their last bits. */
    const char *kernels;
    cnn_tune_t tune; /**< How the algorithm of each convolution is selected. */
} cnn_context_options_t;

/** Creates a context.
 *
 *  @param options  NULL = defaults.
 *  @param[out] context  The context, to be freed with cnn_context_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, THREAD. Any thread may call this.
 */
CNN_API cnn_status_t cnn_context_create(const cnn_context_options_t *options,
                                        cnn_context_t **context);

/** Releases the caller's reference to a context. The context is destroyed when the last handle that
 *  was created with it is freed.
 *
 *  @param context  The context, or NULL.
 */
CNN_API void cnn_context_free(cnn_context_t *context);

/** Returns the number of threads of a context.
 *
 *  @param context  The context.
 *  @return The number of threads, including the calling thread.
 */
CNN_API uint32_t cnn_context_threads(const cnn_context_t *context);

/** Returns the selected kernels.
 *
 *  @param context  The context.
 *  @return Their name, in the form of cnn_context_options_t::kernels.
 */
CNN_API const char *cnn_context_kernels(const cnn_context_t *context);

/** The source of a context's kernels. */
typedef enum cnn_kernels_source_t {
    CNN_KERNELS_SOURCE_CPU = 0,        /**< The CPU: the fastest kernels that run on it. */
    CNN_KERNELS_SOURCE_OPTION = 1,     /**< cnn_context_options_t::kernels. */
    CNN_KERNELS_SOURCE_ENVIRONMENT = 2 /**< The environment variable CATDOG_KERNELS. */
} cnn_kernels_source_t;

/** Returns the source of a context's kernels.
 *
 *  @param context  The context.
 *  @return The source.
 */
CNN_API cnn_kernels_source_t cnn_context_kernels_source(const cnn_context_t *context);

/** A set of kernels of this build. */
typedef struct cnn_kernels_info_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    const char *name;   /**< The name for cnn_context_options_t::kernels; static storage. */
    /** 1 if these kernels run on this machine. 0 if the CPU or the operating system does not
     *  support them, or, for "blas", if OpenBLAS (libopenblas.so.0) cannot be loaded. */
    int runs_here;
} cnn_kernels_info_t;

/** Returns the number of kernel sets of this build.
 *
 *  @return The number of valid indices of cnn_kernels_info().
 */
CNN_API size_t cnn_kernels_count(void);

/** Describes a kernel set of this build. The fastest has index 0.
 *
 *  @param index  Below cnn_kernels_count().
 *  @param[out] info  The description.
 *  @return CNN_OK, or ARGUMENT. Any thread may call this.
 */
CNN_API cnn_status_t cnn_kernels_info(size_t index, cnn_kernels_info_t *info);

/** Properties of the CPU. */
typedef struct cnn_cpu_info_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    char name[64];      /**< The model name that the CPU reports; "" if it reports none. */
    char features[192]; /**< Present instruction sets that kernels use: "sse2 avx avx2 ...". */
    uint32_t threads;   /**< Number of CPUs that this process may use. */
} cnn_cpu_info_t;

/** Describes the CPU that the call runs on.
 *
 *  @param[out] info  The description.
 *  @return CNN_OK, or ARGUMENT. Any thread may call this.
 */
CNN_API cnn_status_t cnn_cpu_info(cnn_cpu_info_t *info);

/** Creates a cancel flag, which is not set.
 *
 *  @param context  The context.
 *  @param[out] cancel  The flag, to be freed with cnn_cancel_free() after the calls that use it.
 *  @return CNN_OK, or ARGUMENT, MEMORY.
 */
CNN_API cnn_status_t cnn_cancel_create(cnn_context_t *context, cnn_cancel_t **cancel);

/** Frees a cancel flag.
 *
 *  @param cancel  The flag, or NULL. No call may still use it.
 */
CNN_API void cnn_cancel_free(cnn_cancel_t *cancel);

/** Sets a cancel flag. The calls that use it stop soon and return CNN_ERROR_CANCELLED.
 *
 *  Any thread may call this, any number of times. It is safe in a signal handler.
 *  @param cancel  The flag, or NULL.
 */
CNN_API void cnn_cancel_request(cnn_cancel_t *cancel);

/** Returns whether a cancel flag is set. Any thread may call this.
 *
 *  @param cancel  The flag.
 *  @return 1 if it is set, otherwise 0.
 */
CNN_API int cnn_cancel_requested(const cnn_cancel_t *cancel);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
