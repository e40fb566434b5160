/* SPDX-License-Identifier: MIT
 *
 * Computes padding and output sizes of convolution and pooling layers. */
#ifndef CD_GRAPH_WINDOW_H
#define CD_GRAPH_WINDOW_H

#include "graph/graph.h"

/* Largest height, width, stride and padding of a window. Sums of these cannot overflow. */
enum { CD_WINDOW_LARGEST = 65535 };

/* How large a window's padding may be: any size, or smaller than the window. */
enum cd_pads { CD_PADS_ANY, CD_PADS_BELOW_SIZE };

/* Checks a window's size and stride and computes its padding from an input shape. With
 * CNN_PADDING_EXPLICIT the window contains its padding already. With other kinds of padding it must
 * contain 0 on entry. layer: name for messages. Errors: ARGUMENT. */
cnn_status_t cd_window_resolve(const char *layer, struct cd_shape in, cnn_padding_t padding,
                               enum cd_pads pads, struct cd_window *window);

/* Computes the height and width of a layer's output. window: as cd_window_resolve leaves it.
 * Errors: SHAPE if the window is larger than the padded input. */
cnn_status_t cd_window_output(const char *layer, struct cd_shape in, const struct cd_window *window,
                              struct cd_shape *out);

#endif
