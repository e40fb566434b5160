/* SPDX-License-Identifier: MIT
 *
 * The list of commands, in the order in which the help shows them. To add a command, add a row here
 * and define command_NAME in commands/NAME.c. */
#ifndef CATDOG_COMMANDS_H
#define CATDOG_COMMANDS_H

#include "base/command.h"

#define COMMANDS                                                                                   \
    COMMAND(survey)                                                                                \
    COMMAND(split)                                                                                 \
    COMMAND(sheet)                                                                                 \
    COMMAND(train)                                                                                 \
    COMMAND(evaluate)                                                                              \
    COMMAND(calibrate)                                                                             \
    COMMAND(predict)                                                                               \
    COMMAND(info)                                                                                  \
    COMMAND(convert)                                                                               \
    COMMAND(explain)                                                                               \
    COMMAND(filters)                                                                               \
    COMMAND(edges)                                                                                 \
    COMMAND(plot)                                                                                  \
    COMMAND(article)                                                                               \
    COMMAND(bench)

#define COMMAND(name) extern const struct command command_##name;
COMMANDS
#undef COMMAND

#endif
