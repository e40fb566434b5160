/* SPDX-License-Identifier: MIT
 *
 * What `catdog bench` has measured, and how it prints it. */
#ifndef CATDOG_BENCH_H
#define CATDOG_BENCH_H

#include <catdog/catdog.h>

struct bench_result {
    const char *preset, *model; /* one is NULL */
    const cnn_profile_t *profile;
    cnn_profile_summary_t summary;
    int tuned; /* with candidates */
};

/* For people, and as a line of JSON. The latter returns EXIT_SUCCESS or EXIT_FAILURE. */
void bench_print_table(const struct bench_result *result);
int bench_print_json(const struct bench_result *result);

#endif
