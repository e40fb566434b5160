/* SPDX-License-Identifier: MIT
 *
 * The layers of a network, as text and as JSON. */
#ifndef CATDOG_SUMMARY_H
#define CATDOG_SUMMARY_H

#include <catdog/catdog.h>
#include <jansson.h>
#include <stdio.h>

/* Prints the layers as a table. Returns the exit status. */
int summary_print(FILE *stream, const cnn_graph_t *graph);

/* Makes [{"name", "type", "height", "width", "channels", "parameters", "multiply_adds",
 * "output_bytes"}]. Returns NULL without memory. */
json_t *summary_json(const cnn_graph_t *graph);

/* Counts the parameters. */
uint64_t summary_parameters(const cnn_graph_t *graph);

#endif
