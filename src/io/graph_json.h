/* SPDX-License-Identifier: MIT
 *
 * Converts graphs to JSON text and back (docs/reference/file-formats.md). */
#ifndef CD_IO_GRAPH_JSON_H
#define CD_IO_GRAPH_JSON_H

#include "graph/graph.h"

/* Writes a graph as JSON. Equal graphs give equal texts, so a checkpoint can compare texts to
 * recognise its model. The caller frees *text with cd_free. Errors: MEMORY. */
cnn_status_t cd_graph_to_json(const cnn_graph_t *graph, char **text);

/* Creates the graph that a JSON text describes, with all checks of the public functions. The caller
 * frees *graph with cd_graph_free. Errors: MEMORY; MODEL_FILE, naming the layer. */
cnn_status_t cd_graph_from_json(cnn_context_t *context, const char *text, cnn_graph_t **graph);

#endif
