/* SPDX-License-Identifier: MIT
 *
 * A profile: the time that a network takes on this machine, as a whole and for each pass. */
#ifndef CD_MEASURE_PROFILE_H
#define CD_MEASURE_PROFILE_H

#include "graph/graph.h"

enum { CD_PROFILE_MOST_RUNS = 1000 };

struct cnn_profile {
    cnn_context_t *context;
    cnn_graph_t *graph; /* a copy, which owns the names of the layers */
    cnn_profile_summary_t summary;
    cnn_profile_entry_t *entries;
    size_t n_entries;
    cnn_profile_candidate_t *candidates;
    size_t n_candidates;
};

/* Measures a network as cnn_profile_create does. options: with all defaults filled in except runs,
 * which may be 0. Free *profile with cd_profile_free. Errors: as for cnn_profile_create. */
cnn_status_t cd_profile_create(const cnn_graph_t *graph, const cnn_profile_options_t *options,
                               cnn_profile_t **profile);
void cd_profile_free(cnn_profile_t *profile);

#endif
