/* SPDX-License-Identifier: MIT
 *
 * An allocator for a context. It fails the n-th request and counts the blocks not yet released. */
#ifndef TESTS_FAILING_ALLOCATOR_H
#define TESTS_FAILING_ALLOCATOR_H

#include <catdog/catdog.h>
#include <stdatomic.h>

struct failing_allocator {
    atomic_size_t requests; /* requests since the last call of failing_allocator_set */
    atomic_size_t fail_at;  /* number of the request that fails, from 1; 0 = none */
    atomic_size_t live;     /* blocks not yet released */
};

/* Restarts the count of requests. Request number fail_at (from 1) will fail; 0 = none. */
void failing_allocator_set(struct failing_allocator *allocator, size_t fail_at);

/* Returns 1 if request number fail_at has been made, and so has failed. */
int failing_allocator_failed(const struct failing_allocator *allocator);

/* Returns a context with this number of threads that uses the allocator. */
cnn_context_t *failing_allocator_context(struct failing_allocator *allocator, uint32_t threads);

#endif
