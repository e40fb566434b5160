/* SPDX-License-Identifier: MIT
 *
 * The help of catdog and of its commands: as text, and with --help=markdown and --help=man as pages
 * of the reference. All three have the same words. */
#ifndef CATDOG_REFERENCE_H
#define CATDOG_REFERENCE_H

#include "base/command.h"
#include "base/page.h"

/* Returns 1 if -h, --help or --help=FORMAT is among argv[1..], before a `--`. */
int reference_wanted(int argc, char **argv, enum page_format *format);

/* Prints the page of one command, or the page that lists all commands. */
void reference_command(enum page_format format, const struct command *command);
void reference_overview(enum page_format format, const struct command *const *commands, size_t n);

#endif
