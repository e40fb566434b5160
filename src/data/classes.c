/* SPDX-License-Identifier: MIT */
#include "data/classes.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"

/* How a found name is compared, in the order in which it is tried. */
enum folding { FOLD_NOTHING, FOLD_CASE, FOLD_CASE_AND_PLURAL, FOLDINGS };

/* The given names, folded and sorted. */
struct keys {
    struct key {
        char *text;
        uint32_t label;
    } *entries;
    size_t count;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

cnn_status_t cd_classes_check(cnn_context_t *context, const char *what, const char *const *names,
                              size_t n, size_t minimum)
{
    const char **sorted;
    cnn_status_t rc = CNN_OK;

    if (!names || n < minimum || n >= CD_NO_CLASS)
        return cd_error(context, CNN_ERROR_ARGUMENT, "%s: %zu class names; at least %zu are needed",
                        what, names ? n : 0, minimum);
    for (size_t i = 0; i < n; i++)
        if (!names[i] || !names[i][0])
            return cd_error(context, CNN_ERROR_ARGUMENT, "%s: class %zu has no name", what, i);
    sorted = cd_alloc(context, n, sizeof *sorted);
    if (!sorted)
        return cd_error_memory(context);
    memcpy(sorted, names, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_names);
    for (size_t i = 1; i < n && rc == CNN_OK; i++)
        if (strcmp(sorted[i - 1], sorted[i]) == 0)
            rc = cd_error(context, CNN_ERROR_ARGUMENT, "%s: class \"%s\" is named twice", what,
                          sorted[i]);
    cd_free(context, sorted);
    return rc;
}

cnn_status_t cd_classes_copy(cnn_context_t *context, const char *const *names, size_t n,
                             char ***out)
{
    char **copy = cd_alloc(context, n, sizeof *copy);

    *out = NULL;
    if (!copy)
        return cd_error_memory(context);
    for (size_t i = 0; i < n; i++) {
        copy[i] = cd_strdup(context, names[i]);
        if (!copy[i]) {
            cd_classes_free(context, copy, i);
            return cd_error_memory(context);
        }
    }
    *out = copy;
    return CNN_OK;
}

void cd_classes_free(cnn_context_t *context, char **names, size_t n)
{
    if (!names)
        return;
    for (size_t i = 0; i < n; i++)
        cd_free(context, names[i]);
    cd_free(context, names);
}

void cd_classes_order(const char **names, size_t n)
{
    qsort(names, n, sizeof *names, compare_names);
    if (n == 2) {
        const char *first = names[0];
        names[0] = names[1];
        names[1] = first;
    }
}

/* What of a name counts. NULL: no memory. tolower would follow the host program's locale. */
static char *fold(cnn_context_t *context, const char *name, enum folding folding)
{
    char *text = cd_strdup(context, name);

    if (!text || folding == FOLD_NOTHING)
        return text;
    for (char *c = text; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    size_t length = strlen(text);
    if (folding == FOLD_CASE_AND_PLURAL && length > 1 && text[length - 1] == 's')
        text[length - 1] = '\0';
    return text;
}

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order != 0 ? order : (x->label > y->label) - (x->label < y->label);
}

static void keys_free(cnn_context_t *context, struct keys *keys)
{
    for (size_t i = 0; i < keys->count; i++)
        cd_free(context, keys->entries[i].text);
    cd_free(context, keys->entries);
}

/* On failure the keys made so far still have to be freed. */
static cnn_status_t keys_make(cnn_context_t *context, const char *const *given, size_t n,
                              enum folding folding, struct keys *keys)
{
    keys->entries = cd_alloc(context, n, sizeof *keys->entries);
    if (!keys->entries)
        return cd_error_memory(context);
    for (; keys->count < n; keys->count++) {
        struct key *entry = &keys->entries[keys->count];
        entry->label = (uint32_t)keys->count;
        entry->text = fold(context, given[keys->count], folding);
        if (!entry->text)
            return cd_error_memory(context);
    }
    qsort(keys->entries, n, sizeof *keys->entries, compare_keys);
    return CNN_OK;
}

/* The smallest label whose key is text. */
static uint32_t keys_find(const struct keys *keys, const char *text)
{
    size_t low = 0, high = keys->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(keys->entries[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < keys->count && strcmp(keys->entries[low].text, text) == 0)
        return keys->entries[low].label;
    return CD_NO_CLASS;
}

/* Labels for the names that have none yet; *unmatched counts those that still have none. */
static cnn_status_t match_folded(cnn_context_t *context, const struct keys *keys,
                                 enum folding folding, const char *const *found, size_t n_found,
                                 uint32_t *labels, size_t *unmatched)
{
    *unmatched = 0;
    for (size_t i = 0; i < n_found; i++) {
        if (labels[i] != CD_NO_CLASS)
            continue;
        char *text = fold(context, found[i], folding);
        if (!text)
            return cd_error_memory(context);
        labels[i] = keys_find(keys, text);
        cd_free(context, text);
        *unmatched += labels[i] == CD_NO_CLASS;
    }
    return CNN_OK;
}

cnn_status_t cd_classes_match(cnn_context_t *context, const char *const *given, size_t n_given,
                              const char *const *found, size_t n_found, uint32_t *labels)
{
    cnn_status_t rc = CNN_OK;
    size_t unmatched = n_found;

    for (size_t i = 0; i < n_found; i++)
        labels[i] = CD_NO_CLASS;
    for (int folding = 0; folding < FOLDINGS && unmatched > 0 && rc == CNN_OK; folding++) {
        struct keys keys = {0};
        rc = keys_make(context, given, n_given, (enum folding)folding, &keys);
        if (rc == CNN_OK)
            rc = match_folded(context, &keys, (enum folding)folding, found, n_found, labels,
                              &unmatched);
        keys_free(context, &keys);
    }
    return rc;
}
