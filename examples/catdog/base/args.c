/* SPDX-License-Identifier: MIT */
#include "base/args.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int args_error(const struct command *command, const char *format, ...)
{
    va_list list;

    fprintf(stderr, "catdog %s: ", command->name);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fprintf(stderr, "\ncatdog %s --help lists the options\n", command->name);
    return EXIT_USAGE;
}

/* The left column of an option's help: "  --name ARGUMENT", padded; its lines go beside it. */
static void print_option(const char *name, const char *argument, const char *help)
{
    int used = printf("  --%s%s%s", name, argument ? " " : "", argument ? argument : "");

    printf("%*s", used < 24 ? 24 - used : 2, "");
    for (const char *p = help; *p; p++) {
        putchar(*p);
        if (*p == '\n')
            printf("%24s", "");
    }
    putchar('\n');
}

static void print_help(const struct command *command)
{
    printf("Usage: catdog %s %s\n\n%s\n\nOptions:\n", command->name, command->synopsis,
           command->about);
    for (const struct option *o = command->options; o->name; o++)
        print_option(o->name, o->argument, o->help);
    print_option("help", NULL, "print this text");
}

/* A whole number without sign, up to the end character; 0 if text is something else. */
static int read_whole(const char *text, char end, uint64_t *value, const char **rest)
{
    char *stop;

    if (!isdigit((unsigned char)*text))
        return 0;
    errno = 0;
    unsigned long long number = strtoull(text, &stop, 10);
    if (errno || *stop != end || number > UINT64_MAX)
        return 0;
    *value = number;
    if (rest)
        *rest = stop + 1;
    return 1;
}

/* A decimal number; neither hexadecimal, nor "inf", nor "nan", nor leading blanks. */
static int read_real(const char *text, char end, double *value, const char **rest)
{
    char *stop;
    size_t length = strspn(text, "+-.0123456789eE");

    if (length == 0 || text[length] != end)
        return 0;
    *value = strtod(text, &stop);
    if (stop != text + length || !isfinite(*value))
        return 0;
    if (rest)
        *rest = stop + 1;
    return 1;
}

int args_number(const char **text, double *value)
{
    const size_t length = strcspn(*text, ",");

    if (!read_real(*text, (*text)[length], value, NULL))
        return 0;
    *text += length;
    return 1;
}

static int out_of_range(const struct command *command, const struct option *o, const char *text)
{
    return args_error(command, "--%s: \"%s\" is not a number from %.10g to %.10g", o->name, text,
                      o->min, o->max);
}

static int set_whole(const struct command *command, const struct option *o, const char *text)
{
    uint64_t value;

    if (!read_whole(text, '\0', &value, NULL))
        return args_error(command, "--%s: \"%s\" is not a whole number", o->name, text);
    if (o->kind == OPTION_U64) {
        if (value == 0)
            return args_error(command, "--%s: must not be 0", o->name);
        if (value > INT64_MAX) /* JSON documents tell of it */
            return args_error(command, "--%s: \"%s\" is above %lld", o->name, text,
                              (long long)INT64_MAX);
        *(uint64_t *)o->value = value;
        return ARGS_GO_ON;
    }
    if ((double)value < o->min || (double)value > o->max)
        return out_of_range(command, o, text);
    if (o->kind == OPTION_U32)
        *(uint32_t *)o->value = (uint32_t)value;
    else
        *(size_t *)o->value = (size_t)value;
    return ARGS_GO_ON;
}

static int set_bytes(const struct command *command, const struct option *o, const char *text)
{
    static const char units[] = "KMG";
    char *stop;

    errno = 0;
    unsigned long long number = isdigit((unsigned char)*text) ? strtoull(text, &stop, 10) : 0;
    int wrong = number == 0 || errno != 0;
    const char *unit = wrong || !*stop ? NULL : strchr(units, *stop);
    const int shift = unit ? 10 * (int)(unit - units + 1) : 0;
    wrong = wrong || (unit ? stop[1] != '\0' : *stop != '\0') || number > UINT64_MAX >> shift;
    if (wrong)
        return args_error(command, "--%s: \"%s\" is not a number of bytes, such as 64M or 2G",
                          o->name, text);
    *(uint64_t *)o->value = (uint64_t)number << shift;
    return ARGS_GO_ON;
}

static int set_float(const struct command *command, const struct option *o, const char *text)
{
    double value;

    if (!read_real(text, '\0', &value, NULL) || value < o->min || value > o->max)
        return out_of_range(command, o, text);
    *(float *)o->value = (float)value;
    return ARGS_GO_ON;
}

