/* SPDX-License-Identifier: MIT */
#include "model/metadata.h"

#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/utf8.h"

enum { MAX_KEYS = 1024 }; /* limits the time that a damaged file can take */

/* Returns the index of a key and sets *found to 1, or the index to insert it at and sets *found to
 * 0. */
static size_t place_of(const struct cd_metadata_list *list, const char *key, int *found)
{
    size_t i = 0;

    while (i < list->n && strcmp(list->entries[i].key, key) < 0)
        i++;
    *found = i < list->n && strcmp(list->entries[i].key, key) == 0;
    return i;
}

static void remove_key(struct cd_metadata_list *list, const char *key)
{
    int found;
    const size_t place = place_of(list, key, &found);

    if (!found)
        return;
    cd_free(list->context, list->entries[place].value);
    list->n--;
    memmove(&list->entries[place], &list->entries[place + 1],
            (list->n - place) * sizeof *list->entries);
}

/* Takes value over. Frees it on failure. */
static cnn_status_t put(struct cd_metadata_list *list, const char *key, char *value)
{
    int found;
    const size_t place = place_of(list, key, &found);

    if (found) {
        cd_free(list->context, list->entries[place].value);
        list->entries[place].value = value;
        return CNN_OK;
    }
    cnn_status_t rc = cd_reserve(list->context, &list->entries, &list->capacity, list->n + 1,
                                 sizeof *list->entries);
    if (rc != CNN_OK) {
        cd_free(list->context, value);
        return rc;
    }
    struct cd_metadata *entry = &list->entries[place];
    memmove(entry + 1, entry, (list->n - place) * sizeof *entry);
    snprintf(entry->key, sizeof entry->key, "%s", key);
    entry->value = value;
    list->n++;
    return CNN_OK;
}

cnn_status_t cd_metadata_set(struct cd_metadata_list *list, const char *key, const char *value)
{
    if (!cd_name_valid(key))
        return cd_error(CNN_ERROR_ARGUMENT,
                        "the metadata key \"%.80s\" is not 1 to %d letters, digits, _ - .", key,
                        CD_NAME_SIZE - 1);
    if (!value) {
        remove_key(list, key);
        return CNN_OK;
    }
    if (list->n == MAX_KEYS && !cd_metadata_get(list, key))
        return cd_error(CNN_ERROR_ARGUMENT, "metadata \"%s\": a model holds at most %d keys", key,
                        (int)MAX_KEYS);
    if (!cd_utf8_valid(value))
        return cd_error(CNN_ERROR_ARGUMENT, "metadata \"%s\" is not UTF-8", key);
    char *copy = cd_strdup(list->context, value);
    if (!copy)
        return cd_error_memory();
    return put(list, key, copy);
}

const char *cd_metadata_get(const struct cd_metadata_list *list, const char *key)
{
    int found;
    const size_t place = place_of(list, key, &found);

    return found ? list->entries[place].value : NULL;
}

void cd_metadata_release(struct cd_metadata_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        cd_free(list->context, list->entries[i].value);
    cd_free(list->context, list->entries);
}
