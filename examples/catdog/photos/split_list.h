/* SPDX-License-Identifier: MIT
 *
 * Split lists (docs/reference/file-formats.md): text files that assign photos to subsets such as
 * train, validation and test. A line is "subset<TAB>path". The names of subsets are free.
 *
 * A line names a photo of a folder if the line's path is, or ends with, the photo's path below the
 * folder. A line that names no photo this way names the photo with the same file name. So the list
 * of one folder also serves a folder that has the same photos elsewhere. */
#ifndef CATDOG_SPLIT_LIST_H
#define CATDOG_SPLIT_LIST_H

#include <stdint.h>
#include <stdio.h>

#include "base/tool.h"

#define SPLIT_NONE SIZE_MAX

struct split_line {
    const char *subset, *path, *name; /* name: the file name in path */
    size_t number;                    /* number of the line, from 1 */
    int found;                        /* a photo matches */
};

struct split_list {
    const char *file;
    char *text;
    struct split_line *lines;
    size_t n;
    size_t photos;   /* photos in the dataset */
    size_t *line_of; /* each photo's line, or SPLIT_NONE */
};

/* Reads the file and matches it with the photos of a dataset, which was opened from the folder. Two
 * photos that a line could name are an error, and so is a photo in two subsets. Returns the exit
 * status. *list may be closed in either case. */
int split_list_open(const char *file, const char *folder, const cnn_dataset_t *whole,
                    struct split_list *list);
void split_list_close(struct split_list *list);

/* The second half of split_list_open: sets photos, line_of and found. Defined in split_match.c. */
int split_list_match(struct split_list *list, const char *folder, const cnn_dataset_t *whole);

/* Returns the file name in a path. */
const char *split_list_name(const char *path);

/* Makes a dataset of the photos in a subset. An empty subset is an error. Returns the exit
 * status. */
int split_list_take(const struct split_list *list, const cnn_dataset_t *whole, const char *name,
                    cnn_dataset_t **subset);

/* Prints on stderr how many photos of the folder the list does not name, and which lines of the n
 * subsets name no photo. */
void split_list_warn(const struct split_list *list, const char *folder, const char *const *subsets,
                     size_t n);

/* Writes a line for each photo of a dataset. */
void split_list_write(FILE *stream, const char *subset, const cnn_dataset_t *dataset);

/* ---- a command that works on one subset ---- */

struct subset_choice {
    const char *list, *subset; /* both NULL: all photos */
};

/* Rows of an option table for a struct subset_choice. */
#define SUBSET_OPTIONS(choice)                                                                     \
    ARG_VALUE("split", OPTION_TEXT, &(choice)->list, "FILE",                                       \
              "A split list, as catdog split and catdog train --save-split write it."),            \
        ARG_VALUE("subset", OPTION_TEXT, &(choice)->subset, "NAME",                                \
                  "Use only the photos in this subset of the split list.")

/* Checks that both options are given or neither. Returns 0 or an exit status. */
int subset_check(const struct command *command, const struct subset_choice *choice);

/* Opens a folder and takes the chosen subset of it. Returns the exit status. */
int subset_open(const struct tool *tool, const char *folder,
                const cnn_dataset_open_options_t *options, const struct subset_choice *choice,
                cnn_dataset_t **dataset);

#endif
