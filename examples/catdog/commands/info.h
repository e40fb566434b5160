/* SPDX-License-Identifier: MIT
 *
 * Output of catdog info about this machine: the CPU with its kernels, and the memory that a network
 * needs. */
#ifndef CATDOG_INFO_H
#define CATDOG_INFO_H

#include <catdog/catdog.h>
#include <jansson.h>

/* graph: NULL, or the network whose convolutions are shown. The first returns an exit status, the
 * second NULL after a message. */
int info_print_cpu(cnn_context_t *context, const cnn_graph_t *graph);
json_t *info_cpu_json(cnn_context_t *context, const cnn_graph_t *graph);

int info_print_memory(const cnn_graph_t *graph, const cnn_memory_options_t *options);
json_t *info_memory_json(const cnn_graph_t *graph, const cnn_memory_options_t *options);

#endif