static int set_choice(const struct command *command, const struct option *o, const char *text)
{
    char known[256] = "";

    for (const struct choice *c = o->choices; c->name; c++) {
        if (strcmp(c->name, text) == 0) {
            *(int *)o->value = c->value;
            return ARGS_GO_ON;
        }
        size_t length = strlen(known);
        snprintf(known + length, sizeof known - length, "%s%s", length ? ", " : "", c->name);
    }
    return args_error(command, "--%s: \"%s\" is not one of %s", o->name, text, known);
}

static int set_shape(const struct command *command, const struct option *o, const char *text)
{
    uint64_t height, width;
    const char *rest;

    if (!read_whole(text, 'x', &height, &rest) || !read_whole(rest, '\0', &width, NULL) ||
        (double)height < o->min || (double)height > o->max || (double)width < o->min ||
        (double)width > o->max)
        return args_error(command, "--%s: \"%s\" is not HEIGHTxWIDTH, each from %g to %g", o->name,
                          text, o->min, o->max);
    ((uint32_t *)o->value)[0] = (uint32_t)height;
    ((uint32_t *)o->value)[1] = (uint32_t)width;
    return ARGS_GO_ON;
}

static int set_triple(const struct command *command, const struct option *o, const char *text)
{
    double value[3];
    const char *rest = text;

    for (int i = 0; i < 3; i++) {
        if (!read_real(rest, i < 2 ? ',' : '\0', &value[i], &rest) || value[i] < o->min ||
            value[i] > o->max)
            return args_error(command, "--%s: \"%s\" is not R,G,B, each from %g to %g", o->name,
                              text, o->min, o->max);
    }
    for (int i = 0; i < 3; i++)
        ((float *)o->value)[i] = (float)value[i];
    return ARGS_GO_ON;
}

static int set_option(const struct command *command, const struct option *o, const char *text)
{
    switch (o->kind) {
    case OPTION_FLAG:
        *(int *)o->value = 1;
        return ARGS_GO_ON;
    case OPTION_TEXT:
        if (!*text)
            return args_error(command, "--%s: must not be empty", o->name);
        *(const char **)o->value = text;
        return ARGS_GO_ON;
    case OPTION_FLOAT:
        return set_float(command, o, text);
    case OPTION_BYTES:
        return set_bytes(command, o, text);
    case OPTION_CHOICE:
        return set_choice(command, o, text);
    case OPTION_SHAPE:
        return set_shape(command, o, text);
    case OPTION_TRIPLE:
        return set_triple(command, o, text);
    default:
        return set_whole(command, o, text);
    }
}

static const struct option *find_option(const struct command *command, const char *name,
                                        size_t length)
{
    for (const struct option *o = command->options; o->name; o++)
        if (strlen(o->name) == length && strncmp(o->name, name, length) == 0)
            return o;
    return NULL;
}

/* The option in argv[*i]; *i moves on to its value if that is the next argument. */
static int parse_option(const struct command *command, int argc, char **argv, int *i)
{
    const char *name = argv[*i] + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const struct option *o = find_option(command, name, length);

    if (argv[*i][1] != '-' || !o)
        return args_error(command, "unknown option %s", argv[*i]);
    if (o->kind == OPTION_FLAG)
        return equals ? args_error(command, "--%s takes no value", o->name)
                      : set_option(command, o, "");
    if (equals)
        return set_option(command, o, equals + 1);
    if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
        return args_error(command, "--%s needs a value", o->name);
    ++*i;
    return set_option(command, o, argv[*i]);
}

static int asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return 1;
    return 0;
}

int args_parse(const struct command *command, int argc, char **argv, size_t *n_files)
{
    int options = 1;

    *n_files = 0;
    if (asks_for_help(argc, argv)) {
        print_help(command);
        return EXIT_SUCCESS;
    }
    for (int i = 1; i < argc; i++) {
        if (!options || argv[i][0] != '-' || !argv[i][1]) {
            argv[(*n_files)++] = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            options = 0;
        } else {
            int rc = parse_option(command, argc, argv, &i);
            if (rc != ARGS_GO_ON)
                return rc;
        }
    }
    if (*n_files < command->min_files)
        return args_error(command, "too few arguments: catdog %s %s", command->name,
                          command->synopsis);
    if (*n_files > command->max_files)
        return args_error(command, "\"%s\" is one argument too many", argv[command->max_files]);
    return ARGS_GO_ON;
}

int args_parse_first(const struct command *command, int argc, char **argv)
{
    char **copy = malloc(((size_t)argc + 1) * sizeof *copy);
    size_t n_files;

    if (!copy) {
        fputs("catdog: out of memory\n", stderr);
        return EXIT_FAILURE;
    }
    memcpy(copy, argv, ((size_t)argc + 1) * sizeof *copy);
    int rc = args_parse(command, argc, copy, &n_files);
    free(copy);
    return rc;
}
