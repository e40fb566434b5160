/* SPDX-License-Identifier: MIT */
#include "core/context.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/pool.h"

static void *allocate_by_malloc(size_t size, void *user)
{
    (void)user;
    return malloc(size);
}

static void release_by_free(void *block, void *user)
{
    (void)user;
    free(block);
}

cnn_status_t cd_context_create(const cnn_context_options_t *options, cnn_context_t **out)
{
    void *(*allocate)(size_t, void *) = options->allocate ? options->allocate : allocate_by_malloc;
    void (*release)(void *, void *) = options->release ? options->release : release_by_free;
    cnn_context_t *context = allocate(sizeof *context, options->allocator_user);

    *out = NULL;
    if (!context)
        return cd_error_memory();
    memset(context, 0, sizeof *context);
    atomic_init(&context->users, 1);
    context->seed = options->seed;
    context->tune = options->tune == CNN_TUNE_MEASURED;
    context->allocate = allocate;
    context->release = release;
    context->allocator_user = options->allocator_user;
    context->uses_malloc = !options->allocate;
    context->log = options->log;
    context->log_user = options->log_user;
    cnn_status_t rc = cd_pool_create(context, options->threads, &context->pool);
    if (rc != CNN_OK) {
        cd_context_unref(context);
        return rc;
    }
    *out = context;
    return CNN_OK;
}

cnn_context_t *cd_context_ref(cnn_context_t *context)
{
    atomic_fetch_add_explicit(&context->users, 1, memory_order_relaxed);
    return context;
}

void cd_context_unref(cnn_context_t *context)
{
    if (!context || atomic_fetch_sub_explicit(&context->users, 1, memory_order_acq_rel) != 1)
        return;
    cd_pool_free(context->pool);
    cd_free(context, context->kernels_memory);
    context->release(context, context->allocator_user);
}

uint64_t cd_context_seed(const cnn_context_t *context, uint64_t seed)
{
    return seed ? seed : context->seed;
}

int cd_cancelled(const cnn_cancel_t *cancel)
{
    return cancel && atomic_load_explicit(&cancel->requested, memory_order_relaxed);
}
