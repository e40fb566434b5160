/* SPDX-License-Identifier: MIT
 *
 * The context: the threads, allocator, log, seed and kernels that every other handle shares. It
 * counts its users, and the last one frees it. */
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
    int uses_malloc; /* 1: the program gave no allocator */
    void (*log)(cnn_log_level_t level, const char *text, void *user);
    void *log_user;
    struct cd_process_lock log_lock;
    struct cd_pool *pool;
    int tune; /* 1: plans measure the algorithms that they choose from */
    const struct cd_kernels *kernels; /* set by the creator of the context */
    void *kernels_memory;             /* freed with the context; or NULL */
    cnn_kernels_source_t kernels_by;
};

struct cnn_cancel {
    cnn_context_t *context;
    atomic_int requested;
};

/* options: complete and checked. Errors: MEMORY, THREAD. */
cnn_status_t cd_context_create(const cnn_context_options_t *options, cnn_context_t **context);

/* Adds a user and returns context. */
cnn_context_t *cd_context_ref(cnn_context_t *context);

/* Removes a user; the last one frees the context. NULL is accepted. */
void cd_context_unref(cnn_context_t *context);

/* Returns seed, or the seed of the context if seed is 0. */
uint64_t cd_context_seed(const cnn_context_t *context, uint64_t seed);

/* 1 if cancelling was requested. cancel may be NULL. */
int cd_cancelled(const cnn_cancel_t *cancel);

#endif
