/* SPDX-License-Identifier: MIT
 *
 * Batch normalisation with a fused addition and activation. Sums are in double precision. The loops
 * process four rows at a time, so that a sum is loaded and stored only once for four rows. */
#include "kernels/plain/activate.h"
#include "kernels/level_kernels.h"

void CD_LEVEL_NAME(batch_norm_sums)(size_t rows, size_t c, const float *x, double *sums)
{
    size_t r = 0;

    for (; r + 4 <= rows; r += 4) {
        const float *row = x + r * c;
        CD_INDEPENDENT
        for (size_t k = 0; k < c; k++) {
            const double v0 = row[k], v1 = row[c + k], v2 = row[2 * c + k], v3 = row[3 * c + k];
            sums[k] += (v0 + v1) + (v2 + v3);
            sums[c + k] += (v0 * v0 + v1 * v1) + (v2 * v2 + v3 * v3);
        }
    }
    for (; r < rows; r++) {
        CD_INDEPENDENT
        for (size_t k = 0; k < c; k++) {
            const double v = x[r * c + k];
            sums[k] += v;
            sums[c + k] += v * v;
        }
    }
}

/* Normalises all rows and applies the activation. `kind` must be a constant, so that the loops
 * contain no branch. */
CD_INLINE void forward_rows(cnn_activation_t kind, float alpha, size_t rows, size_t c,
                            const float *x, const float *scale_shift, const float *other, float *y)
{
    const float *scale = scale_shift, *shift = scale_shift + c;

    for (size_t r = 0; r < rows; r++, x += c, y += c) {
        if (other) {
            const float *more = other + r * c;
            CD_INDEPENDENT
            for (size_t k = 0; k < c; k++)
                y[k] = cd_activate(kind, alpha, x[k] * scale[k] + shift[k] + more[k]);
        } else {
            CD_INDEPENDENT
            for (size_t k = 0; k < c; k++)
                y[k] = cd_activate(kind, alpha, x[k] * scale[k] + shift[k]);
        }
    }
}

void CD_LEVEL_NAME(batch_norm_forward)(struct cd_activation activation, size_t rows, size_t c,
                                       const float *x, const float *scale_shift, const float *other,
                                       float *y)
{
    const float alpha = activation.alpha;

    switch (activation.kind) {
    case CNN_ACTIVATION_RELU:
        forward_rows(CNN_ACTIVATION_RELU, alpha, rows, c, x, scale_shift, other, y);
        break;
    case CNN_ACTIVATION_LEAKY_RELU:
        forward_rows(CNN_ACTIVATION_LEAKY_RELU, alpha, rows, c, x, scale_shift, other, y);
        break;
    case CNN_ACTIVATION_SIGMOID:
        forward_rows(CNN_ACTIVATION_SIGMOID, alpha, rows, c, x, scale_shift, other, y);
        break;
    default:
        forward_rows(CNN_ACTIVATION_NONE, alpha, rows, c, x, scale_shift, other, y);
        break;
    }
}

/* Where a fused ReLU passes the gradient is determined from: nothing, if there is no ReLU; the
 * input of ReLU, recomputed from x; or the output of ReLU. */
enum relu { NO_RELU, RELU_INPUT, RELU_OUTPUT };

/* Returns dy if ReLU passes the gradient, else 0. Reading dy in both cases avoids a branch. */
CD_INLINE float masked(enum relu relu, float x, float y, float scale, float shift, float dy)
{
    switch (relu) {
    case RELU_INPUT:
        return x * scale + shift > 0.0f ? dy : 0.0f;
    case RELU_OUTPUT:
        return y > 0.0f ? dy : 0.0f;
    default:
        return dy;
    }
}

/* Adds n rows, 1 or 4, to the sums. relu and n must be constants. */
CD_INLINE void backward_sums_of(enum relu relu, size_t n, size_t c, const float *x, const float *y,
                                const float *scale_shift, float *dy, double *sums)
{
    CD_INDEPENDENT
    for (size_t k = 0; k < c; k++) {
        const float scale = relu == RELU_INPUT ? scale_shift[k] : 0.0f;
        const float shift = relu == RELU_INPUT ? scale_shift[c + k] : 0.0f;
        double sum[4] = {0.0}, dot[4] = {0.0};
        for (size_t r = 0; r < n; r++) {
            const size_t at = r * c + k;
            const float g =
                masked(relu, x[at], relu == RELU_OUTPUT ? y[at] : 0.0f, scale, shift, dy[at]);
            if (relu == RELU_OUTPUT)
                dy[at] = g;
            sum[r] = g;
            dot[r] = (double)x[at] * g;
        }
        sums[k] += (sum[0] + sum[1]) + (sum[2] + sum[3]);
        sums[c + k] += (dot[0] + dot[1]) + (dot[2] + dot[3]);
    }
}

CD_INLINE void backward_sums(enum relu relu, size_t rows, size_t c, const float *x, const float *y,
                             const float *scale_shift, float *dy, double *sums)
{
    size_t r = 0;

    for (; r + 4 <= rows; r += 4)
        backward_sums_of(relu, 4, c, x + r * c, relu == RELU_OUTPUT ? y + r * c : y, scale_shift,
                         dy + r * c, sums);
    for (; r < rows; r++)
        backward_sums_of(relu, 1, c, x + r * c, relu == RELU_OUTPUT ? y + r * c : y, scale_shift,
                         dy + r * c, sums);
}

void CD_LEVEL_NAME(batch_norm_backward_sums)(size_t rows, size_t c, const float *x, const float *y,
                                             const float *scale_shift, float *dy, double *sums)
{
    if (y)
        backward_sums(RELU_OUTPUT, rows, c, x, y, NULL, dy, sums);
    else if (scale_shift)
        backward_sums(RELU_INPUT, rows, c, x, NULL, scale_shift, dy, sums);
    else
        backward_sums(NO_RELU, rows, c, x, NULL, NULL, dy, sums);
}

void CD_LEVEL_NAME(batch_norm_backward)(size_t rows, size_t c, const float *x,
                                        const float *scale_shift, const float *factors,
                                        const float *dy, float *dx)
{
    const float *a = factors, *b = factors + c, *d = factors + 2 * c;

    for (size_t r = 0; r < rows; r++, x += c, dy += c, dx += c) {
        if (scale_shift) {
            CD_INDEPENDENT
            for (size_t k = 0; k < c; k++) {
                const float g =
                    masked(RELU_INPUT, x[k], 0.0f, scale_shift[k], scale_shift[c + k], dy[k]);
                dx[k] = a[k] * g + b[k] * x[k] + d[k];
            }
        } else {
            CD_INDEPENDENT
            for (size_t k = 0; k < c; k++)
                dx[k] = a[k] * dy[k] + b[k] * x[k] + d[k];
        }
    }
}
