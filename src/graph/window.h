/* SPDX-License-Identifier: MIT
 *
 * Sliding windows of convolutions and poolings: padding as numbers, output sizes. */
#ifndef CD_GRAPH_WINDOW_H
#define CD_GRAPH_WINDOW_H

#include "graph/graph.h"

/* The largest size, stride and padding. Sums of them cannot overflow. */
enum { CD_WINDOW_LARGEST = 65535 };

/* The limits of a window's padding. */
enum cd_pads { CD_PADS_ANY, CD_PADS_BELOW_SIZE };

/* Checks a window's size and stride and sets its padding. CNN_PADDING_EXPLICIT takes the padding
 * that the window has; with the others it must be 0. layer: the name in messages. Errors:
 * ARGUMENT. */
cnn_status_t cd_window_resolve(const char *layer, struct cd_shape in, cnn_padding_t padding,
                               enum cd_pads pads, struct cd_window *window);

/* Sets the output's height and width for an input and a window with its padding resolved. Errors:
 * SHAPE if the window is larger than the padded input. */
cnn_status_t cd_window_output(const char *layer, struct cd_shape in, const struct cd_window *window,
                              struct cd_shape *out);

#endif
