/* SPDX-License-Identifier: MIT */
#include "kernels/kernel_choice.h"

#include <string.h>

#include "core/memory.h"
#include "core/text.h"
#include "kernels/conv.h"

/* ---- names of kernels, tables and algorithms ---- */

/* A kernel: a member of struct cd_kernels, and the name of its group. */
struct kernel {
    const char *group;
    size_t offset, size; /* offset and size of the member in struct cd_kernels, in bytes */
};

#define KERNEL(group, kernel, level, blas) \
    {#group, offsetof(struct cd_kernels, kernel), sizeof(((struct cd_kernels *)NULL)->kernel)},

static const struct kernel kernel_list[] = {CD_KERNEL_LIST(KERNEL)};

enum { N_KERNELS = sizeof kernel_list / sizeof *kernel_list, MOST_ALGORITHMS = 32 };

/* A substring, not terminated by NUL. */
struct word {
    const char *at;
    size_t length;
};

static int same(struct word word, const char *name)
{
    return strlen(name) == word.length && memcmp(word.at, name, word.length) == 0;
}

static int is_group(struct word name)
{
    for (size_t i = 0; i < N_KERNELS; i++)
        if (same(name, kernel_list[i].group))
            return 1;
    return 0;
}

static const struct cd_kernels *find_table(struct word name)
{
    for (size_t i = 0; i < cd_kernels_count(); i++)
        if (same(name, cd_kernels_at(i)->name) && cd_kernels_run_here(i))
            return cd_kernels_at(i);
    return NULL;
}

static const struct cd_conv_algorithm *find_algorithm(const struct cd_kernels *table,
                                                      struct word name)
{
    for (size_t i = 0; table->conv_algorithms[i]; i++)
        if (same(name, table->conv_algorithms[i]->name))
            return table->conv_algorithms[i];
    return NULL;
}

static int is_algorithm(struct word name)
{
    for (size_t i = 0; i < cd_kernels_count(); i++)
        if (find_algorithm(cd_kernels_at(i), name))
            return 1;
    return 0;
}

/* ---- messages ---- */

static void append_tables(struct cd_text *text)
{
    const char *comma = "";

    for (size_t i = 0; i < cd_kernels_count(); i++)
        if (cd_kernels_run_here(i)) {
            cd_text_append(text, "%s%s", comma, cd_kernels_at(i)->name);
            comma = ", ";
        }
}

/* Appends all valid names. Every level has the same algorithms, so the algorithms of the first
 * table are listed. */
static void append_names(struct cd_text *text)
{
    for (size_t i = 0; i < N_KERNELS; i++)
        if (i == 0 || strcmp(kernel_list[i].group, kernel_list[i - 1].group) != 0)
            cd_text_append(text, "%s, ", kernel_list[i].group);
    cd_text_append(text, "algorithms");
    for (size_t i = 0; cd_kernels_at(0)->conv_algorithms[i]; i++)
        cd_text_append(text, ", %s", cd_kernels_at(0)->conv_algorithms[i]->name);
}

static cnn_status_t complain(cnn_context_t *context, struct word part, const char *what,
                             void (*append)(struct cd_text *text))
{
    struct cd_text list = {.context = context};

    append(&list);
    cnn_status_t rc = cd_error(CNN_ERROR_ARGUMENT, "\"%.*s\": %s: %s",
                               (int)(part.length < 100 ? part.length : 100), part.at, what,
                               list.bytes ? list.bytes : "");
    cd_text_free(&list);
    return rc;
}

static cnn_status_t unknown_table(cnn_context_t *context, struct word part)
{
    return complain(context, part, "no such kernels here; there are", append_tables);
}

static cnn_status_t unknown_name(cnn_context_t *context, struct word part)
{
    return complain(context, part, "no such kernel; there are", append_names);
}

/* ---- a table combined from several tables ---- */

struct mixture {
    struct cd_kernels table; /* the combined table */
    const struct cd_conv_algorithm *algorithms[MOST_ALGORITHMS + 1];
    char name[];
};

static void set_algorithms(struct mixture *mixture, const struct cd_conv_algorithm *const *list)
{
    size_t n = 0;

    for (; list && list[n] && n < MOST_ALGORITHMS; n++)
        mixture->algorithms[n] = list[n];
    mixture->algorithms[n] = NULL;
}

/* Replaces the algorithm called `name`, or appends `algorithm` if there is none. Removes it if
 * `algorithm` is NULL. */
static void set_algorithm(struct mixture *mixture, struct word name,
                          const struct cd_conv_algorithm *algorithm)
{
    const struct cd_conv_algorithm **list = mixture->algorithms;
    size_t at = 0, n = 0;

    while (list[at] && !same(name, list[at]->name))
        at++;
    while (list[n])
        n++;
    if (algorithm && (at < n || n < MOST_ALGORITHMS)) {
        list[at] = algorithm;
        list[at < n ? n : n + 1] = NULL;
    } else if (!algorithm && at < n) {
        memmove(list + at, list + at + 1, (n - at) * sizeof *list);
    }
}

static void set_group(struct mixture *mixture, struct word name, const struct cd_kernels *from)
{
    for (size_t i = 0; i < N_KERNELS; i++) {
        const struct kernel *kernel = &kernel_list[i];
        if (same(name, kernel->group))
            memcpy((char *)&mixture->table + kernel->offset, (const char *)from + kernel->offset,
                   kernel->size);
    }
}

/* Copies enter and leave from a table, unless the mixture already has functions other than
 * cd_ref_nothing. The last table is the reference, which has cd_ref_nothing. */
static void use_surroundings(struct mixture *mixture, const struct cd_kernels *from)
{
    const struct cd_kernels *plain = cd_kernels_at(cd_kernels_count() - 1);

    if (mixture->table.enter == plain->enter) {
        mixture->table.enter = from->enter;
        mixture->table.leave = from->leave;
    }
}

/* Applies one entry, "NAME=FROM". */
static cnn_status_t override(cnn_context_t *context, struct mixture *mixture, struct word part,
                             struct word name, struct word from)
{
    const struct cd_kernels *table = find_table(from);
    const int group = is_group(name), all = same(name, "algorithms"), off = same(from, "off");

    if (!group && !all && !is_algorithm(name))
        return unknown_name(context, part);
    if (off && group)
        return cd_error(CNN_ERROR_ARGUMENT, "\"%.*s\": only an algorithm of convolution can be off",
                        (int)part.length, part.at);
    if (!table && !off)
        return unknown_table(context, part);
    if (group) {
        set_group(mixture, name, table);
        use_surroundings(mixture, table);
    } else if (all) {
        set_algorithms(mixture, off ? NULL : table->conv_algorithms);
    } else if (off || find_algorithm(table, name)) {
        set_algorithm(mixture, name, off ? NULL : find_algorithm(table, name));
    } else {
        return cd_error(CNN_ERROR_ARGUMENT, "\"%.*s\": the kernels \"%s\" do not have it",
                        (int)part.length, part.at, table->name);
    }
    return CNN_OK;
}

/* Returns the part of *text before the next comma. Moves *text past the comma, or sets it to NULL
 * if there is none. */
static struct word next_part(const char **text)
{
    const char *start = *text, *comma = strchr(start, ',');

    *text = comma ? comma + 1 : NULL;
    return (struct word){start, comma ? (size_t)(comma - start) : strlen(start)};
}

static cnn_status_t apply(cnn_context_t *context, struct mixture *mixture, const char *text)
{
    while (text) {
        const struct word part = next_part(&text);
        const char *equals = memchr(part.at, '=', part.length);
        if (!equals)
            return complain(context, part, "not NAME=KERNELS; names are", append_names);
        const size_t length = (size_t)(equals - part.at);
        const struct word name = {part.at, length};
        const struct word from = {equals + 1, part.length - length - 1};
        CD_TRY(override(context, mixture, part, name, from));
    }
    return CNN_OK;
}

cnn_status_t cd_kernel_choice(cnn_context_t *context, const char *text,
                              const struct cd_kernels **kernels, void **memory)
{
    const char *rest = text;

    *memory = NULL;
    *kernels = cd_kernels_find(NULL);
    if (!text)
        return CNN_OK;
    const struct word first = next_part(&rest);
    if (memchr(first.at, '=', first.length))
        rest = text;
    else
        *kernels = find_table(first);
    if (!*kernels)
        return unknown_table(context, first);
    if (!rest)
        return CNN_OK;

    struct mixture *mixture = cd_alloc(context, 1, sizeof *mixture + strlen(text) + 1);
    if (!mixture)
        return cd_error_memory();
    mixture->table = **kernels;
    set_algorithms(mixture, (*kernels)->conv_algorithms);
    mixture->table.conv_algorithms = mixture->algorithms;
    mixture->table.name = strcpy(mixture->name, text);
    cnn_status_t rc = apply(context, mixture, rest);
    if (rc != CNN_OK) {
        cd_free(context, mixture);
        *kernels = NULL;
        return rc;
    }
    *kernels = &mixture->table;
    *memory = mixture;
    return CNN_OK;
}
