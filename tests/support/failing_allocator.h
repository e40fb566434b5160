/* SPDX-License-Identifier: MIT
 *
 * An allocator for a context that refuses the n-th request and counts the blocks still held. */
#ifndef TESTS_FAILING_ALLOCATOR_H
#define TESTS_FAILING_ALLOCATOR_H

#include <catdog/catdog.h>
#include <stdatomic.h>

struct failing_allocator {
    atomic_size_t requests; /* requests after the last failing_allocator_set */
    atomic_size_t fail_at;  /* the request that fails; 0 = none */
    atomic_size_t live;     /* blocks not yet released */
};

/* Counts requests from 1 again. Request number fail_at fails. */
void failing_allocator_set(struct failing_allocator *allocator, size_t fail_at);

/* Returns 1 if request number fail_at has come. */
int failing_allocator_failed(const struct failing_allocator *allocator);

/* A context that uses the allocator, with this number of threads. */
cnn_context_t *failing_allocator_context(struct failing_allocator *allocator, uint32_t threads);

#endif
