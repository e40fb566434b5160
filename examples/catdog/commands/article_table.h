/* SPDX-License-Identifier: MIT
 *
 * The results of a run of catdog article, and functions that print them. */
#ifndef CATDOG_ARTICLE_TABLE_H
#define CATDOG_ARTICLE_TABLE_H

#include <stdio.h>

#include "photos/splits.h"

enum { ARTICLE_MAX_PRESETS = 16 };

struct article_result {
    cnn_preset_info_t preset;
    cnn_metrics_t metrics;
    uint64_t parameters;
    double seconds; /* mean duration of an epoch */
    uint32_t best_epoch;
    size_t epochs;
};

struct article_run {
    struct tool tool;
    uint64_t seed;
    FILE *text;
    cnn_preprocess_t preprocess;
    struct splits splits;
    struct article_result results[ARTICLE_MAX_PRESETS];
    size_t n;
};

void article_print_table(const struct article_run *run);

/* Prints the results as one JSON document. Returns the exit status. */
int article_print_json(const struct article_run *run);

#endif
