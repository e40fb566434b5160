/* SPDX-License-Identifier: MIT
 *
 * The results of catdog bench for one network, and functions that print them. */
#ifndef CATDOG_BENCH_H
#define CATDOG_BENCH_H

#include <catdog/catdog.h>

struct bench_result {
    const char *preset, *model; /* one of them is NULL */
    const cnn_profile_t *profile;
    cnn_profile_summary_t summary;
    int tuned; /* 1 if the profile has candidates (cnn_profile_candidate_t) */
};

/* bench_print_table() prints the result as a table. bench_print_json() prints it as one line of
 * JSON and returns the exit status. */
void bench_print_table(const struct bench_result *result);
int bench_print_json(const struct bench_result *result);

#endif
