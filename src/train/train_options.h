/* SPDX-License-Identifier: MIT
 *
 * What a training was told, with defaults put in. */
#ifndef CD_TRAIN_TRAIN_OPTIONS_H
#define CD_TRAIN_TRAIN_OPTIONS_H

#include "graph/graph.h"

/* Puts the defaults (the graph's preset's, else general ones) into options and checks every range.
 * After it schedule is not DEFAULT, weight_decay not negative, and seed the one that counts.
 * Errors: ARGUMENT. */
cnn_status_t cd_train_options_complete(const cnn_graph_t *graph, cnn_train_options_t *options);

#endif
