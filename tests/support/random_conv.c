/* SPDX-License-Identifier: MIT */
#include "support/random_conv.h"

#include "support/random_arrays.h"

static size_t padded_output(size_t size, size_t before, size_t after, size_t k, size_t stride)
{
    return (size + before + after - k) / stride + 1;
}

struct cd_conv draw_conv(size_t channels)
{
    struct cd_conv conv = {.h = draw(1, 19), .w = draw(1, 23), .ci = draw(1, channels),
                           .co = draw(1, channels)};
    struct cd_window *w = &conv.window;
    do {
        w->kh = draw(1, 5);
        w->kw = draw(1, 5);
        w->top = draw(0, w->kh - 1);
        w->bottom = draw(0, w->kh - 1);
        w->left = draw(0, w->kw - 1);
        w->right = draw(0, w->kw - 1);
        if (draw(0, 2) == 0)
            w->top = w->bottom = w->left = w->right = 0;
    } while (conv.h + w->top + w->bottom < w->kh || conv.w + w->left + w->right < w->kw);
    w->sh = draw(1, 3);
    w->sw = draw(1, 3);
    conv.oh = padded_output(conv.h, w->top, w->bottom, w->kh, w->sh);
    conv.ow = padded_output(conv.w, w->left, w->right, w->kw, w->sw);
    return conv;
}
