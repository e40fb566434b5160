/* SPDX-License-Identifier: MIT
 *
 * catdog: the command. Everything it does goes through the public header. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "base/tool.h"

#define TEXT(number) #number
#define NUMBER(macro) TEXT(macro)

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *about;
} commands[] = {
    {"survey", command_survey, "count classes and sizes of photos, find faults and duplicates"},
    {"split", command_split, "draw parts of photos and write them as lists"},
    {"sheet", command_sheet, "draw photos with their labels as a network will see them"},
    {"train", command_train, "train a network on a folder of photos"},
    {"evaluate", command_evaluate, "measure a model on a folder of photos"},
    {"calibrate", command_calibrate, "make a model's probabilities as large as they are right"},
    {"predict", command_predict, "tell what photos show"},
    {"info", command_info, "show what a model file holds, and how this machine runs it"},
    {"convert", command_convert, "write a model's file anew, also in half the size"},
    {"explain", command_explain, "draw over a photo where a network sees what it says"},
    {"filters", command_filters, "draw a network's kernels, or what they find in a photo"},
    {"edges", command_edges, "run the article's edge kernels over a photo"},
    {"plot", command_plot, "draw learning curves (needs gnuplot)"},
    {"article", command_article, "train the article's five networks and print its table"},
    {"bench", command_bench, "measure how fast networks train and predict here"},
};

static void print_help(void)
{
    puts("Usage: catdog COMMAND ...\n\n"
         "Trains networks that tell cats from dogs (or any classes), and runs them.\n\nCommands:");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].about);
    puts("\ncatdog COMMAND --help lists the options of a command; catdog --version the version.\n"
         "Exit status: 0 done, 1 failed (predict: a photo failed), 2 wrong usage,\n"
         "130 stopped by Ctrl-C (train: the best weights so far are saved).");
}

static void print_version(void)
{
    printf("catdog %s (libcatdog %s)\n",
           NUMBER(CNN_VERSION_MAJOR) "." NUMBER(CNN_VERSION_MINOR) "." NUMBER(CNN_VERSION_PATCH),
           cnn_version());
}

static int asks_for_version(int argc, char **argv)
{
    return argc == 2 && strcmp(argv[1], "--version") == 0;
}

static int run(int argc, char **argv)
{
    if (argc < 2) {
        fputs("catdog: which command? catdog --help lists them\n", stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_help();
        return EXIT_SUCCESS;
    }
    if (asks_for_version(argc, argv)) {
        print_version();
        return EXIT_SUCCESS;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        if (asks_for_version(argc - 1, argv + 1)) {
            print_version();
            return EXIT_SUCCESS;
        }
        return commands[i].run(argc - 1, argv + 1);
    }
    fprintf(stderr, "catdog: unknown command \"%s\"; catdog --help lists them\n", argv[1]);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    int status = run(argc, argv);
    int written = output_finish();

    return status != EXIT_SUCCESS ? status : written;
}
