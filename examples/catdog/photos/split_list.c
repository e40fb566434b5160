/* SPDX-License-Identifier: MIT */
#include "photos/split_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"

static int no_memory(void)
{
    output_message("out of memory");
    return EXIT_FAILURE;
}

const char *part_list_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* ---- reading ---- */

/* All bytes of a file with a NUL behind; NULL after telling why not. */
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

static int wrong_line(const struct part_list *list, size_t number)
{
    output_message("%s: line %zu is not \"part<TAB>path\"", list->file, number);
    return EXIT_FAILURE;
}

/* A line, whose end is a NUL by now. Further columns are for other readers. */
static int take_line(struct part_list *list, char *text, size_t number)
{
    char *tab = strchr(text, '\t'), *path = tab ? tab + 1 : NULL;

    if (!*text || *text == '#')
        return EXIT_SUCCESS;
    if (!tab || tab == text || *path == '\t' || !*path)
        return wrong_line(list, number);
    *tab = '\0';
    path[strcspn(path, "\t")] = '\0';
    list->lines[list->n++] = (struct part_line){text, path, part_list_name(path), number, 0};
    return EXIT_SUCCESS;
}

static int split_lines(struct part_list *list, size_t length)
{
    size_t n = 1, number = 0;
    int rc = EXIT_SUCCESS;

    for (size_t i = 0; i < length; i++)
        n += list->text[i] == '\n';
    list->lines = calloc(n, sizeof *list->lines);
    if (!list->lines)
        return no_memory();
    if (strlen(list->text) != length)
        return wrong_line(list, 1); /* a NUL: no text */
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

int part_list_open(const char *file, const char *folder, const cnn_dataset_t *whole,
                   struct part_list *list)
{
    size_t length;
    int rc;

    *list = (struct part_list){.file = file};
    if (!(list->text = read_all(file, &length)))
        return EXIT_FAILURE;
    rc = split_lines(list, length);
    return rc == EXIT_SUCCESS ? part_list_match(list, folder, whole) : rc;
}

void part_list_close(struct part_list *list)
{
    free(list->text);
    free(list->lines);
    free(list->line_of);
}

/* ---- what is in a part ---- */

static int is_in(const struct part_list *list, size_t photo, const char *part)
{
    const size_t line = list->line_of[photo];

    return line != PART_NONE && strcmp(list->lines[line].part, part) == 0;
}

int part_list_take(const struct part_list *list, const cnn_dataset_t *whole, const char *part,
                   cnn_dataset_t **subset)
{
    size_t *indices = malloc(list->photos * sizeof *indices), n = 0;
    int rc = EXIT_SUCCESS;

    if (!indices)
        return no_memory();
    for (size_t i = 0; i < list->photos; i++)
        if (is_in(list, i, part))
            indices[n++] = i;
    if (n == 0) {
        output_message("%s: no photo of the folder is in part \"%s\"", list->file, part);
        rc = EXIT_FAILURE;
        goto done;
    }
    TOOL_TRY(rc, cnn_dataset_subset(whole, indices, n, subset));
done:
    free(indices);
    return rc;
}

static int is_among(const char *part, const char *const *parts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(part, parts[i]) == 0)
            return 1;
    return 0;
}

void part_list_tell(const struct part_list *list, const char *folder, const char *const *parts,
                    size_t n)
{
    enum { SHOWN = 3 };
    size_t unnamed = 0, missing = 0;

    for (size_t i = 0; i < list->photos; i++)
        unnamed += list->line_of[i] == PART_NONE;
    if (unnamed > 0)
        output_message("%zu photos of %s are not in %s: left out", unnamed, folder, list->file);
    for (size_t i = 0; i < list->n; i++) {
        const struct part_line *line = &list->lines[i];
        if (line->found || !is_among(line->part, parts, n))
            continue;
        if (missing++ < SHOWN)
            output_message("%s: line %zu: %s has no photo called %s", list->file, line->number,
                           folder, line->path);
    }
    if (missing > SHOWN)
        output_message("%s: and %zu more lines without a photo", list->file, missing - SHOWN);
}

void part_list_write(FILE *stream, const char *part, const cnn_dataset_t *dataset)
{
    cnn_sample_t sample = {.struct_size = sizeof sample};

    for (size_t i = 0; i < cnn_dataset_sample_count(dataset); i++)
        if (cnn_dataset_sample(dataset, i, &sample) == CNN_OK)
            fprintf(stream, "%s\t%s\n", part, sample.path);
}

/* ---- one part ---- */

int part_choice_check(const struct command *command, const struct part_choice *choice)
{
    if (!choice->list == !choice->part)
        return ARGS_GO_ON;
    return args_error(command, "--parts FILE and --part NAME go together");
}

int part_choice_open(const struct tool *tool, const char *folder,
                     const cnn_dataset_open_options_t *options, const struct part_choice *choice,
                     cnn_dataset_t **dataset)
{
    struct part_list list = {.file = NULL};
    cnn_dataset_t *whole = NULL;
    int rc = EXIT_SUCCESS;

    *dataset = NULL;
    TOOL_TRY(rc, cnn_dataset_open(tool->context, folder, options, &whole));
    if (!choice->list) {
        *dataset = whole;
        return rc;
    }
    rc = part_list_open(choice->list, folder, whole, &list);
    if (rc == EXIT_SUCCESS) {
        part_list_tell(&list, folder, &choice->part, 1);
        rc = part_list_take(&list, whole, choice->part, dataset);
    }
done:
    part_list_close(&list);
    cnn_dataset_free(whole);
    return rc;
}
