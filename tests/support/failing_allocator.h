/* SPDX-License-Identifier: MIT
 *
 * An allocator for a context that refuses the n-th request and knows what was not given back. */
#ifndef TESTS_FAILING_ALLOCATOR_H
#define TESTS_FAILING_ALLOCATOR_H

#include <catdog/catdog.h>
#include <stdatomic.h>

struct failing_allocator {
    atomic_size_t requests; /* since the last failing_allocator_set */
    atomic_size_t fail_at;  /* this request gets nothing; 0 = none */
    atomic_size_t live;     /* blocks not given back */
};

/* Counts requests from 1 again; the fail_at-th gets nothing. */
void failing_allocator_set(struct failing_allocator *allocator, size_t fail_at);

/* 1 if the request that was to fail has come. */
int failing_allocator_failed(const struct failing_allocator *allocator);

/* A context that uses it, with so many threads. */
cnn_context_t *failing_allocator_context(struct failing_allocator *allocator, uint32_t threads);

#endif
