/* SPDX-License-Identifier: MIT
 *
 * The parts of catdog info that depend on this machine: the CPU with its kernels, and the memory
 * that a network needs. */
#ifndef CATDOG_INFO_H
#define CATDOG_INFO_H

#include <catdog/catdog.h>
#include <jansson.h>

/* Show the CPU, the kernel levels, and the algorithms that the convolutions of `graph` use. graph
 * may be NULL. The first function prints text and returns the exit status. The second returns a
 * JSON object, or NULL after a message. */
int info_print_cpu(cnn_context_t *context, const cnn_graph_t *graph);
json_t *info_cpu_json(cnn_context_t *context, const cnn_graph_t *graph);

/* Show the memory that the network needs. Print and return like the functions above. */
int info_print_memory(const cnn_graph_t *graph, const cnn_memory_options_t *options);
json_t *info_memory_json(const cnn_graph_t *graph, const cnn_memory_options_t *options);

#endif
