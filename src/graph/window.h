/* SPDX-License-Identifier: MIT
 *
 * Sliding windows: padding resolved to numbers, output sizes. */
#ifndef CD_GRAPH_WINDOW_H
#define CD_GRAPH_WINDOW_H

#include "graph/graph.h"

/* No size, stride or pad of a window is larger, so that sums of them cannot overflow. */
enum { CD_WINDOW_LARGEST = 65535 };

/* window: size and stride set; its padding is filled in. pads: top, bottom, left, right, for
 * CNN_PADDING_EXPLICIT (else all 0); pooling: each must then be below the size. layer: for
 * messages.
 * out: height and width set. Errors (quiet): ARGUMENT, SHAPE. */
cnn_status_t cd_window_resolve(const char *layer, struct cd_shape in, cnn_padding_t padding,
                               const uint32_t pads[4], int pooling, struct cd_window *window,
                               struct cd_shape *out);

#endif
