/* SPDX-License-Identifier: MIT */
#include "support/double_conv.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Runs body for each product of the convolution. In body, xi, ki and yi are the indices of the
 * product's elements in the input, in the kernel and in the convolution's output. */
#define FOR_PRODUCTS(conv, body)                                                               \
    for (size_t r_ = 0; r_ < (conv)->oh; r_++)                                                 \
        for (size_t q_ = 0; q_ < (conv)->ow; q_++)                                             \
            for (size_t i_ = 0; i_ < (conv)->window.kh; i_++)                                  \
                for (size_t j_ = 0; j_ < (conv)->window.kw; j_++) {                            \
                    const size_t row_ = r_ * (conv)->window.sh + i_ - (conv)->window.top;      \
                    const size_t column_ = q_ * (conv)->window.sw + j_ - (conv)->window.left;  \
                    if (row_ >= (conv)->h || column_ >= (conv)->w)                             \
                        continue;                                                              \
                    for (size_t c_ = 0; c_ < (conv)->ci; c_++)                                 \
                        for (size_t o_ = 0; o_ < (conv)->co; o_++) {                           \
                            const size_t xi = (row_ * (conv)->w + column_) * (conv)->ci + c_;  \
                            const size_t yi = (r_ * (conv)->ow + q_) * (conv)->co + o_;        \
                            const size_t ki = ((i_ * (conv)->window.kw + j_) * (conv)->ci + c_) \
                                                  * (conv)->co + o_;                           \
                            body                                                               \
                        }                                                                      \
                }

static double *doubles(size_t n)
{
    return calloc(n ? n : 1, sizeof(double));
}

static double activate(struct cd_activation activation, double x, double *slope)
{
    switch (activation.kind) {
    case CNN_ACTIVATION_RELU:
        *slope = x > 0;
        return x < 0 ? 0 : x;
    case CNN_ACTIVATION_LEAKY_RELU:
        *slope = x > 0 ? 1 : (double)activation.alpha;
        return x < 0 ? (double)activation.alpha * x : x;
    case CNN_ACTIVATION_SIGMOID: {
        const double y = 1 / (1 + exp(-x));
        *slope = y * (1 - y);
        return y;
    }
    default:
        *slope = 1;
        return x;
    }
}

/* Max pooling of output `at` (row r, column q, channel o): sets of->winner[at] and
 * of->doubtful[at]. If several elements are the largest, the first one is the winner. */
static void pool_at(const struct cd_conv *pool, size_t r, size_t q, size_t o, size_t at,
                    struct double_conv *of)
{
    const struct cd_window *w = &pool->window;
    double best = -INFINITY, second = -INFINITY;

    for (size_t i = 0; i < w->kh; i++)
        for (size_t j = 0; j < w->kw; j++) {
            const size_t row = r * w->sh + i - w->top, column = q * w->sw + j - w->left;
            if (row >= pool->h || column >= pool->w)
                continue;
            const size_t place = (row * pool->w + column) * pool->ci + o;
            if (of->map[place] > best) {
                second = best;
                best = of->map[place];
                of->winner[at] = place;
            } else if (of->map[place] > second) {
                second = of->map[place];
            }
        }
    of->doubtful[at] = best - second < 1e-4 * of->map_scale[of->winner[at]];
}

void double_conv_forward(const struct cd_conv_layer *layer, const float *x, const float *kernel,
                         const float *bias, struct double_conv *of)
{
    const struct cd_conv *conv = &layer->conv, *out = layer->pool.co ? &layer->pool : conv;
    const size_t n = conv->oh * conv->ow * conv->co;

    of->map = doubles(n);
    of->map_scale = doubles(n);
    for (size_t i = 0; i < n && bias; i++) {
        of->map[i] = (double)bias[i % conv->co];
        of->map_scale[i] = fabs(of->map[i]);
    }
    FOR_PRODUCTS(conv, {
        const double product = (double)x[xi] * (double)kernel[ki];
        of->map[yi] += product;
        of->map_scale[yi] += fabs(product);
    })

    const size_t out_n = out->oh * out->ow * out->co;
    of->y = doubles(out_n);
    of->y_scale = doubles(out_n);
    of->slope = doubles(out_n);
    of->winner = calloc(out_n + 1, sizeof *of->winner);
    of->doubtful = calloc(out_n + 1, 1);
    for (size_t i = 0; i < out_n; i++) {
        of->winner[i] = i;
        if (layer->pool.co)
            pool_at(out, i / out->co / out->ow, i / out->co % out->ow, i % out->co, i, of);
        const double value = of->map[of->winner[i]];
        of->y_scale[i] = of->map_scale[of->winner[i]];
        of->y[i] = activate(layer->activation, value, &of->slope[i]);
        if (layer->activation.kind != CNN_ACTIVATION_NONE && fabs(value) < 1e-4 * of->y_scale[i])
            of->doubtful[i] = 1;
    }
}

void double_conv_gradient(const struct cd_conv_layer *layer, const struct double_conv *of,
                          const float *dy, double *gradient)
{
    const struct cd_conv *conv = &layer->conv, *out = layer->pool.co ? &layer->pool : conv;

    memset(gradient, 0, conv->oh * conv->ow * conv->co * sizeof *gradient);
    for (size_t i = 0; i < out->oh * out->ow * out->co; i++)
        gradient[of->winner[i]] += (double)dy[i] * of->slope[i];
}

void double_conv_backward_data(const struct cd_conv *conv, const double *gradient,
                               const float *kernel, double *dx, double *scale)
{
    const size_t n = conv->h * conv->w * conv->ci;

    memset(dx, 0, n * sizeof *dx);
    memset(scale, 0, n * sizeof *scale);
    FOR_PRODUCTS(conv, {
        const double product = gradient[yi] * (double)kernel[ki];
        dx[xi] += product;
        scale[xi] += fabs(product);
    })
}

void double_conv_backward_kernel(const struct cd_conv *conv, const float *x, const double *gradient,
                                 double *dkernel, double *scale, double *dbias,
                                 double *dbias_scale)
{
    FOR_PRODUCTS(conv, {
        const double product = (double)x[xi] * gradient[yi];
        dkernel[ki] += product;
        scale[ki] += fabs(product);
    })
    for (size_t i = 0; i < conv->oh * conv->ow * conv->co; i++) {
        dbias[i % conv->co] += gradient[i];
        dbias_scale[i % conv->co] += fabs(gradient[i]);
    }
}

void double_conv_free(struct double_conv *of)
{
    free(of->map);
    free(of->map_scale);
    free(of->y);
    free(of->y_scale);
    free(of->slope);
    free(of->winner);
    free(of->doubtful);
}
