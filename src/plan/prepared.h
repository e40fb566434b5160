/* SPDX-License-Identifier: MIT
 *
 * Prepared kernels: the kernels of a plan for prediction in the form that the algorithms read, with
 * batch normalisation folded in. They are several times as large as the weights, so the sessions of
 * a model share them. The first session that runs prepares them. */
#ifndef CD_PLAN_PREPARED_H
#define CD_PLAN_PREPARED_H

#include "core/context.h"
#include "core/process_lock.h"

/* The prepared kernels of a model. The model outlives the plans that use them. All zeros: an empty
 * list. */
struct cd_prepared_list {
    struct cd_process_lock lock;
    struct cd_prepared *first;
};

struct cd_prepared {
    cnn_context_t *context;
    struct cd_prepared_list *list; /* the list that shares the kernels, or NULL */
    struct cd_prepared *next;      /* guarded by the list's lock */
    size_t users;                  /* plans; guarded by the list's lock */
    const void *
        *key; /* n_key pointers that determine the contents; plans with the same key share */
    size_t n_key;
    float *values; /* written under the lock by the plan that finds another version */
    struct cd_process_lock lock;
    atomic_uint_least64_t version; /* version of the weights in values; 0: values are not set */
};

/* Takes the prepared kernels with that key from the list, or makes new ones of that many floats
 * with contents not set. list NULL: makes them for the caller only. Takes over key, also on
 * failure. Errors: MEMORY. */
cnn_status_t cd_prepared_take(cnn_context_t *context, struct cd_prepared_list *list,
                              const void **key, size_t n_key, size_t floats,
                              struct cd_prepared **prepared);

/* Ends the use by a plan; the last user frees the kernels. prepared may be NULL. */
void cd_prepared_release(struct cd_prepared *prepared);

#endif
