/* SPDX-License-Identifier: MIT
 *
 * A model's metadata: texts by key, as in its file. */
#ifndef CD_MODEL_METADATA_H
#define CD_MODEL_METADATA_H

#include "graph/graph.h"

struct cd_metadata {
    char key[CD_NAME_SIZE];
    char *value;
};

/* An empty list is all zero except for the context. */
struct cd_metadata_list {
    cnn_context_t *context;
    struct cd_metadata *entries; /* sorted by key */
    size_t n, capacity;
};

/* Sets a key's value, copied; NULL removes the key. Errors: ARGUMENT (the key is not 1 to
 * CD_NAME_SIZE - 1 letters, digits, _ - . ; the value is not UTF-8; too many keys), MEMORY. */
cnn_status_t cd_metadata_set(struct cd_metadata_list *list, const char *key, const char *value);

/* The value of a key; NULL if it has none. Lives until the key is set again. */
const char *cd_metadata_get(const struct cd_metadata_list *list, const char *key);

void cd_metadata_release(struct cd_metadata_list *list);

#endif
