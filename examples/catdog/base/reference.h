/* SPDX-License-Identifier: MIT
 *
 * Prints the help of catdog and of its commands. --help prints text, --help=markdown and --help=man
 * print the same contents as pages of the reference. */
#ifndef CATDOG_REFERENCE_H
#define CATDOG_REFERENCE_H

#include "base/command.h"
#include "base/page.h"

/* Returns 1 if the command line has -h, --help or --help=FORMAT before any `--`, and sets *format.
 * Returns 0 otherwise. */
int reference_wanted(int argc, char **argv, enum page_format *format);

/* The first function prints the page of one command. The second prints the page that lists all n
 * commands. */
void reference_command(enum page_format format, const struct command *command);
void reference_overview(enum page_format format, const struct command *const *commands, size_t n);

#endif
