/* SPDX-License-Identifier: MIT
 *
 * The findings of catdog survey, and their output. */
#ifndef CATDOG_SURVEY_H
#define CATDOG_SURVEY_H

#include "photos/split_list.h"

struct survey {
    struct tool tool;
    cnn_dataset_t *dataset;
    cnn_survey_t *found;
    size_t n;            /* photos in the dataset */
    const char **subset; /* each photo's subset, or NULL */
    struct split_list list;
    size_t rows; /* printed of each list; 0: all */
    int headers_only;
};

/* Both return the exit status. */
int survey_print(const struct survey *survey);
int survey_print_json(const struct survey *survey);

#endif
