/* SPDX-License-Identifier: MIT
 *
 * A graph as JSON text and back (docs/reference/file-formats.md). */
#ifndef CD_IO_GRAPH_JSON_H
#define CD_IO_GRAPH_JSON_H

#include "graph/graph.h"

/* Writes a graph as JSON. Equal graphs give equal texts, by which a checkpoint recognises its
 * model. The caller frees *text by cd_free. Errors: MEMORY. */
cnn_status_t cd_graph_to_json(const cnn_graph_t *graph, char **text);

/* Makes the graph of a JSON text, with all checks that the public functions make. Errors: MEMORY;
 * MODEL_FILE, naming the layer. */
cnn_status_t cd_graph_from_json(cnn_context_t *context, const char *text, cnn_graph_t **graph);

#endif
