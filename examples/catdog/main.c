/* SPDX-License-Identifier: MIT
 *
 * The program catdog: finds the command by its name and runs it. All commands use only the
 * library's public header. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <catdog/catdog.h>

#include "base/output.h"
#include "base/reference.h"
#include "commands.h"

static const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
    COMMANDS
#undef COMMAND
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int print_version(void)
{
    printf("catdog %d.%d.%d (libcatdog %s)\n", CNN_VERSION_MAJOR, CNN_VERSION_MINOR,
           CNN_VERSION_PATCH, cnn_version());
    return EXIT_SUCCESS;
}

static int print_names(void)
{
    for (size_t i = 0; i < N_COMMANDS; i++)
        puts(commands[i]->name);
    return EXIT_SUCCESS;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    enum page_format format;

    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return print_version();
    if (reference_wanted(argc, argv, &format)) {
        reference_command(format, command);
        return EXIT_SUCCESS;
    }
    return command_run(command, argc, argv);
}

static int run(int argc, char **argv)
{
    const struct command *command;
    enum page_format format;

    if (argc < 2) {
        fputs("catdog: a command is missing; catdog --help lists the commands\n", stderr);
        return EXIT_USAGE;
    }
    if ((command = find_command(argv[1])))
        return run_command(command, argc - 1, argv + 1);
    if (strcmp(argv[1], "--version") == 0)
        return print_version();
    if (strcmp(argv[1], "--commands") == 0)
        return print_names();
    if (reference_wanted(2, argv, &format)) {
        reference_overview(format, commands, N_COMMANDS);
        return EXIT_SUCCESS;
    }
    fprintf(stderr, "catdog: unknown command \"%s\"; catdog --help lists the commands\n", argv[1]);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    const int status = run(argc, argv);
    const int written = output_finish();

    return status != EXIT_SUCCESS ? status : written;
}
