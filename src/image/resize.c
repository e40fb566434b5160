/* SPDX-License-Identifier: MIT
 *
 * For one direction, from n to m samples, with scale = n / m: target sample i is centred at
 * (i + 0.5) * scale in the source and is the mean of the source samples around it, weighted by a
 * triangle that reaches max(scale, 1) to either side. Weights are computed in double precision,
 * normalised to the sum 1 and rounded to fixed point; sums are rounded to 8 bits after each
 * direction, first horizontally, then vertically. Double precision and the order of operations
 * are part of the definition: with them the pixels are those of Pillow (up to version 12; later
 * ones take tall pictures vertically first, which moves a byte here and there by 1).
 *
 *   source h x w  --resize_row-->  wide: h x target w  --resize_column-->  target h x w */
#include "image/resize.h"

#include <math.h>

#include "core/memory.h"

/* 8 bits of sample, 2 of headroom, the rest for the fraction. */
enum { FRACTION_BITS = 32 - 8 - 2, ONE = 1 << FRACTION_BITS, HALF = ONE / 2 };

/* Source samples first .. first+count-1 make up one target sample. */
struct span {
    size_t first, count;
};

struct axis {
    size_t window; /* room for the weights of one span */
    struct span *spans;
    int32_t *weights;
};

static double triangle(double x)
{
    if (x < 0)
        x = -x;
    return x < 1 ? 1 - x : 0;
}

static struct span span_around(double centre, double support, size_t n)
{
    const double low = centre - support + 0.5, high = centre + support + 0.5;
    const size_t first = low > 0 ? (size_t)low : 0;
    const size_t end = high < (double)n ? (size_t)high : n;

    return (struct span){first, end - first};
}

static void weigh(struct span span, double centre, double filter_scale, int32_t *weights)
{
    const double inverse = 1 / filter_scale;
    double sum = 0;

    for (size_t k = 0; k < span.count; k++)
        sum += triangle(((double)(span.first + k) - centre + 0.5) * inverse);
    for (size_t k = 0; k < span.count; k++) {
        double weight = triangle(((double)(span.first + k) - centre + 0.5) * inverse);
        if (sum != 0)
            weight /= sum;
        weights[k] = (int32_t)(0.5 + weight * ONE);
    }
}

static void axis_release(cnn_context_t *context, struct axis *axis)
{
    cd_free(context, axis->spans);
    cd_free(context, axis->weights);
}

/* 0 if there is no memory; release in any case. */
static int axis_init(cnn_context_t *context, struct axis *axis, size_t n, size_t m)
{
    const double scale = (double)n / (double)m;
    const double support = scale < 1 ? 1 : scale;

    axis->window = (size_t)ceil(support) * 2 + 1;
    axis->spans = cd_alloc(context, m, sizeof *axis->spans);
    axis->weights = cd_alloc(context, m, axis->window * sizeof *axis->weights);
    if (!axis->spans || !axis->weights)
        return 0;
    for (size_t i = 0; i < m; i++) {
        const double centre = ((double)i + 0.5) * scale;
        axis->spans[i] = span_around(centre, support, n);
        weigh(axis->spans[i], centre, support, axis->weights + i * axis->window);
    }
    return 1;
}

/* Rounded weights may add up to a little over 1. */
static uint8_t to_byte(int32_t sum)
{
    const int32_t value = sum >> FRACTION_BITS;
    return value > 255 ? 255 : (uint8_t)value;
}

static void resize_row(const struct axis *axis, const uint8_t *in, size_t width, uint8_t *out)
{
    for (size_t x = 0; x < width; x++, out += 3) {
        const int32_t *weights = axis->weights + x * axis->window;
        const uint8_t *pixel = in + axis->spans[x].first * 3;
        int32_t red = HALF, green = HALF, blue = HALF;

        for (size_t k = 0; k < axis->spans[x].count; k++, pixel += 3) {
            red += pixel[0] * weights[k];
            green += pixel[1] * weights[k];
            blue += pixel[2] * weights[k];
        }
        out[0] = to_byte(red);
        out[1] = to_byte(green);
        out[2] = to_byte(blue);
    }
}

/* Target row y from rows of length bytes; sums: room for length. */
static void resize_column(const struct axis *axis, size_t y, const uint8_t *rows, size_t length,
                          int32_t *sums, uint8_t *out)
{
    const int32_t *weights = axis->weights + y * axis->window;

    for (size_t i = 0; i < length; i++)
        sums[i] = HALF;
    for (size_t k = 0; k < axis->spans[y].count; k++) {
        const uint8_t *row = rows + (axis->spans[y].first + k) * length;
        const int32_t weight = weights[k];
        for (size_t i = 0; i < length; i++)
            sums[i] += row[i] * weight;
    }
    for (size_t i = 0; i < length; i++)
        out[i] = to_byte(sums[i]);
}

cnn_status_t cd_resize(cnn_context_t *context, const struct cd_resize_source *source,
                       const struct cd_resize_target *target)
{
    const size_t length = target->width * 3;
    struct axis across = {0}, down = {0};
    uint8_t *wide = NULL;
    int32_t *sums = cd_alloc_unset(context, length, sizeof *sums);
    cnn_status_t rc = CNN_OK;

    if (sums && axis_init(context, &across, source->width, target->width) &&
        axis_init(context, &down, source->height, target->height))
        wide = cd_alloc_unset(context, source->height, length);
    if (wide) {
        for (size_t y = 0; y < source->height; y++)
            resize_row(&across, source->pixels + y * source->stride, target->width,
                       wide + y * length);
        for (size_t y = 0; y < target->height; y++)
            resize_column(&down, y, wide, length, sums, target->pixels + y * target->stride);
    } else {
        rc = cd_error_quiet(CNN_ERROR_MEMORY, "out of memory for resizing %zu x %zu pixels",
                            source->width, source->height);
    }
    cd_free(context, wide);
    cd_free(context, sums);
    axis_release(context, &across);
    axis_release(context, &down);
    return rc;
}
