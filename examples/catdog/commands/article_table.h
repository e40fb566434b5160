/* SPDX-License-Identifier: MIT
 *
 * A run of catdog article, and its table: the article's, with this run's figures. */
#ifndef CATDOG_ARTICLE_TABLE_H
#define CATDOG_ARTICLE_TABLE_H

#include <stdio.h>

#include "training/training.h"

#define ARTICLE_MAX_PRESETS 16

struct article {
    const char *folder;
    const char *only; /* NULL: all */
    const char *out;  /* folder for models and histories, or NULL */
    uint64_t seed;
    uint32_t threads;
    uint32_t epochs; /* 0: each preset's */
    int json;
    cnn_dataset_split_options_t split;
    struct photos_store store;
};

struct article_result {
    cnn_preset_info_t preset;
    cnn_metrics_t metrics;
    uint64_t parameters;
    double seconds; /* an epoch */
    uint32_t best_epoch;
    size_t epochs;
};

struct article_run {
    const struct article *a;
    struct tool tool;
    FILE *text;
    cnn_preprocess_t preprocess;
    struct parts parts;
    struct article_result results[ARTICLE_MAX_PRESETS];
    size_t n;
};

void article_print_table(const struct article_run *r);

/* Returns the exit status. */
int article_print_json(const struct article_run *r);

#endif
