/* SPDX-License-Identifier: MIT
 *
 * A command and its options, as tables. The parser, --help, the man pages and the Markdown
 * reference read the same tables. */
#ifndef CATDOG_COMMAND_H
#define CATDOG_COMMAND_H

#include <stddef.h>

#define EXIT_USAGE 2

enum option_kind {
    OPTION_FLAG,    /* int */
    OPTION_TEXT,    /* const char * */
    OPTION_OUTPUT,  /* const char *: a file to be written; checked before the command runs */
    OPTION_PRESET,  /* const char *: the name of a preset */
    OPTION_U32,     /* uint32_t */
    OPTION_SIZE,    /* size_t */
    OPTION_FLOAT,   /* float */
    OPTION_SEED,    /* uint64_t: 1 to 2^63 - 1, because JSON documents hold it */
    OPTION_BYTES,   /* uint64_t, at least 1; written 64M: K, M and G are powers of 1024 */
    OPTION_CHOICE,  /* int: the value of the choice that is named */
    OPTION_SHAPE,   /* uint32_t[2]: height, width; written HxW */
    OPTION_TRIPLE,  /* float[3]; written R,G,B */
    OPTION_TRAINING /* cnn_train_options_t: the field of this name, by the library's rules */
};

struct choice {
    const char *name; /* NULL ends a list */
    int value;
};

/* Returns the name of a value, or "?" if the list does not have it. */
const char *choice_name(const struct choice *choices, int value);

struct option {
    const char *name; /* the name without dashes; NULL ends a table */
    enum option_kind kind;
    void *value;          /* left as it is if the option is not given */
    const char *argument; /* its name in the help; NULL for a flag */
    const char *help;     /* whole sentences, without bounds and choices */
    double min, max;      /* inclusive bounds of U32, SIZE, FLOAT, SHAPE and TRIPLE */
    const struct choice *choices;
    int required;
};

/* Rows of an option table. */
#define ARG_FLAG(name_, variable, help_)                                                           \
    {                                                                                              \
        .name = name_, .kind = OPTION_FLAG, .value = variable, .help = help_                       \
    }
#define ARG_VALUE(name_, kind_, variable, argument_, help_)                                        \
    {                                                                                              \
        .name = name_, .kind = kind_, .value = variable, .argument = argument_, .help = help_      \
    }
#define ARG_REQUIRED(name_, kind_, variable, argument_, help_)                                     \
    {                                                                                              \
        .name = name_, .kind = kind_, .value = variable, .argument = argument_, .help = help_,     \
        .required = 1                                                                              \
    }
#define ARG_NUMBER(name_, kind_, variable, argument_, help_, min_, max_)                           \
    {                                                                                              \
        .name = name_, .kind = kind_, .value = variable, .argument = argument_, .help = help_,     \
        .min = min_, .max = max_                                                                   \
    }
#define ARG_CHOICE(name_, variable, argument_, help_, choices_)                                    \
    {                                                                                              \
        .name = name_, .kind = OPTION_CHOICE, .value = variable, .argument = argument_,            \
        .help = help_, .choices = choices_                                                         \
    }
/* Stands for all of the library's training options (option_rows.h). */
#define ARG_TRAINING(fit)                                                                          \
    {                                                                                              \
        .name = "", .kind = OPTION_TRAINING, .value = fit                                          \
    }
#define ARG_THREADS(variable)                                                                      \
    ARG_NUMBER("threads", OPTION_U32, variable, "N", "Use N threads. Default: one for each CPU.",  \
               1, 1024)
#define ARG_JSON(variable) ARG_FLAG("json", variable, "Print one JSON document and nothing else.")
#define ARG_END                                                                                    \
    {                                                                                              \
        .name = NULL                                                                               \
    }

struct example {
    const char *line; /* NULL ends a list */
    const char *about;
};

struct command {
    const char *name;
    const char *summary;     /* one line without a full stop: "train a network ..." */
    const char *synopsis;    /* what follows the name on the usage line */
    const char *description; /* paragraphs with an empty line between two */
    const struct option *options;
    const struct example *examples;
    const char *failed;  /* NULL, or a sentence about exit status 1 */
    const char *stopped; /* NULL, or a sentence about what SIGINT and SIGTERM leave */
    size_t min_files, max_files;

    /* NULL, or sets defaults after a first reading of the options. Options are then read again, so
     * that they override these defaults. Returns 0 or the exit status. */
    int (*set_defaults)(void);

    /* Does the work, once, with the values of all options set. Returns the exit status. */
    int (*run)(char **files, size_t n_files);
};

/* Reads argv[1..], where argv[0] is the command's name, and runs the command. Returns the exit
 * status. */
int command_run(const struct command *command, int argc, char **argv);

/* Returns 1 if the option was on the command line, else 0. */
int command_given(const char *option);

/* Prints a usage error on stderr with a hint to --help. Returns EXIT_USAGE. */
int command_usage(const struct command *command, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif
