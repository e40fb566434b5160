/* SPDX-License-Identifier: MIT */
#include "image/resize_weights.h"

#include <math.h>

#include "core/memory.h"
#include "core/size.h"

enum { ONE = 1 << CD_RESIZE_FRACTION_BITS };

static double triangle(double x)
{
    if (x < 0)
        x = -x;
    return x < 1 ? 1 - x : 0;
}

static struct cd_resize_span span_around(double centre, double support, size_t n)
{
    const double low = centre - support + 0.5, high = centre + support + 0.5;
    const size_t first = low > 0 ? (size_t)low : 0;
    const size_t end = high < (double)n ? (size_t)high : n;

    return (struct cd_resize_span){first, end - first};
}

/* Computes the weights of a target sample that is centred at `centre` in the source. span: its
 * source samples. filter_scale: half the width of the triangle. Weight k is stored in
 * weights[k * step]. */
static void weigh(struct cd_resize_span span, double centre, double filter_scale, int32_t *weights,
                  ptrdiff_t step)
{
    const double inverse = 1 / filter_scale;
    double sum = 0;

    for (size_t k = 0; k < span.count; k++)
        sum += triangle(((double)(span.first + k) - centre + 0.5) * inverse);
    for (size_t k = 0; k < span.count; k++) {
        double weight = triangle(((double)(span.first + k) - centre + 0.5) * inverse);
        if (sum != 0)
            weight /= sum;
        weights[(ptrdiff_t)k * step] = (int32_t)(0.5 + weight * ONE);
    }
}

/* Computes the spans and weights of all target samples. If side->backwards is 1, they are computed
 * for the mirrored source and stored in reverse order. A mirrored image therefore gives exactly the
 * mirrored result, in spite of rounding. */
static void fill(struct cd_resize_axis *axis, const struct cd_resize_side *side, double support)
{
    const double from = side->backwards ? (double)side->n - side->to : side->from;
    const double scale = (side->to - side->from) / (double)side->m;

    for (size_t i = 0; i < side->m; i++) {
        const double centre = from + ((double)i + 0.5) * scale;
        struct cd_resize_span span = span_around(centre, support, side->n);
        const size_t at = side->backwards ? side->m - 1 - i : i;
        int32_t *weights = axis->weights + at * axis->window;
        if (side->backwards) {
            weigh(span, centre, support, weights + span.count - 1, -1);
            span.first = side->n - span.first - span.count;
        } else {
            weigh(span, centre, support, weights, 1);
        }
        axis->spans[at] = span;
    }
}

static void split(const int32_t *weights, size_t count, int16_t *halves)
{
    for (size_t k = 0; k < count; k++) {
        int16_t *high = halves + k / CD_RESIZE_GROUP * 2 * CD_RESIZE_GROUP + k % CD_RESIZE_GROUP;
        high[0] = (int16_t)(weights[k] >> CD_RESIZE_LOW_BITS);
        high[CD_RESIZE_GROUP] = (int16_t)(weights[k] & ((1 << CD_RESIZE_LOW_BITS) - 1));
    }
}

static int split_all(cnn_context_t *context, struct cd_resize_axis *axis)
{
    axis->halves_size = 2 * cd_round_up(axis->window, CD_RESIZE_GROUP);
    axis->halves = cd_alloc(context, axis->m, axis->halves_size * sizeof *axis->halves);
    if (!axis->halves)
        return 0;
    for (size_t i = 0; i < axis->m; i++)
        split(axis->weights + i * axis->window, axis->spans[i].count,
              axis->halves + i * axis->halves_size);
    return 1;
}

int cd_resize_axis_init(cnn_context_t *context, struct cd_resize_axis *axis,
                        const struct cd_resize_side *side)
{
    const double scale = (side->to - side->from) / (double)side->m;
    const double support = scale < 1 ? 1 : scale;
    const size_t window = (size_t)ceil(support) * 2 + 1;

    axis->n = side->n;
    axis->m = side->m;
    axis->window = window < side->n ? window : side->n;
    axis->spans = cd_alloc_unset(context, side->m, sizeof *axis->spans);
    axis->weights = cd_alloc_unset(context, side->m, axis->window * sizeof *axis->weights);
    if (!axis->spans || !axis->weights)
        return 0;
    fill(axis, side, support);
    return split_all(context, axis);
}

void cd_resize_axis_release(cnn_context_t *context, struct cd_resize_axis *axis)
{
    cd_free(context, axis->spans);
    cd_free(context, axis->weights);
    cd_free(context, axis->halves);
}
