/* SPDX-License-Identifier: MIT
 *
 * Command lines: `--name value`, `--name=value`, `--flag`, and files between them. Numbers are
 * taken only whole and in range. `--` ends the options; a lone `-` is a file. */
#ifndef CATDOG_ARGS_H
#define CATDOG_ARGS_H

#include <stddef.h>

#define EXIT_USAGE 2

enum option_kind {
    OPTION_FLAG,   /* int */
    OPTION_TEXT,   /* const char * */
    OPTION_U32,    /* uint32_t */
    OPTION_U64,    /* uint64_t; any but 0: min and max do not count */
    OPTION_SIZE,   /* size_t */
    OPTION_FLOAT,  /* float */
    OPTION_BYTES,  /* uint64_t, not 0; written 64M: K, M, G are 1024 times one another */
    OPTION_CHOICE, /* int: the value of the choice named */
    OPTION_SHAPE,  /* uint32_t[2]: height, width; written HxW */
    OPTION_TRIPLE  /* float[3]; written r,g,b */
};

struct choice {
    const char *name; /* NULL ends a list */
    int value;
};

struct option {
    const char *name; /* without the dashes; NULL ends a list */
    enum option_kind kind;
    void *value;          /* left as it is where the option is not given */
    const char *argument; /* its name in the help; NULL for a flag */
    const char *help;     /* lines may be broken by '\n' */
    double min, max;      /* U32, SIZE, FLOAT, SHAPE, TRIPLE, both ends allowed */
    const struct choice *choices;
};

/* Rows of an option table. */
#define ARG_FLAG(name, variable, help)                                                             \
    {                                                                                              \
        name, OPTION_FLAG, variable, NULL, help, 0, 0, NULL                                        \
    }
#define ARG_TEXT(name, variable, argument, help)                                                   \
    {                                                                                              \
        name, OPTION_TEXT, variable, argument, help, 0, 0, NULL                                    \
    }
#define ARG_NUMBER(name, kind, variable, argument, help, min, max)                                 \
    {                                                                                              \
        name, kind, variable, argument, help, min, max, NULL                                       \
    }
#define ARG_CHOICE(name, variable, argument, help, choices)                                        \
    {                                                                                              \
        name, OPTION_CHOICE, variable, argument, help, 0, 0, choices                               \
    }
#define ARG_THREADS(variable)                                                                      \
    ARG_NUMBER("threads", OPTION_U32, variable, "N", "default: one for each CPU", 1, 1024)
#define ARG_JSON(variable) ARG_FLAG("json", variable, "print one JSON document and nothing else")
#define ARG_END                                                                                    \
    {                                                                                              \
        NULL, OPTION_FLAG, NULL, NULL, NULL, 0, 0, NULL                                            \
    }

struct command {
    const char *name;
    const char *synopsis; /* what follows the name on the usage line */
    const char *about;
    const struct option *options;
    size_t min_files, max_files;
};

#define ARGS_GO_ON (-1)

/* Reads argv[1..] (argv[0] is the command's name). Files are moved to argv[0..n_files). Returns
 * ARGS_GO_ON, or the exit status to leave with: help was printed, or a usage error told. */
int args_parse(const struct command *command, int argc, char **argv, size_t *n_files);

/* The same, but argv stays as it is: for a command that reads it again after it has set
 * defaults. */
int args_parse_first(const struct command *command, int argc, char **argv);

/* Reads a decimal number that a comma or the end follows; *text moves on to that. 0 if there is
 * none. */
int args_number(const char **text, double *value);

/* Tells a usage error of a command on stderr with a hint at --help. Returns EXIT_USAGE. */
int args_error(const struct command *command, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif
