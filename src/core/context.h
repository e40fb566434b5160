/* SPDX-License-Identifier: MIT
 *
 * The context: the threads, allocator, log and seed that every other handle shares. It counts its
 * users and goes with the last of them. */
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
    int uses_malloc; /* no allocator of the program's */
    void (*log)(cnn_log_level_t level, const char *text, void *user);
    void *log_user;
    struct cd_process_lock log_lock;
    struct cd_pool *pool;
    int tune; /* plans measure what they choose from */
    const struct cd_kernels *kernels; /* chosen by whoever creates the context */
    void *kernels_memory;             /* what goes with them, or NULL */
    cnn_kernels_source_t kernels_by;
};

struct cnn_cancel {
    cnn_context_t *context;
    atomic_int requested;
};

/* options: complete and checked. */
cnn_status_t cd_context_create(const cnn_context_options_t *options, cnn_context_t **context);

/* One user more; returns context. One user less; the last one frees it. NULL is fine. */
cnn_context_t *cd_context_ref(cnn_context_t *context);
void cd_context_unref(cnn_context_t *context);

/* seed unless it is 0, else the context's. */
uint64_t cd_context_seed(const cnn_context_t *context, uint64_t seed);

/* NULL: never. */
int cd_cancelled(const cnn_cancel_t *cancel);

#endif
