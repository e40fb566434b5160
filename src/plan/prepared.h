/* SPDX-License-Identifier: MIT
 *
 * Prepared kernels: the kernels of a plan for prediction, with batch normalisation folded in and in
 * the layout that the convolution algorithms read. They can be several times as large as the
 * weights, so the sessions of a model share them. The first session that runs prepares them. */
#ifndef CD_PLAN_PREPARED_H
#define CD_PLAN_PREPARED_H

#include "core/context.h"
#include "core/process_lock.h"

/* The list of a model's prepared kernels. The model outlives the plans that use them. An object
 * that is all zeros is an empty list. */
struct cd_prepared_list {
    struct cd_process_lock lock;
    struct cd_prepared *first;
};

struct cd_prepared {
    cnn_context_t *context;
    struct cd_prepared_list *list; /* the list that shares the kernels, or NULL */
    struct cd_prepared *next;      /* guarded by the list's lock */
    size_t users;                  /* number of plans that use it; guarded by the list's lock */
    const void **key;              /* n_key pointers; plans with the same key share the kernels */
    size_t n_key;
    float *values; /* the kernels; a plan that needs another version writes them under `lock` */
    struct cd_process_lock lock;
    atomic_uint_least64_t version; /* version of the weights in values; 0 if values is not set */
};

/* Sets *prepared to the entry of the list with the same key. If there is none, creates an entry
 * with room for `floats` floats, which are not set yet. If list is NULL, the new entry is for the
 * caller only. key: an array from cd_alloc that the function takes over, also on failure. Errors:
 * MEMORY. */
cnn_status_t cd_prepared_take(cnn_context_t *context, struct cd_prepared_list *list,
                              const void **key, size_t n_key, size_t floats,
                              struct cd_prepared **prepared);

/* Ends the use of prepared kernels by a plan. The last user frees them. prepared may be NULL. */
void cd_prepared_release(struct cd_prepared *prepared);

#endif
