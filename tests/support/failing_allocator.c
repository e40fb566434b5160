/* SPDX-License-Identifier: MIT */
#include "support/failing_allocator.h"

#include <check.h>
#include <stdlib.h>

static void *allocate(size_t size, void *user)
{
    struct failing_allocator *allocator = user;

    if (atomic_fetch_add(&allocator->requests, 1) + 1 == atomic_load(&allocator->fail_at))
        return NULL;
    void *block = malloc(size);
    if (block)
        atomic_fetch_add(&allocator->live, 1);
    return block;
}

static void release(void *block, void *user)
{
    struct failing_allocator *allocator = user;

    if (block)
        atomic_fetch_sub(&allocator->live, 1);
    free(block);
}

void failing_allocator_set(struct failing_allocator *allocator, size_t fail_at)
{
    atomic_store(&allocator->requests, 0);
    atomic_store(&allocator->fail_at, fail_at);
}

int failing_allocator_failed(const struct failing_allocator *allocator)
{
    const size_t fail_at = atomic_load(&allocator->fail_at);
    return fail_at > 0 && atomic_load(&allocator->requests) >= fail_at;
}

cnn_context_t *failing_allocator_context(struct failing_allocator *allocator, uint32_t threads)
{
    cnn_context_options_t options = {.struct_size = sizeof options,
                                     .threads = threads,
                                     .allocate = allocate,
                                     .release = release,
                                     .allocator_user = allocator};
    cnn_context_t *context;

    failing_allocator_set(allocator, 0);
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    return context;
}
