/* SPDX-License-Identifier: MIT
 *
 * What catdog survey was told and found, and how it is shown. */
#ifndef CATDOG_SURVEY_H
#define CATDOG_SURVEY_H

#include "photos/split_list.h"

struct survey_options {
    const char *folder;
    const char *plot; /* or NULL */
    size_t photos, rows;
    uint32_t radius; /* 0: exact duplicates only */
    uint32_t threads;
    uint64_t seed;
    int headers, json, layout;
    cnn_dataset_split_options_t split;
    struct part_choice choice;
};

struct survey {
    struct tool tool;
    cnn_dataset_t *dataset;
    cnn_survey_t *found;
    size_t n;          /* photos of the data set */
    const char **part; /* of each the name of the part that it is in, or NULL */
    struct part_list list;
    size_t rows; /* of each list; 0: all */
    int headers_only;
};

/* Both return the exit status. */
int survey_print(const struct survey *survey);
int survey_print_json(const struct survey *survey);

#endif
