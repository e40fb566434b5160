/* SPDX-License-Identifier: MIT */
#include "base/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/option_rows.h"
#include "base/output.h"
#include "base/save.h"
#include "base/values.h"

enum { MAX_GIVEN = 128 };

int command_usage(const struct command *command, const char *format, ...)
{
    va_list list;

    fprintf(stderr, "catdog %s: ", command->name);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fprintf(stderr, "\ncatdog %s --help lists the options\n", command->name);
    return EXIT_USAGE;
}

const char *choice_name(const struct choice *choices, int value)
{
    for (const struct choice *c = choices; c->name; c++)
        if (c->value == value)
            return c->name;
    return "?";
}

/* The names of the options on the command line. */
static const char *given[MAX_GIVEN];
static size_t n_given;

int command_given(const char *option)
{
    for (size_t i = 0; i < n_given; i++)
        if (strcmp(given[i], option) == 0)
            return 1;
    return 0;
}

static void remember(const char *option)
{
    if (!command_given(option) && n_given < MAX_GIVEN)
        given[n_given++] = option;
}

static int set_value(const struct command *command, const struct option *option, const char *text)
{
    char why[512];

    if (value_set(option, text, why, sizeof why)) {
        remember(option->name);
        return EXIT_SUCCESS;
    }
    return command_usage(command, "--%s: %s", option->name, why);
}

static const struct option *find_option(const struct command *command, const char *name,
                                        size_t length)
{
    for (const struct option *o = option_rows(command->options); o->name; o++)
        if (strlen(o->name) == length && strncmp(o->name, name, length) == 0)
            return o;
    return NULL;
}

/* Sets the option that argv[*i] names. Increments *i if the option's value is the next argument.
 * Returns EXIT_SUCCESS or an exit status. */
static int read_option(const struct command *command, int argc, char **argv, int *i)
{
    const char *name = argv[*i] + 2;
    const char *equals = strchr(name, '=');
    const size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct option *option = find_option(command, name, length);

    if (argv[*i][1] != '-' || !option)
        return command_usage(command, "unknown option %s", argv[*i]);
    if (option->kind == OPTION_FLAG)
        return equals ? command_usage(command, "--%s takes no value", option->name)
                      : set_value(command, option, "");
    if (equals)
        return set_value(command, option, equals + 1);
    if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
        return command_usage(command, "--%s needs a value", option->name);
    ++*i;
    return set_value(command, option, argv[*i]);
}

/* Sets the options and collects the files of the command line. Arguments after `--` are files, and
 * so is a single `-`. Returns EXIT_SUCCESS or an exit status. */
static int read_arguments(const struct command *command, int argc, char **argv, char **files,
                          size_t *n_files)
{
    int options = 1, rc = EXIT_SUCCESS;

    *n_files = 0;
    for (int i = 1; i < argc && rc == EXIT_SUCCESS; i++) {
        if (!options || argv[i][0] != '-' || !argv[i][1])
            files[(*n_files)++] = argv[i];
        else if (strcmp(argv[i], "--") == 0)
            options = 0;
        else
            rc = read_option(command, argc, argv, &i);
    }
    return rc;
}

static const char *text_of(const struct option *option)
{
    return *(const char *const *)option->value;
}

static int check_outputs(const struct command *command)
{
    const struct option *const rows = option_rows(command->options);

    for (const struct option *o = rows; o->name; o++)
        for (const struct option *p = rows; p < o; p++)
            if (o->kind == OPTION_OUTPUT && p->kind == OPTION_OUTPUT && text_of(o) && text_of(p) &&
                strcmp(text_of(o), text_of(p)) == 0)
                return command_usage(command, "--%s and --%s name the same file, \"%s\"", p->name,
                                     o->name, text_of(o));
    for (const struct option *o = rows; o->name; o++)
        if (o->kind == OPTION_OUTPUT && save_check(text_of(o)) != EXIT_SUCCESS)
            return EXIT_FAILURE;
    return EXIT_SUCCESS;
}

static int check_arguments(const struct command *command, char **files, size_t n_files)
{
    if (n_files < command->min_files)
        return command_usage(command, "too few arguments: catdog %s %s", command->name,
                             command->synopsis);
    if (n_files > command->max_files)
        return command_usage(command, "unexpected argument \"%s\"", files[command->max_files]);
    for (const struct option *o = option_rows(command->options); o->name; o++)
        if (o->required && !text_of(o))
            return command_usage(command, "--%s %s is required", o->name, o->argument);
    return check_outputs(command);
}

int command_run(const struct command *command, int argc, char **argv)
{
    char **files = calloc((size_t)argc + 1, sizeof *files);
    size_t n;
    int rc;

    if (!files)
        return output_no_memory();
    rc = read_arguments(command, argc, argv, files, &n);
    if (rc == EXIT_SUCCESS && command->set_defaults) {
        rc = command->set_defaults();
        if (rc == EXIT_SUCCESS)
            rc = read_arguments(command, argc, argv, files, &n);
    }
    if (rc == EXIT_SUCCESS)
        rc = check_arguments(command, files, n);
    if (rc == EXIT_SUCCESS)
        rc = command->run(files, n);
    free(files);
    return rc;
}
