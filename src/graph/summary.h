/* SPDX-License-Identifier: MIT
 *
 * The summary of a graph: a table of its layers, as text. */
#ifndef CD_GRAPH_SUMMARY_H
#define CD_GRAPH_SUMMARY_H

#include "graph/graph.h"

/* Writes the summary as cnn_graph_summary does. Allocates no memory. */
size_t cd_graph_summary(const cnn_graph_t *graph, char *text, size_t size);

#endif
