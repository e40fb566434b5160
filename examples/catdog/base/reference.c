/* SPDX-License-Identifier: MIT */
#include "base/reference.h"

#include <stdio.h>
#include <string.h>

#include "base/option_rows.h"
#include "base/values.h"

enum { TEXT = 1024 };

int reference_wanted(int argc, char **argv, enum page_format *format)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help=man") == 0)
            *format = PAGE_MAN;
        else if (strcmp(argv[i], "--help=markdown") == 0)
            *format = PAGE_MARKDOWN;
        else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            *format = PAGE_TEXT;
        else
            continue;
        return 1;
    }
    return 0;
}

/* ---- a command ---- */

static void print_option(enum page_format format, const struct option *option)
{
    char term[64], limits[320], text[TEXT];

    snprintf(term, sizeof term, "--%s", option->name);
    value_limits(option, limits, sizeof limits);
    snprintf(text, sizeof text, "%s%s%s%s", option->help, option->required ? " Required." : "",
             *limits ? " " : "", limits);
    page_item(format, term, option->argument, text);
}

static void print_statuses(enum page_format format, const struct command *command)
{
    char text[TEXT];

    page_section(format, "Exit status");
    page_item(format, "0", NULL, "The command succeeded.");
    snprintf(text, sizeof text, "The command failed. A message on standard error says why.%s%s",
             command->failed ? " " : "", command->failed ? command->failed : "");
    page_item(format, "1", NULL, text);
    page_item(format, "2", NULL, "The command line is wrong. Nothing was done.");
    if (command->stopped) {
        page_item(format, "130", NULL, command->stopped);
        page_item(format, "143", NULL, "The same for SIGTERM.");
    }
}

void reference_command(enum page_format format, const struct command *command)
{
    char text[TEXT];

    snprintf(text, sizeof text, "catdog-%s", command->name);
    page_begin(format, text, command->summary);
    snprintf(text, sizeof text, "catdog %s %s", command->name, command->synopsis);
    page_synopsis(format, text);
    if (format != PAGE_TEXT)
        page_section(format, "Description");
    page_paragraphs(format, command->description);
    page_section(format, "Options");
    for (const struct option *o = option_rows(command->options); o->name; o++)
        print_option(format, o);
    page_item(format, "--help", NULL, "Print this text.");
    print_statuses(format, command);
    page_section(format, "Examples");
    for (const struct example *e = command->examples; e->line; e++)
        page_example(format, e->line, e->about);
}

/* ---- all commands ---- */

static const char about[] =
    "Train convolutional networks that classify photos, and run them. A model that tells cats from "
    "dogs is built in.\n\nResults go to standard output. Messages and progress go to standard "
    "error. A file that a command writes appears under its name only when it is complete.";

void reference_overview(enum page_format format, const struct command *const *commands, size_t n)
{
    page_begin(format, "catdog", "train and run networks that classify photos");
    page_synopsis(format, "catdog COMMAND [arguments]");
    if (format != PAGE_TEXT)
        page_section(format, "Description");
    page_paragraphs(format, about);
    page_section(format, "Commands");
    for (size_t i = 0; i < n; i++)
        page_link(format, commands[i]->name, commands[i]->summary);
    page_section(format, "Options");
    page_item(
        format, "--help", NULL,
        "Print this text. Behind a command: print its options. --help=markdown and --help=man "
        "print the same as a page of the reference.");
    page_item(format, "--version", NULL, "Print the versions of the command and of the library.");
    page_item(format, "--commands", NULL, "Print the names of the commands, one a line.");
    page_section(format, "Exit status");
    page_item(format, "0", NULL, "The command succeeded.");
    page_item(format, "1", NULL, "The command failed. A message on standard error says why.");
    page_item(format, "2", NULL, "The command line is wrong. Nothing was done.");
    page_item(format, "130", NULL, "Ctrl-C (SIGINT) stopped the command.");
    page_item(format, "143", NULL, "SIGTERM stopped the command.");
    page_section(format, "Examples");
    page_example(format, "catdog predict photo.jpg", "Predict the class of a photo.");
    page_example(format, "catdog train photos --preset conv48x2 --out model.safetensors",
                 "Train a network on a folder of photos.");
}
