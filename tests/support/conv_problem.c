/* SPDX-License-Identifier: MIT */
#include "support/conv_problem.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/kernel_errors.h"
#include "support/random_arrays.h"

enum { GUARD = 17 };

/* ---- arrays with guards ---- */

/* The first float of the block stores how many guards follow the array. */
float *guarded_floats(size_t n, int random)
{
    const size_t behind = random ? 0 : GUARD;
    float *block = malloc((GUARD + n + behind) * sizeof *block);

    ck_assert_ptr_nonnull(block);
    for (size_t i = 0; i < GUARD + n + behind; i++)
        block[i] = 12345.0f;
    for (size_t i = 0; i < n; i++)
        block[GUARD + i] = random ? draw_value() : NAN;
    block[0] = (float)behind;
    return block + GUARD;
}

void release_floats(float *values, size_t n)
{
    float *block = values - GUARD;
    const size_t behind = (size_t)block[0];

    for (size_t i = 1; i < GUARD; i++)
        ck_assert_msg(block[i] == 12345.0f, "wrote before %zu floats", n);
    for (size_t i = 0; i < behind; i++)
        ck_assert_msg(values[n + i] == 12345.0f, "wrote beyond %zu floats", n);
    free(block);
}

enum { BYTE_GUARD = 64 };

unsigned char *guarded_bytes(size_t n)
{
    unsigned char *block = malloc(n + 2 * BYTE_GUARD);

    ck_assert_ptr_nonnull(block);
    memset(block, 0xa5, n + 2 * BYTE_GUARD);
    return block + BYTE_GUARD;
}

void release_bytes(unsigned char *values, size_t n)
{
    for (size_t i = 0; i < BYTE_GUARD; i++)
        ck_assert_msg(values[-1 - (ptrdiff_t)i] == 0xa5 && values[n + i] == 0xa5,
                      "wrote outside %zu bytes", n);
    free(values - BYTE_GUARD);
}

/* ---- a layer with its inputs and expected results ---- */

struct cd_conv window_over(size_t h, size_t w, size_t ci, size_t co, struct cd_window window)
{
    struct cd_conv conv = {h, w, ci, 0, 0, co, window};

    conv.oh = (h + window.top + window.bottom - window.kh) / window.sh + 1;
    conv.ow = (w + window.left + window.right - window.kw) / window.sw + 1;
    return conv;
}

struct cd_conv_layer draw_conv_layer(void)
{
    struct cd_conv_layer layer = {0};
    struct cd_window window = {3, 3, 1, 1, draw(0, 2), draw(0, 2), draw(0, 2), draw(0, 2)};
    const size_t channels[] = {1, 2, 3, 4, 7, 8, 15, 16, 17, 24, 31, 32, 48, 50, 64, 70, 80};
    const size_t last = sizeof channels / sizeof *channels;
    const size_t ci = draw(0, 3) == 0 ? 3 : channels[draw(0, last - 1)];

    if (draw(0, 3) == 0)
        window = (struct cd_window){draw(1, 5), draw(1, 5), draw(1, 3), draw(1, 3), 0, 0, 0, 0};
    else if (draw(0, 2) == 0)
        window.top = window.bottom = window.left = window.right = draw(0, 1);
    layer.conv = window_over(draw(5, 22), draw(5, 22), ci, channels[draw(0, last - 1)], window);
    layer.activation.alpha = 0.25f;
    layer.activation.kind =
        draw(0, 5) ? (cnn_activation_t)draw(0, 1) : (cnn_activation_t)draw(2, 3);
    if (draw(0, 2) && layer.conv.oh > 2 && layer.conv.ow > 2) {
        struct cd_window pool = {2, 2, 2, 2, 0, 0, 0, 0};
        if (draw(0, 4) == 0)
            pool = (struct cd_window){3, 3, draw(1, 3), draw(1, 3), 1, 1, 1, 1};
        layer.pool = window_over(layer.conv.oh, layer.conv.ow, layer.conv.co, layer.conv.co, pool);
    }
    return layer;
}

void fill_problem(struct problem *p)
{
    const struct cd_conv *conv = &p->layer.conv, *out = p->layer.pool.co ? &p->layer.pool : conv;

    p->n = draw(1, IMAGES);
    p->x_size = conv->h * conv->w * conv->ci;
    p->y_size = out->oh * out->ow * out->co;
    p->map_size = conv->oh * conv->ow * conv->co;
    p->taps = conv->window.kh * conv->window.kw * conv->ci * conv->co;
    p->x = guarded_floats(p->n * p->x_size, 1);
    if (p->equal)
        memset(p->x, 0, p->n * p->x_size * sizeof *p->x);
    p->dy = guarded_floats(p->n * p->y_size, 1);
    p->kernel = guarded_floats(p->taps, 1);
    p->bias = p->equal || draw(0, 3) ? guarded_floats(conv->co, 1) : NULL;
    p->gradient = doubles(p->map_size);
    p->dx = doubles(p->x_size), p->dx_scale = doubles(p->x_size);
    p->dkernel = doubles(p->taps), p->dkernel_scale = doubles(p->taps);
    p->dbias = doubles(conv->co), p->dbias_scale = doubles(conv->co);
    for (size_t i = p->n; i-- > 0;) {
        float *dy = p->dy + i * p->y_size;
        double_conv_forward(&p->layer, p->x + i * p->x_size, p->kernel, p->bias, &p->of[i]);
        for (size_t k = 0; k < p->y_size; k++)
            dy[k] = p->of[i].doubtful[k] && !p->equal ? 0.0f : dy[k];
        double_conv_gradient(&p->layer, &p->of[i], dy, p->gradient);
        double_conv_backward_kernel(conv, p->x + i * p->x_size, p->gradient, p->dkernel,
                                    p->dkernel_scale, p->dbias, p->dbias_scale);
    }
    double_conv_backward_data(conv, p->gradient, p->kernel, p->dx, p->dx_scale);
}

void free_problem(struct problem *p)
{
    release_floats(p->x, p->n * p->x_size);
    release_floats(p->dy, p->n * p->y_size);
    release_floats(p->kernel, p->taps);
    if (p->bias)
        release_floats(p->bias, p->layer.conv.co);
    double *const blocks[] = {p->gradient,      p->dx,    p->dx_scale,   p->dkernel,
                              p->dkernel_scale, p->dbias, p->dbias_scale};
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        free(blocks[i]);
    for (size_t i = 0; i < p->n; i++)
        double_conv_free(&p->of[i]);
}
