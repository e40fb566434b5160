/* SPDX-License-Identifier: MIT */
#include "plan/prepared.h"

#include <string.h>

#include "core/memory.h"

static void free_one(struct cd_prepared *prepared)
{
    cnn_context_t *context = prepared->context;

    cd_free(context, prepared->values);
    cd_free(context, prepared->key);
    cd_free(context, prepared);
}

static cnn_status_t make(cnn_context_t *context, struct cd_prepared_list *list, const void **key,
                         size_t n_key, size_t floats, struct cd_prepared **out)
{
    struct cd_prepared *prepared = cd_alloc(context, 1, sizeof *prepared);

    *out = NULL;
    if (!prepared) {
        cd_free(context, key);
        return cd_error_memory();
    }
    prepared->context = context;
    prepared->list = list;
    prepared->users = 1;
    prepared->key = key;
    prepared->n_key = n_key;
    prepared->values = cd_alloc_unset(context, floats, sizeof *prepared->values);
    if (!prepared->values) {
        free_one(prepared);
        return cd_error_memory();
    }
    *out = prepared;
    return CNN_OK;
}

/* Returns the kernels with the same key and adds one user; NULL if there are none. */
static struct cd_prepared *find(struct cd_prepared_list *list, const void **key, size_t n_key)
{
    for (struct cd_prepared *p = list->first; p; p = p->next)
        if (p->n_key == n_key && memcmp(p->key, key, n_key * sizeof *key) == 0) {
            p->users++;
            return p;
        }
    return NULL;
}

cnn_status_t cd_prepared_take(cnn_context_t *context, struct cd_prepared_list *list,
                              const void **key, size_t n_key, size_t floats,
                              struct cd_prepared **prepared)
{
    cnn_status_t rc = CNN_OK;

    if (!list)
        return make(context, NULL, key, n_key, floats, prepared);
    cd_process_lock_take(&list->lock);
    *prepared = find(list, key, n_key);
    if (*prepared) {
        cd_free(context, key);
    } else {
        rc = make(context, list, key, n_key, floats, prepared);
        if (rc == CNN_OK) {
            (*prepared)->next = list->first;
            list->first = *prepared;
        }
    }
    cd_process_lock_give(&list->lock);
    return rc;
}

/* Removes one user. If it was the last one, removes the kernels from their list and returns 1. */
static int unlink_last(struct cd_prepared *prepared)
{
    struct cd_prepared_list *list = prepared->list;
    int last;

    cd_process_lock_take(&list->lock);
    last = --prepared->users == 0;
    for (struct cd_prepared **at = &list->first; last && *at; at = &(*at)->next)
        if (*at == prepared) {
            *at = prepared->next;
            break;
        }
    cd_process_lock_give(&list->lock);
    return last;
}

void cd_prepared_release(struct cd_prepared *prepared)
{
    if (prepared && (!prepared->list || unlink_last(prepared)))
        free_one(prepared);
}
