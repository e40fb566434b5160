/* SPDX-License-Identifier: MIT
 *
 * The measurements of catdog bench for a network, and their output. */
#ifndef CATDOG_BENCH_H
#define CATDOG_BENCH_H

#include <catdog/catdog.h>

struct bench_result {
    const char *preset, *model; /* one of them is NULL */
    const cnn_profile_t *profile;
    cnn_profile_summary_t summary;
    int tuned; /* the profile has candidates */
};

/* Print a table, or a line of JSON. The latter returns the exit status. */
void bench_print_table(const struct bench_result *result);
int bench_print_json(const struct bench_result *result);

#endif
