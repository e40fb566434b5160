/* SPDX-License-Identifier: MIT */
#include "core/names.h"

#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/text.h"

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void cd_names_sort(const char **names, size_t n)
{
    if (n > 1)
        qsort(names, n, sizeof *names, compare_names);
}

int cd_names_same(const char *a, const char *b)
{
    while (*a && cd_text_lower(*a) == cd_text_lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* Finds duplicates by sorting a copy of the list, which may have thousands of names. */
cnn_status_t cd_names_check(cnn_context_t *context, const char *const *names, size_t n)
{
    const char **sorted;
    cnn_status_t rc = CNN_OK;

    for (size_t i = 0; i < n; i++)
        if (!names[i] || !names[i][0])
            return cd_error(CNN_ERROR_ARGUMENT, "class %zu has no name", i);
    sorted = cd_alloc(context, n, sizeof *sorted);
    if (!sorted)
        return cd_error_memory();
    memcpy(sorted, names, n * sizeof *sorted);
    cd_names_sort(sorted, n);
    for (size_t i = 1; i < n && rc == CNN_OK; i++)
        if (strcmp(sorted[i - 1], sorted[i]) == 0)
            rc = cd_error(CNN_ERROR_ARGUMENT, "two classes have the name \"%.80s\"", sorted[i]);
    cd_free(context, sorted);
    return rc;
}

cnn_status_t cd_names_copy(cnn_context_t *context, const char *const *names, size_t n, char ***out)
{
    char **copy = cd_alloc(context, n, sizeof *copy);

    *out = NULL;
    if (!copy)
        return cd_error_memory();
    for (size_t i = 0; i < n; i++) {
        copy[i] = cd_strdup(context, names[i]);
        if (!copy[i]) {
            cd_names_free(context, copy, i);
            return cd_error_memory();
        }
    }
    *out = copy;
    return CNN_OK;
}

void cd_names_free(cnn_context_t *context, char **names, size_t n)
{
    if (!names)
        return;
    for (size_t i = 0; i < n; i++)
        cd_free(context, names[i]);
    cd_free(context, names);
}
