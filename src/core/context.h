/* SPDX-License-Identifier: MIT
 *
 * The context: the threads, allocator, log, seed and kernels that all handles created from it
 * share. It is reference-counted: each handle holds a reference. */
#ifndef CD_CORE_CONTEXT_H
#define CD_CORE_CONTEXT_H

#include <stdatomic.h>

#include "core/error.h"
#include "core/process_lock.h"

struct cd_kernels;
struct cd_pool;

struct cnn_context {
    atomic_size_t users;
    uint64_t seed;
    void *(*allocate)(size_t size, void *user);
    void (*release)(void *block, void *user);
    void *allocator_user;
    int uses_malloc; /* 1 if the caller supplied no allocator */
    void (*log)(cnn_log_level_t level, const char *text, void *user);
    void *log_user;
    struct cd_process_lock log_lock;
    struct cd_pool *pool;
    int tune; /* 1 if plans select algorithms by measuring them */
    const struct cd_kernels *kernels; /* set by the caller of cd_context_create */
    void *kernels_memory;             /* block to free with the context, or NULL */
    cnn_kernels_source_t kernels_by;
};

struct cnn_cancel {
    cnn_context_t *context;
    atomic_int requested;
};

/* Creates a context with one reference. options: complete and checked. Errors: MEMORY, THREAD. */
cnn_status_t cd_context_create(const cnn_context_options_t *options, cnn_context_t **context);

/* Adds a reference and returns context. */
cnn_context_t *cd_context_ref(cnn_context_t *context);

/* Removes a reference and frees the context if it was the last one. context may be NULL. */
void cd_context_unref(cnn_context_t *context);

/* Returns seed, or the context's seed if seed is 0. */
uint64_t cd_context_seed(const cnn_context_t *context, uint64_t seed);

/* Returns 1 if cancellation was requested. cancel may be NULL. */
int cd_cancelled(const cnn_cancel_t *cancel);

#endif
