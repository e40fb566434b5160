/* SPDX-License-Identifier: MIT
 *
 * Formats the summary of a graph: a table of its layers. */
#ifndef CD_GRAPH_SUMMARY_H
#define CD_GRAPH_SUMMARY_H

#include "graph/graph.h"

/* Writes the summary as cnn_graph_summary does. Allocates no memory. */
size_t cd_graph_summary(const cnn_graph_t *graph, char *text, size_t size);

#endif
