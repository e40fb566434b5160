/* SPDX-License-Identifier: MIT
 *
 * The kernels of convolutions as a plan made for predicting wants them, batch normalisation folded in.
 * They are several times as large as the weights that they are made of, so a model's sessions share
 * them, and the first one to run makes them. */
#ifndef CD_PLAN_PREPARED_H
#define CD_PLAN_PREPARED_H

#include "core/context.h"
#include "core/process_lock.h"

/* Of a model, which outlives what is in it; zeroed: empty. */
struct cd_prepared_list {
    struct cd_process_lock lock;
    struct cd_prepared *first;
};

struct cd_prepared {
    cnn_context_t *context;
    struct cd_prepared_list *list; /* NULL: not shared */
    struct cd_prepared *next;
    size_t users;    /* as next, under the list's lock */
    const void **key; /* by what the contents are made, n_key pointers: others with the same share */
    size_t n_key;
    float *values; /* written under the lock, and then version, by whoever finds the wrong one */
    struct cd_process_lock lock;
    atomic_uint_least64_t version; /* of the weights; 0: none yet */
};

/* One of the list (NULL: only for the caller) with that key, or a new one of so many floats, contents
 * not set. Takes over key, also on failure. Errors: MEMORY. */
cnn_status_t cd_prepared_take(cnn_context_t *context, struct cd_prepared_list *list,
                              const void **key, size_t n_key, size_t floats,
                              struct cd_prepared **prepared);

/* NULL is fine. */
void cd_prepared_release(struct cd_prepared *prepared);

#endif
