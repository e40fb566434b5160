/* SPDX-License-Identifier: MIT
 *
 * The results of catdog survey, and functions that print them. */
#ifndef CATDOG_SURVEY_H
#define CATDOG_SURVEY_H

#include "photos/split_list.h"

struct survey {
    struct tool tool;
    cnn_dataset_t *dataset;
    cnn_survey_t *found;
    size_t n;            /* number of photos in the dataset */
    const char **subset; /* subset of each photo, or NULL if it is in none */
    struct split_list list;
    size_t rows; /* maximum number of rows to print of each list; 0: no limit */
    int headers_only;
};

/* Print the results as text or as JSON. Return the exit status. */
int survey_print(const struct survey *survey);
int survey_print_json(const struct survey *survey);

#endif
