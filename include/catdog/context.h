/* SPDX-License-Identifier: MIT
 *
 * Context: threads, allocator, log, seed and kernels. It is the only state that other handles share.
 * Cancel flags, which stop a long call. */
#ifndef CNN_CONTEXT_H
#define CNN_CONTEXT_H

#include <catdog/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cnn_log_level {
    CNN_LOG_ERROR = 1,   /* a call failed; the text of cnn_error_message */
    CNN_LOG_WARNING = 2, /* something was skipped or put right; the work goes on */
    CNN_LOG_INFO = 3     /* what is being done */
} cnn_log_level_t;

/* How the algorithm of each convolution is chosen. */
typedef enum cnn_tune {
    CNN_TUNE_COST_MODEL = 0,   /* by a cost model: the same choice, and so the same bits, in every run */
    /* all that can do it are timed whenever a network is made ready to be run (a session created; a
     * fit or an evaluation begun), and the fastest is taken: faster perhaps, but another run, or a
     * session beside another, may choose otherwise and differ in the last bits: what is said below
     * of the same bits is then not so. Nothing is stored; cnn_memory_create tells of the cost
     * model's choice. */
    CNN_TUNE_MEASURED = 1
} cnn_tune_t;

typedef struct cnn_context_options {
    size_t struct_size;
    uint32_t threads; /* 0 = as many as CPUs this process may use; at most 1024. Results have the
                         same bits for every value. */
    uint64_t seed;    /* where an options struct has no seed of its own (seed 0) this one counts */
    /* Called from the library's threads too, possibly several at once; alignment as malloc's.
     * Give both or neither. allocate returns NULL when it cannot. Memory of libjpeg, jansson and
     * OpenBLAS does not pass through here. */
    void *(*allocate)(size_t size, void *user);
    void (*release)(void *block, void *user);
    void *allocator_user;
    /* Receives one line without newline; called by any thread, never two at once. It must not
     * call back into the library. */
    void (*log)(cnn_log_level_t level, const char *text, void *user);
    void *log_user;
    /* The arithmetic: NULL = the best kernels that this CPU runs; or the name of others of
     * cnn_kernels_info: "avx2", "sse2", ..., "blas" = OpenBLAS' matrix product and plain C loops,
     * "reference" = plain C loops only, slow, for comparison and bug reports. Single kernels can be
     * taken from others: "avx512,gemm=blas,adam=reference", or "winograd=off" to leave out one
     * algorithm of convolution (docs/reference/kernels.md has the names). The environment variable
     * CATDOG_KERNELS, if set, counts instead. Other kernels, other last bits of the results. */
    const char *kernels;
    cnn_tune_t tune;
} cnn_context_options_t;

/* Makes a context. Errors: ARGUMENT, MEMORY, THREAD. Any thread. */
CNN_API cnn_status_t cnn_context_create(const cnn_context_options_t *options,
                                        cnn_context_t **context);

/* Gives up the caller's hold. The context goes when the last handle made with it goes. */
CNN_API void cnn_context_free(cnn_context_t *context);

/* Threads that work for this context, the caller's included. */
CNN_API uint32_t cnn_context_threads(const cnn_context_t *context);

typedef enum cnn_kernels_choice {
    CNN_KERNELS_SOURCE_CPU = 0,        /* the best that run here */
    CNN_KERNELS_SOURCE_OPTION = 1,     /* cnn_context_options_t.kernels */
    CNN_KERNELS_SOURCE_ENVIRONMENT = 2 /* CATDOG_KERNELS */
} cnn_kernels_source_t;

/* The kernels chosen, as cnn_context_options_t.kernels writes them, and who chose. */
CNN_API const char *cnn_context_kernels(const cnn_context_t *context);
CNN_API cnn_kernels_source_t cnn_context_kernels_source(const cnn_context_t *context);

typedef struct cnn_kernels_info {
    size_t struct_size; /* set by the caller */
    const char *name;
    int runs_here; /* 0: this CPU or operating system lacks something; "blas": there is no OpenBLAS
                      ("libopenblas.so.0"), which is loaded to see */
} cnn_kernels_info_t;

/* The kernels of this build, the best first. Errors: ARGUMENT (index out of range). */
CNN_API size_t cnn_kernels_count(void);
CNN_API cnn_status_t cnn_kernels_info(size_t index, cnn_kernels_info_t *info);

typedef struct cnn_cpu_info {
    size_t struct_size; /* set by the caller */
    char name[64];      /* as the CPU says it, "" if it does not */
    char features[192]; /* of those that kernels could use, the ones it has: "sse2 avx avx2 ..." */
    uint32_t threads;   /* CPUs that this process may use */
} cnn_cpu_info_t;

/* The CPU on which the call runs. Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_cpu_info(cnn_cpu_info_t *info);

/* A flag by which any thread, or a signal handler, stops a long call that was given it. Errors:
 * ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_cancel_create(cnn_context_t *context, cnn_cancel_t **cancel);
CNN_API void cnn_cancel_free(cnn_cancel_t *cancel);

/* Sets the flag. Any thread, any number of times; safe in a signal handler. */
CNN_API void cnn_cancel_request(cnn_cancel_t *cancel);

/* 1 once requested, else 0. Any thread. */
CNN_API int cnn_cancel_requested(const cnn_cancel_t *cancel);

#ifdef __cplusplus
}
#endif
#endif
