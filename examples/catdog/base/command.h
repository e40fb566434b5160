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
    OPTION_OUTPUT,  /* const char *: an output file; save_check() runs before the command */
    OPTION_PRESET,  /* const char *: the name of a preset */
    OPTION_U32,     /* uint32_t */
    OPTION_SIZE,    /* size_t */
    OPTION_FLOAT,   /* float */
    OPTION_SEED,    /* uint64_t: 1 to 2^63 - 1, the positive integers that json_int_t holds */
    OPTION_BYTES,   /* uint64_t, at least 1; written like 64M (K, M, G: powers of 1024) */
    OPTION_CHOICE,  /* int: the value of the struct choice with the given name */
    OPTION_SHAPE,   /* uint32_t[2]: height, width; written HxW */
    OPTION_TRIPLE,  /* float[3]; written R,G,B */
    OPTION_TRAINING /* cnn_train_options_t: the field with the option's name */
};

struct choice {
    const char *name; /* NULL ends a list */
    int value;
};

/* Returns the name of the choice with this value, or "?" if there is none. */
const char *choice_name(const struct choice *choices, int value);

struct option {
    const char *name; /* the name without dashes; NULL ends a table */
    enum option_kind kind;
    void *value;          /* variable to set; unchanged if the option is not given */
    const char *argument; /* name of the value in the help, as FILE; NULL for a flag */
    const char *help;     /* description in sentences; the help adds bounds and choices */
    double min, max;      /* inclusive bounds of U32, SIZE, FLOAT, SHAPE and TRIPLE */
    const struct choice *choices;
    int required;
};

/* Initialisers for the rows of an option table. */
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
/* One row that stands for all training options of the library; option_rows() inserts them. */
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
    const char *summary;     /* one line such as "train a network ...", without a full stop */
    const char *synopsis;    /* arguments on the usage line, after the command's name */
    const char *description; /* paragraphs, separated by empty lines */
    const struct option *options;
    const struct example *examples;
    const char *failed;  /* sentence that explains exit status 1, or NULL */
    const char *stopped; /* sentence about the effect of SIGINT and SIGTERM, or NULL */
    size_t min_files, max_files;

    /* Sets defaults that depend on the options, or NULL. It runs after the options have been read.
     * They are then read a second time, so that they override these defaults. Returns 0 or an exit
     * status. */
    int (*set_defaults)(void);

    /* Runs the command after all options have been set. Returns the exit status. */
    int (*run)(char **files, size_t n_files);
};

/* Parses the command line and runs the command. argv[0] is the command's name; its options and
 * files follow. Returns the exit status. */
int command_run(const struct command *command, int argc, char **argv);

/* Returns 1 if the option is on the command line, else 0. option: the name without dashes. */
int command_given(const char *option);

/* Prints a usage error on stderr and refers to --help. Returns EXIT_USAGE. */
int command_usage(const struct command *command, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif
