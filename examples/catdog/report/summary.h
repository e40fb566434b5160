/* SPDX-License-Identifier: MIT
 *
 * What a network is made of, as text and as JSON. */
#ifndef CATDOG_SUMMARY_H
#define CATDOG_SUMMARY_H

#include <catdog/catdog.h>
#include <jansson.h>
#include <stdio.h>

/* Returns the exit status. */
int summary_print(FILE *stream, const cnn_graph_t *graph);

/* [{"name", "type", "height", "width", "channels", "parameters", "multiply_adds",
 * "output_bytes"}]; NULL without memory. */
json_t *summary_json(const cnn_graph_t *graph);

uint64_t summary_parameters(const cnn_graph_t *graph);

#endif
