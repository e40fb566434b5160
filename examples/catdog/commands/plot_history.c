/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "commands/plot_history.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"

#define MAX_FIELDS 64

static const char *const names[HISTORY_COLUMNS] = {
    [HISTORY_EPOCH] = "epoch",
    [HISTORY_LOSS] = "loss",
    [HISTORY_ACCURACY] = "accuracy",
    [HISTORY_VAL_LOSS] = "val_loss",
    [HISTORY_VAL_ACCURACY] = "val_accuracy",
};

struct reader {
    const char *path;
    size_t line;
    size_t n_fields;               /* number of fields in the header */
    size_t place[HISTORY_COLUMNS]; /* index of each column's field */
};

static int bad(const struct reader *r, const char *what, const char *text)
{
    return output_failure("%s, line %zu: %s%s%s%s", r->path, r->line, what, text ? " \"" : "",
                          text ? text : "", text ? "\"" : "");
}

/* Splits the line at its commas. Returns the number of fields, or 0 if it exceeds MAX_FIELDS. */
static size_t cut(char *line, char *fields[MAX_FIELDS])
{
    size_t n = 0;

    line[strcspn(line, "\r\n")] = '\0';
    for (char *field = line; field; n++) {
        if (n == MAX_FIELDS)
            return 0;
        fields[n] = field;
        if ((field = strchr(field, ',')))
            *field++ = '\0';
    }
    return n;
}

static int read_header(struct reader *r, char *line)
{
    char *fields[MAX_FIELDS];

    r->n_fields = cut(line, fields);
    for (size_t c = 0; c < HISTORY_COLUMNS; c++) {
        size_t i = 0;
        while (i < r->n_fields && strcmp(fields[i], names[c]) != 0)
            i++;
        if (i == r->n_fields)
            return bad(r, "not a training history: missing column", names[c]);
        r->place[c] = i;
    }
    return EXIT_SUCCESS;
}

static int read_row(struct reader *r, char *line, double row[HISTORY_COLUMNS])
{
    char *fields[MAX_FIELDS], *end;
    size_t n = cut(line, fields);

    if (n != r->n_fields)
        return bad(r, "the number of fields differs from the header", NULL);
    for (size_t c = 0; c < HISTORY_COLUMNS; c++) {
        const char *text = fields[r->place[c]];
        row[c] = *text ? strtod(text, &end) : NAN;
        if (*text && (end == text || *end || !isfinite(row[c])))
            return bad(r, "not a number:", text);
    }
    return isfinite(row[HISTORY_EPOCH]) ? EXIT_SUCCESS : bad(r, "the epoch is missing", NULL);
}

static int add_row(struct history *history, struct reader *r, char *line)
{
    void *larger = realloc(history->rows, (history->n + 1) * sizeof *history->rows);

    if (!larger)
        return bad(r, "out of memory", NULL);
    history->rows = larger;
    if (read_row(r, line, history->rows[history->n]) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    if (history->n > 0 &&
        history->rows[history->n][HISTORY_EPOCH] <= history->rows[history->n - 1][HISTORY_EPOCH])
        return bad(r, "the epochs do not increase", NULL);
    history->n++;
    return EXIT_SUCCESS;
}

int history_read(struct history *history, const char *path)
{
    struct reader r = {.path = path};
    FILE *stream = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    int rc = EXIT_SUCCESS;

    memset(history, 0, sizeof *history);
    if (!stream)
        return output_failure("%s cannot be read: %s", path, strerror(errno));
    while (rc == EXIT_SUCCESS && getline(&line, &room, stream) >= 0) {
        r.line++;
        rc = r.line == 1 ? read_header(&r, line) : add_row(history, &r, line);
    }
    if (rc == EXIT_SUCCESS && ferror(stream))
        rc = output_failure("%s cannot be read", path);
    else if (rc == EXIT_SUCCESS && history->n == 0)
        rc = output_failure("%s holds no epoch", path);
    free(line);
    fclose(stream);
    if (rc != EXIT_SUCCESS)
        history_free(history);
    return rc;
}

void history_free(struct history *history)
{
    free(history->rows);
    memset(history, 0, sizeof *history);
}
