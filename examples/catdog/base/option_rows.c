/* SPDX-License-Identifier: MIT */
#include "base/option_rows.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MAX_ROWS = 128, NAME = 32, HELP = 256 };

/* The most recently expanded table and its rows. Static storage is enough, because a process runs
 * one command only. */
static const struct option *expanded;
static struct option rows[MAX_ROWS];
static char names[MAX_ROWS][NAME], arguments[MAX_ROWS][NAME], helps[MAX_ROWS][HELP];
static size_t n_rows;

/* Converts "learning_rate" to "learning-rate". */
static void to_option_name(const char *field, char *name)
{
    snprintf(name, NAME, "%s", field);
    for (char *p = name; *p; p++)
        if (*p == '_')
            *p = '-';
}

size_t option_find_training(const char *name, cnn_train_option_info_t *info)
{
    const size_t n = cnn_train_option_count();
    char candidate[NAME];

    info->struct_size = sizeof *info;
    for (size_t i = 0; i < n; i++) {
        if (cnn_train_option(i, info) != CNN_OK)
            continue;
        to_option_name(info->name, candidate);
        if (strcmp(candidate, name) == 0)
            return i;
    }
    return n;
}

static int is_in_table(const struct option *table, const char *name)
{
    for (const struct option *o = table; o->name; o++)
        if (strcmp(o->name, name) == 0)
            return 1;
    return 0;
}

/* Writes the name that the help gives to the option's value: the unit in capitals, or a name for
 * the kind of value if the option has no unit. */
static void write_argument(const cnn_train_option_info_t *info, char *text)
{
    static const char *const kinds[] = {[CNN_OPTION_INTEGER] = "N",
                                        [CNN_OPTION_REAL] = "X",
                                        [CNN_OPTION_SWITCH] = "on|off",
                                        [CNN_OPTION_CHOICE] = "NAME"};

    snprintf(text, NAME, "%s", *info->unit ? info->unit : kinds[info->kind]);
    if (*info->unit)
        for (char *p = text; *p; p++)
            *p = (char)toupper((unsigned char)*p);
}

static void write_default(const cnn_train_option_info_t *info, size_t index, char *text,
                          size_t size)
{
    if (info->kind == CNN_OPTION_CHOICE)
        snprintf(text, size, "%s", cnn_train_option_choice(index, (size_t)info->default_value));
    else if (info->kind == CNN_OPTION_SWITCH)
        snprintf(text, size, "%s", info->default_value > 0 ? "on" : "off");
    else
        snprintf(text, size, "%g", info->default_value);
}

static void write_help(const cnn_train_option_info_t *info, size_t index, char *text)
{
    char standard[NAME];

    write_default(info, index, standard, sizeof standard);
    snprintf(text, HELP, "%s. Default: %s%s.", info->description,
             info->has_preset ? "the preset's, else " : "", standard);
    text[0] = (char)toupper((unsigned char)text[0]);
}

static void add_training_rows(const struct option *table, void *fit)
{
    cnn_train_option_info_t info = CNN_INIT(cnn_train_option_info_t);

    for (size_t i = 0; i < cnn_train_option_count() && n_rows + 1 < MAX_ROWS; i++) {
        if (cnn_train_option(i, &info) != CNN_OK)
            continue;
        to_option_name(info.name, names[n_rows]);
        if (is_in_table(table, names[n_rows]))
            continue;
        write_argument(&info, arguments[n_rows]);
        write_help(&info, i, helps[n_rows]);
        rows[n_rows] = (struct option){.name = names[n_rows],
                                       .kind = OPTION_TRAINING,
                                       .value = fit,
                                       .argument = arguments[n_rows],
                                       .help = helps[n_rows]};
        n_rows++;
    }
}

const struct option *option_rows(const struct option *table)
{
    if (expanded == table)
        return rows;
    n_rows = 0;
    for (const struct option *o = table; o->name && n_rows + 1 < MAX_ROWS; o++) {
        if (o->kind == OPTION_TRAINING && !o->help)
            add_training_rows(table, o->value);
        else
            rows[n_rows++] = *o;
    }
    rows[n_rows] = (struct option){.name = NULL};
    expanded = table;
    return rows;
}
