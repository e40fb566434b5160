/* SPDX-License-Identifier: MIT
 *
 * A graph as JSON text and back (docs/reference/file-formats.md). */
#ifndef CD_IO_GRAPH_JSON_H
#define CD_IO_GRAPH_JSON_H

#include "graph/graph.h"

/* Equal texts for equal graphs (a checkpoint knows its model by it). *text: cd_free. Errors:
 * MEMORY. */
cnn_status_t cd_graph_to_json(const cnn_graph_t *graph, char **text);

/* Builds the graph with the same checks as a user's. Errors: MEMORY, MODEL_FILE (naming the
 * layer). */
cnn_status_t cd_graph_from_json(cnn_context_t *context, const char *text, cnn_graph_t **graph);

#endif
