/* SPDX-License-Identifier: MIT
 *
 * Sums are rounded to 8 bits after each direction, first horizontally, then vertically, in the
 * upright image. Each row is used as it arrives. Only as many rows are kept as one target row
 * depends on:
 *
 *   upright, or rotated by 180 degrees
 *     row --across--> ring of narrow rows --down--> target row
 *   rotated by 90 degrees, where the stored columns are the image's rows
 *     row --> ring of whole rows --down--> row --across--> target column */
#include "image/resize.h"

#include <string.h>

#include "core/memory.h"
#include "core/size.h"
#include "kernels/kernels.h"

/* Rows that are processed at once: as many as the decoder returns. */
enum { TOGETHER = 8 };

struct cd_resizer {
    cnn_context_t *context;
    const struct cd_kernels *kernels;
    struct cd_orientation orientation;
    struct cd_resize_target target;
    struct cd_resize_axis across, down; /* axes of the stored image */
    size_t row_size;                    /* bytes of a row in the ring */
    size_t ring_rows;
    uint8_t *ring; /* the rows of a window, and further rows of the last cd_resizer_add */
    const uint8_t **window;             /* the rows of one target row, in order */
    uint8_t *summed;                    /* the sum over the window */
    uint8_t *finished;                  /* a row of the target of the stored image */
    size_t next_row, next_target;
};

static uint8_t *ring_row(const struct cd_resizer *r, size_t row)
{
    return r->ring + row % r->ring_rows * r->row_size;
}

/* Computes the next target row, whose source rows are all in the ring. */
static void finish_row(struct cd_resizer *r)
{
    const struct cd_resize_span span = r->down.spans[r->next_target];
    size_t k = 0;

    for (; k < span.count; k++)
        r->window[k] = ring_row(r, span.first + k);
    for (; k % CD_RESIZE_GROUP != 0; k++)
        r->window[k] = r->ring;
    if (r->orientation.swaps) {
        r->kernels->resize_column(&r->down, r->next_target, r->window, r->row_size, r->summed);
        r->kernels->resize_rows(&r->across, (const uint8_t *const *)&r->summed, 1, &r->finished);
    } else {
        r->kernels->resize_column(&r->down, r->next_target, r->window, r->row_size, r->finished);
    }
    cd_orientation_place_row(&r->orientation, r->finished, r->next_target, r->down.m, r->across.m,
                             r->target.pixels, r->target.stride);
    r->next_target++;
}

/* Keeps n rows, at most TOGETHER, and computes the target rows that are complete then. */
static void keep(struct cd_resizer *r, const uint8_t *const *rows, size_t n)
{
    uint8_t *kept[TOGETHER];

    for (size_t i = 0; i < n; i++) {
        kept[i] = ring_row(r, r->next_row++);
        if (r->orientation.swaps)
            memcpy(kept[i], rows[i], r->row_size);
    }
    if (!r->orientation.swaps)
        r->kernels->resize_rows(&r->across, rows, n, kept);
    while (r->next_target < r->down.m &&
           r->down.spans[r->next_target].first + r->down.spans[r->next_target].count <= r->next_row)
        finish_row(r);
}

void cd_resizer_add(struct cd_resizer *r, const uint8_t *const *rows, size_t n)
{
    for (; n > TOGETHER; rows += TOGETHER, n -= TOGETHER)
        keep(r, rows, TOGETHER);
    keep(r, rows, n);
}

static int init(struct cd_resizer *r, const struct cd_resize_stream *stream)
{
    cnn_context_t *context = r->context;
    const int swaps = r->orientation.swaps;
    const struct cd_resize_side across = {
        .n = stream->across.n, .m = swaps ? r->target.height : r->target.width,
        .from = stream->across.from, .to = stream->across.to,
        .backwards = r->orientation.backwards};
    const struct cd_resize_side down = {
        .n = stream->down.n, .m = swaps ? r->target.width : r->target.height,
        .from = stream->down.from, .to = stream->down.to, .backwards = r->orientation.from_last};

    if (!cd_resize_axis_init(context, &r->across, &across) ||
        !cd_resize_axis_init(context, &r->down, &down))
        return 0;
    r->row_size = 3 * (swaps ? across.n : across.m);
    r->ring_rows = r->down.window + TOGETHER - 1;
    r->ring = cd_alloc_unset(context, r->ring_rows, r->row_size);
    r->window = cd_alloc_unset(context, cd_round_up(r->down.window, CD_RESIZE_GROUP),
                               sizeof *r->window);
    r->summed = swaps ? cd_alloc_unset(context, r->row_size, 1) : NULL;
    r->finished = cd_alloc_unset(context, across.m, 3);
    return r->ring && r->window && (r->summed || !swaps) && r->finished;
}

cnn_status_t cd_resizer_create(cnn_context_t *context, const struct cd_resize_stream *stream,
                               struct cd_resizer **out)
{
    struct cd_resizer *r = cd_alloc(context, 1, sizeof *r);

    *out = NULL;
    if (r) {
        r->context = context;
        r->kernels = context->kernels;
        r->orientation = stream->orientation;
        r->target = stream->target;
    }
    if (!r || !init(r, stream)) {
        cd_resizer_free(r);
        return cd_error(CNN_ERROR_MEMORY, "out of memory for resizing %zu x %zu pixels",
                        stream->across.n, stream->down.n);
    }
    *out = r;
    return CNN_OK;
}

void cd_resizer_free(struct cd_resizer *r)
{
    if (!r)
        return;
    cd_resize_axis_release(r->context, &r->across);
    cd_resize_axis_release(r->context, &r->down);
    cd_free(r->context, r->ring);
    cd_free(r->context, r->window);
    cd_free(r->context, r->summed);
    cd_free(r->context, r->finished);
    cd_free(r->context, r);
}

cnn_status_t cd_resize(cnn_context_t *context, const struct cd_resize_source *source,
                       const struct cd_resize_target *target)
{
    const struct cd_resize_stream stream = {
        .down = {source->height, 0, (double)source->height},
        .across = {source->width, 0, (double)source->width},
        .orientation = cd_orientation_of(1),
        .target = *target};
    struct cd_resizer *resizer;

    CD_TRY(cd_resizer_create(context, &stream, &resizer));
    for (size_t y = 0; y < source->height;) {
        const uint8_t *rows[TOGETHER];
        size_t n = 0;
        for (; n < TOGETHER && y < source->height; n++, y++)
            rows[n] = source->pixels + y * source->stride;
        cd_resizer_add(resizer, rows, n);
    }
    cd_resizer_free(resizer);
    return CNN_OK;
}
