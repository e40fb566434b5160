/* SPDX-License-Identifier: MIT
 *
 * Split lists (docs/reference/file-formats.md): text files that assign photos to subsets such as
 * train, validation and test. A line is "subset<TAB>path". Subsets may have any name.
 *
 * A line matches a photo if the line's path is the photo's path relative to the folder, or ends
 * with it. A line that matches no photo by path matches the photo with the same file name. So a
 * list can also be used with a copy of the photos that arranges them in other folders. */
#ifndef CATDOG_SPLIT_LIST_H
#define CATDOG_SPLIT_LIST_H

#include <stdint.h>
#include <stdio.h>

#include "base/tool.h"

#define SPLIT_NONE SIZE_MAX

struct split_line {
    const char *subset, *path, *name; /* name: path without its folders */
    size_t number;                    /* line number in the file, from 1 */
    int found;                        /* 1 if the line matches a photo */
};

struct split_list {
    const char *file;
    char *text;
    struct split_line *lines;
    size_t n;
    size_t photos;   /* number of photos in the dataset */
    size_t *line_of; /* index in `lines` for each photo, or SPLIT_NONE */
};

/* Reads the file and matches its lines with the photos of `whole`, the dataset of the folder. A
 * line that matches more than one photo by file name is an error. So is a photo that is in two
 * subsets. Returns the exit status. Call split_list_close() on success and on failure. */
int split_list_open(const char *file, const char *folder, const cnn_dataset_t *whole,
                    struct split_list *list);
void split_list_close(struct split_list *list);

/* Matches the lines with the photos for split_list_open(): sets photos, line_of and found. Defined
 * in split_match.c. Returns the exit status. */
int split_list_match(struct split_list *list, const char *folder, const cnn_dataset_t *whole);

/* Returns the part of the path after its last slash. */
const char *split_list_name(const char *path);

/* Creates a dataset of the photos of `whole` that are in the subset `name`. An empty subset is an
 * error. Returns the exit status. */
int split_list_take(const struct split_list *list, const cnn_dataset_t *whole, const char *name,
                    cnn_dataset_t **subset);

/* Prints warnings on stderr: the number of photos of the folder that no line matches, and the lines
 * of the n subsets that match no photo. */
void split_list_warn(const struct split_list *list, const char *folder, const char *const *subsets,
                     size_t n);

/* Writes a line "subset<TAB>path" for each photo of the dataset. */
void split_list_write(FILE *stream, const char *subset, const cnn_dataset_t *dataset);

/* ---- for commands that use one subset ---- */

struct subset_choice {
    const char *list, *subset; /* file and name of the subset, or both NULL for all photos */
};

/* The rows of an option table that set a struct subset_choice. */
#define SUBSET_OPTIONS(choice)                                                                     \
    ARG_VALUE("split", OPTION_TEXT, &(choice)->list, "FILE",                                       \
              "A split list, as catdog split and catdog train --save-split write it."),            \
        ARG_VALUE("subset", OPTION_TEXT, &(choice)->subset, "NAME",                                \
                  "Use only the photos in this subset of the split list.")

/* Checks that --split and --subset are given together or not at all. Returns 0 or an exit
 * status. */
int subset_check(const struct command *command, const struct subset_choice *choice);

/* Opens the folder and creates the dataset of the chosen subset. Returns the exit status. */
int subset_open(const struct tool *tool, const char *folder,
                const cnn_dataset_open_options_t *options, const struct subset_choice *choice,
                cnn_dataset_t **dataset);

#endif
