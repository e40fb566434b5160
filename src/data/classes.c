/* SPDX-License-Identifier: MIT */
#include "data/classes.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/names.h"
#include "core/text.h"

/* The rules of cd_classes_match(), in the order in which they are tried. */
enum matching { MATCH_EXACT, MATCH_CASE, MATCH_PLURAL, MATCHINGS };

/* The given names, sorted. They are in lower case unless the rule is MATCH_EXACT. */
struct keys {
    struct key {
        char *text;
        uint32_t label;
    } *entries;
    size_t count;
};

cnn_status_t cd_classes_check(cnn_context_t *context, const char *what, const char *const *names,
                              size_t n, size_t minimum)
{
    if (!names || n < minimum || n >= CD_NO_CLASS)
        return cd_error(CNN_ERROR_ARGUMENT, "%s: %zu class names; at least %zu are needed", what,
                        names ? n : 0, minimum);
    return cd_names_check(context, names, n);
}

static int is_singular_or_plural(const char *name, const char *singular, const char *plural)
{
    return cd_names_same(name, singular) || cd_names_same(name, plural);
}

/* Sorts by bytes, with one exception: of the two classes cats and dogs, dogs come first. */
void cd_classes_order(const char **names, size_t n)
{
    cd_names_sort(names, n);
    if (n == 2 && is_singular_or_plural(names[0], "cat", "cats") &&
        is_singular_or_plural(names[1], "dog", "dogs")) {
        const char *cat = names[0];
        names[0] = names[1];
        names[1] = cat;
    }
}

/* Returns a copy of a name with room for one more letter, in lower case unless the rule is
 * MATCH_EXACT. Returns NULL if out of memory. */
static char *make_key(cnn_context_t *context, const char *name, enum matching matching)
{
    const size_t length = strlen(name);
    char *text = cd_alloc(context, length + 2, 1);

    if (!text)
        return NULL;
    memcpy(text, name, length);
    if (matching != MATCH_EXACT)
        for (char *c = text; *c; c++)
            *c = cd_text_lower(*c);
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

/* Fills *keys with sorted copies of the given names. Call keys_free() on success and on failure.
 * Errors: MEMORY. */
static cnn_status_t keys_make(cnn_context_t *context, const char *const *given, size_t n,
                              enum matching matching, struct keys *keys)
{
    keys->entries = cd_alloc(context, n, sizeof *keys->entries);
    if (!keys->entries)
        return cd_error_memory();
    for (; keys->count < n; keys->count++) {
        struct key *entry = &keys->entries[keys->count];
        entry->label = (uint32_t)keys->count;
        entry->text = make_key(context, given[keys->count], matching);
        if (!entry->text)
            return cd_error_memory();
    }
    qsort(keys->entries, n, sizeof *keys->entries, compare_keys);
    return CNN_OK;
}

/* Returns the smallest label whose key equals text, or CD_NO_CLASS. */
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

/* Returns the smallest label whose key equals text with a final "s" added or removed, or
 * CD_NO_CLASS. text needs room for one more letter. */
static uint32_t keys_find_plural(const struct keys *keys, char *text)
{
    const size_t length = strlen(text);
    uint32_t longer, shorter = CD_NO_CLASS;

    text[length] = 's';
    longer = keys_find(keys, text);
    text[length] = '\0';
    if (text[length - 1] == 's') {
        text[length - 1] = '\0';
        shorter = keys_find(keys, text);
    }
    return longer < shorter ? longer : shorter;
}

/* Applies one rule to the found names that have no label yet. Sets *unmatched to the number of
 * names that still have none. Errors: MEMORY. */
static cnn_status_t match_names(cnn_context_t *context, const struct keys *keys,
                                enum matching matching, const char *const *found, size_t n_found,
                                uint32_t *labels, size_t *unmatched)
{
    *unmatched = 0;
    for (size_t i = 0; i < n_found; i++) {
        if (labels[i] != CD_NO_CLASS)
            continue;
        char *text = make_key(context, found[i], matching);
        if (!text)
            return cd_error_memory();
        labels[i] = matching == MATCH_PLURAL ? keys_find_plural(keys, text) : keys_find(keys, text);
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
    for (int matching = 0; matching < MATCHINGS && unmatched > 0 && rc == CNN_OK; matching++) {
        struct keys keys = {0};
        rc = keys_make(context, given, n_given, (enum matching)matching, &keys);
        if (rc == CNN_OK)
            rc = match_names(context, &keys, (enum matching)matching, found, n_found, labels,
                             &unmatched);
        keys_free(context, &keys);
    }
    return rc;
}
