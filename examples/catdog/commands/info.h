/* SPDX-License-Identifier: MIT
 *
 * What `catdog info` says about this machine: the CPU and the kernels chosen for it, and the memory
 * that a network takes. */
#ifndef CATDOG_MACHINE_H
#define CATDOG_MACHINE_H

#include <catdog/catdog.h>
#include <jansson.h>

/* graph: NULL, or the network whose convolutions are of interest. They return an exit status; the
 * JSON functions NULL, after telling why. */
int machine_print_cpu(cnn_context_t *context, const cnn_graph_t *graph);
json_t *machine_cpu_json(cnn_context_t *context, const cnn_graph_t *graph);

int machine_print_memory(const cnn_graph_t *graph, const cnn_memory_options_t *options);
json_t *machine_memory_json(const cnn_graph_t *graph, const cnn_memory_options_t *options);

#endif
