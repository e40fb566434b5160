/* SPDX-License-Identifier: MIT */
#include "photos/split_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"

/* ---- reading ---- */

/* Reads the file. Returns its bytes, followed by a NUL, or NULL after a message. The caller frees
 * them. */
static char *read_all(const char *file, size_t *length)
{
    FILE *stream = fopen(file, "rb");
    size_t size = 1 << 16;
    char *text = stream ? malloc(size) : NULL;

    *length = 0;
    for (size_t got = 1; text && got > 0; *length += got) {
        if (*length + 1 == size) {
            char *larger = realloc(text, size *= 2);
            if (!larger)
                free(text);
            text = larger;
        }
        got = text ? fread(text + *length, 1, size - 1 - *length, stream) : 0;
    }
    if (!text || ferror(stream)) {
        output_message("%s: cannot be read: %s", file, strerror(errno));
        free(text);
        text = NULL;
    }
    if (stream)
        fclose(stream);
    if (text)
        text[*length] = '\0';
    return text;
}

static int wrong_line(const struct split_list *list, size_t number)
{
    return output_failure("%s: line %zu is not \"subset<TAB>path\"", list->file, number);
}

/* Parses one line and adds it to the list. text: the line, ended by a NUL; number: its number in
 * the file. Columns after the path are ignored. */
static int take_line(struct split_list *list, char *text, size_t number)
{
    char *tab = strchr(text, '\t'), *path = tab ? tab + 1 : NULL;

    if (!*text || *text == '#')
        return EXIT_SUCCESS;
    if (!tab || tab == text || *path == '\t' || !*path)
        return wrong_line(list, number);
    *tab = '\0';
    path[strcspn(path, "\t")] = '\0';
    list->lines[list->n++] = (struct split_line){text, path, split_list_name(path), number, 0};
    return EXIT_SUCCESS;
}

static int split_lines(struct split_list *list, size_t length)
{
    size_t n = 1, number = 0;
    int rc = EXIT_SUCCESS;

    for (size_t i = 0; i < length; i++)
        n += list->text[i] == '\n';
    list->lines = calloc(n, sizeof *list->lines);
    if (!list->lines)
        return output_no_memory();
    if (strlen(list->text) != length)
        return wrong_line(list, 1); /* a NUL byte: the file is not text */
    for (char *line = list->text, *next; line && rc == EXIT_SUCCESS; line = next) {
        size_t end = strcspn(line, "\n");
        next = line[end] ? line + end + 1 : NULL;
        line[end] = '\0';
        if (end > 0 && line[end - 1] == '\r')
            line[end - 1] = '\0';
        rc = take_line(list, line, ++number);
    }
    return rc;
}

int split_list_open(const char *file, const char *folder, const cnn_dataset_t *whole,
                    struct split_list *list)
{
    size_t length;
    int rc;

    *list = (struct split_list){.file = file};
    if (!(list->text = read_all(file, &length)))
        return EXIT_FAILURE;
    rc = split_lines(list, length);
    return rc == EXIT_SUCCESS ? split_list_match(list, folder, whole) : rc;
}

void split_list_close(struct split_list *list)
{
    free(list->text);
    free(list->lines);
    free(list->line_of);
}

/* ---- a subset ---- */

static int is_in(const struct split_list *list, size_t photo, const char *subset)
{
    const size_t line = list->line_of[photo];

    return line != SPLIT_NONE && strcmp(list->lines[line].subset, subset) == 0;
}

int split_list_take(const struct split_list *list, const cnn_dataset_t *whole, const char *name,
                    cnn_dataset_t **subset)
{
    size_t *indices = malloc(list->photos * sizeof *indices), n = 0;
    int rc = EXIT_SUCCESS;

    if (!indices)
        return output_no_memory();
    for (size_t i = 0; i < list->photos; i++)
        if (is_in(list, i, name))
            indices[n++] = i;
    if (n == 0) {
        rc = output_failure("%s: no photo of the folder is in subset \"%s\"", list->file, name);
        goto done;
    }
    TOOL_TRY(rc, cnn_dataset_subset(whole, indices, n, subset));
done:
    free(indices);
    return rc;
}

static int is_among(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, names[i]) == 0)
            return 1;
    return 0;
}

void split_list_warn(const struct split_list *list, const char *folder, const char *const *subsets,
                     size_t n)
{
    enum { SHOWN = 3 };
    size_t unnamed = 0, missing = 0;

    for (size_t i = 0; i < list->photos; i++)
        unnamed += list->line_of[i] == SPLIT_NONE;
    if (unnamed > 0)
        output_message("%zu photos of %s are not in %s: left out", unnamed, folder, list->file);
    for (size_t i = 0; i < list->n; i++) {
        const struct split_line *line = &list->lines[i];
        if (line->found || !is_among(line->subset, subsets, n))
            continue;
        if (missing++ < SHOWN)
            output_message("%s: line %zu: %s has no photo called %s", list->file, line->number,
                           folder, line->path);
    }
    if (missing > SHOWN)
        output_message("%s: and %zu more lines without a photo", list->file, missing - SHOWN);
}

void split_list_write(FILE *stream, const char *subset, const cnn_dataset_t *dataset)
{
    cnn_sample_t sample = CNN_INIT(cnn_sample_t);

    for (size_t i = 0; i < cnn_dataset_sample_count(dataset); i++)
        if (cnn_dataset_sample(dataset, i, &sample) == CNN_OK)
            fprintf(stream, "%s\t%s\n", subset, sample.path);
}

/* ---- for commands that use one subset ---- */

int subset_check(const struct command *command, const struct subset_choice *choice)
{
    if (!choice->list == !choice->subset)
        return EXIT_SUCCESS;
    return command_usage(command, "--split FILE and --subset NAME go together");
}

int subset_open(const struct tool *tool, const char *folder,
                const cnn_dataset_open_options_t *options, const struct subset_choice *choice,
                cnn_dataset_t **dataset)
{
    struct split_list list = {.file = NULL};
    cnn_dataset_t *whole = NULL;
    int rc = EXIT_SUCCESS;

    *dataset = NULL;
    TOOL_TRY(rc, cnn_dataset_open(tool->context, folder, options, &whole));
    if (!choice->list) {
        *dataset = whole;
        return rc;
    }
    rc = split_list_open(choice->list, folder, whole, &list);
    if (rc == EXIT_SUCCESS) {
        split_list_warn(&list, folder, &choice->subset, 1);
        rc = split_list_take(&list, whole, choice->subset, dataset);
    }
done:
    split_list_close(&list);
    cnn_dataset_free(whole);
    return rc;
}
