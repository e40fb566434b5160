/* SPDX-License-Identifier: MIT */
#include "graph/window.h"

#include "core/size.h"

/* Computes TensorFlow's "same" padding of one dimension. The output size is in / stride, rounded
 * up. If the total padding is odd, the larger half comes after the input. */
static void pad_same(size_t in, size_t size, size_t stride, size_t *before, size_t *after)
{
    const size_t out = cd_divide_up(in, stride);
    const size_t need = (out - 1) * stride + size;
    const size_t total = need > in ? need - in : 0;

    *before = total / 2;
    *after = total - total / 2;
}

static cnn_status_t check_range(const char *layer, const char *what, size_t value, size_t least)
{
    if (value < least || value > CD_WINDOW_LARGEST)
        return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": %s %zu is not in %zu .. %d", layer, what,
                        value, least, (int)CD_WINDOW_LARGEST);
    return CNN_OK;
}

static cnn_status_t check_pads(const char *layer, cnn_padding_t padding, enum cd_pads pads,
                               const struct cd_window *window)
{
    const size_t values[4] = {window->top, window->bottom, window->left, window->right};

    for (int i = 0; i < 4; i++) {
        const size_t size = i < 2 ? window->kh : window->kw;
        CD_TRY(check_range(layer, "padding", values[i], 0));
        if (padding != CNN_PADDING_EXPLICIT && values[i] != 0)
            return cd_error(CNN_ERROR_ARGUMENT,
                            "layer \"%s\": padding %zu is given but not CNN_PADDING_EXPLICIT",
                            layer, values[i]);
        if (pads == CD_PADS_BELOW_SIZE && values[i] >= size)
            return cd_error(CNN_ERROR_ARGUMENT,
                            "layer \"%s\": padding %zu is not below the pool's size %zu x "
                            "%zu",
                            layer, values[i], window->kh, window->kw);
    }
    return CNN_OK;
}

cnn_status_t cd_window_resolve(const char *layer, struct cd_shape in, cnn_padding_t padding,
                               enum cd_pads pads, struct cd_window *window)
{
    CD_TRY(check_range(layer, "window height", window->kh, 1));
    CD_TRY(check_range(layer, "window width", window->kw, 1));
    CD_TRY(check_range(layer, "stride", window->sh, 1));
    CD_TRY(check_range(layer, "stride", window->sw, 1));
    CD_TRY(check_pads(layer, padding, pads, window));
    switch (padding) {
    case CNN_PADDING_VALID:
    case CNN_PADDING_EXPLICIT:
        return CNN_OK;
    case CNN_PADDING_SAME:
        pad_same(in.h, window->kh, window->sh, &window->top, &window->bottom);
        pad_same(in.w, window->kw, window->sw, &window->left, &window->right);
        return CNN_OK;
    }
    return cd_error(CNN_ERROR_ARGUMENT, "layer \"%s\": there is no padding %d", layer,
                    (int)padding);
}

cnn_status_t cd_window_output(const char *layer, struct cd_shape in, const struct cd_window *window,
                              struct cd_shape *out)
{
    const size_t h = in.h + window->top + window->bottom;
    const size_t w = in.w + window->left + window->right;

    if (window->kh > h || window->kw > w)
        return cd_error(CNN_ERROR_SHAPE,
                        "layer \"%s\": window %zu x %zu is larger than the padded input "
                        "%zu x %zu (input %zu x %zu x %zu)",
                        layer, window->kh, window->kw, h, w, in.h, in.w, in.c);
    out->h = (h - window->kh) / window->sh + 1;
    out->w = (w - window->kw) / window->sw + 1;
    return CNN_OK;
}
