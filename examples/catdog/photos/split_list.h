/* SPDX-License-Identifier: MIT
 *
 * Lists of which photo is in which part (docs/file-format.md): a line "part<TAB>path" for each
 * photo, as `train --split-list` and `split` write them. The names of parts are free.
 *
 * A line and a photo below a folder belong together if the line's path is, or ends with, the
 * photo's path below the folder; or else, if no line has that, by the file name alone. So the list
 * of one folder serves another that has the same photos elsewhere, or some of them. */
#ifndef CATDOG_PART_LIST_H
#define CATDOG_PART_LIST_H

#include <stdint.h>
#include <stdio.h>

#include "base/tool.h"

#define PART_NONE SIZE_MAX

struct part_line {
    const char *part, *path, *name; /* name: the file name in path */
    size_t number;                  /* of the line, from 1 */
    int found;                      /* a photo has it */
};

struct part_list {
    const char *file;
    char *text;
    struct part_line *lines;
    size_t n;
    size_t photos;   /* of the folder that it was held against */
    size_t *line_of; /* each photo's line, or PART_NONE */
};

/* Reads the file and finds the lines of the data set's photos, which were opened from the folder. A
 * file name that several photos have and no path tells apart, and a photo in two parts, are errors.
 * Returns the exit status; *list may be released whatever it is. */
int part_list_open(const char *file, const char *folder, const cnn_dataset_t *whole,
                   struct part_list *list);
void part_list_close(struct part_list *list);

/* The second half of that: fills in photos, line_of and which lines are found. */
int part_list_match(struct part_list *list, const char *folder, const cnn_dataset_t *whole);

/* The file name in a path. */
const char *part_list_name(const char *path);

/* The photos in a part. None is an error. Returns the exit status. */
int part_list_take(const struct part_list *list, const cnn_dataset_t *whole, const char *part,
                   cnn_dataset_t **subset);

/* Tells on stderr how many photos of the folder the list does not name, and how many lines, of the
 * n parts with these names, have no photo in the folder. */
void part_list_tell(const struct part_list *list, const char *folder, const char *const *parts,
                    size_t n);

/* One line for each photo of a data set. */
void part_list_write(FILE *stream, const char *part, const cnn_dataset_t *dataset);

/* ---- a command that works on one part ---- */

struct part_choice {
    const char *list, *part; /* or NULL, both */
};

/* Rows of an option table for a struct part_choice. */
#define PART_OPTIONS(choice)                                                                       \
    ARG_TEXT("parts", &(choice)->list, "FILE",                                                     \
             "a list of \"part<TAB>path\" lines, as catdog split and train --split-list\n"         \
             "write it"),                                                                          \
        ARG_TEXT("part", &(choice)->part, "NAME", "only the photos in this part of the list")

/* Both are given, or none. Returns ARGS_GO_ON or an exit status. */
int part_choice_check(const struct command *command, const struct part_choice *choice);

/* cnn_dataset_open, and of that what was chosen. Returns the exit status. */
int part_choice_open(const struct tool *tool, const char *folder,
                     const cnn_dataset_open_options_t *options, const struct part_choice *choice,
                     cnn_dataset_t **dataset);

#endif
