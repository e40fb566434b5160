/* SPDX-License-Identifier: MIT
 *
 * Prints the layers of a network as text or as JSON. */
#ifndef CATDOG_SUMMARY_H
#define CATDOG_SUMMARY_H

#include <catdog/catdog.h>
#include <jansson.h>
#include <stdio.h>

/* Prints the layers as a table. Returns the exit status. */
int summary_print(FILE *stream, const cnn_graph_t *graph);

/* Returns an array with an object for each layer, or NULL if out of memory. The keys are name,
 * type, height, width, channels, parameters, multiply_adds and output_bytes. */
json_t *summary_json(const cnn_graph_t *graph);

/* Returns the number of parameters of the network. */
uint64_t summary_parameters(const cnn_graph_t *graph);

#endif
