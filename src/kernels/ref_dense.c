/* SPDX-License-Identifier: MIT */
#include "kernels/reference.h"

/* Number of units whose gradient is on the stack at a time. */
enum { BLOCK = 256 };

size_t cd_ref_dense_prepared(const struct cd_dense_backward *layer)
{
    (void)layer;
    return 0;
}

void cd_ref_dense_prepare(const struct cd_dense_backward *layer, float *prepared)
{
    (void)layer;
    (void)prepared;
}

/* Computes column r of dx: dx[i][r] = sum over units j of dy[i][j] w[r][j], in ascending order. */
static void backward_data(const struct cd_dense_backward *layer, size_t r)
{
    const float *w = layer->w + r * layer->units;

    for (size_t i = 0; i < layer->n; i++) {
        const float *dy = layer->dy + i * layer->units;
        float sum = 0.0f;
        for (size_t j = 0; j < layer->units; j++)
            sum += dy[j] * w[j];
        layer->dx[i * layer->inputs + r] = sum;
    }
}

/* Computes units first .. first+count-1 of row r of dw: dw[r][j] = sum over images i of x[i][r]
 * dy[i][j], in ascending order. */
static void backward_kernel(const struct cd_dense_backward *layer, size_t r, size_t first,
                            size_t count, float *restrict dw)
{
    for (size_t j = 0; j < count; j++)
        dw[j] = 0.0f;
    for (size_t i = 0; i < layer->n; i++) {
        const float x = layer->x[i * layer->inputs + r];
        const float *dy = layer->dy + i * layer->units + first;
        for (size_t j = 0; j < count; j++)
            dw[j] += x * dy[j];
    }
}

void cd_ref_dense_backward(const struct cd_dense_backward *layer, size_t first, size_t last)
{
    const size_t units = layer->units;

    for (size_t r = first; r < last; r++) {
        if (layer->dx)
            backward_data(layer, r);
        for (size_t j = 0; j < units; j += BLOCK) {
            const size_t count = units - j < BLOCK ? units - j : BLOCK, at = r * units + j;
            float gradient[BLOCK];
            float *dw = layer->adam ? gradient : layer->dw + at;
            backward_kernel(layer, r, j, count, dw);
            if (layer->adam)
                cd_ref_adam(layer->adam, count, dw, layer->w + at, layer->m + at, layer->v + at);
        }
    }
}
