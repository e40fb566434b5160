/* SPDX-License-Identifier: MIT
 *
 * The upright image is resized horizontally, then vertically. After each direction the weighted
 * sums are rounded to 8 bits. The rows of the stored image are processed as they arrive. A ring
 * buffer keeps only the rows that the next target row is computed from. "across" resizes along the
 * stored rows and "down" along the stored columns:
 *
 *   upright, or rotated by 180 degrees:
 *     row --across--> ring of resized rows --down--> target row
 *   rotated by 90 degrees, where the stored columns are the rows of the upright image:
 *     row --> ring of stored rows --down--> row --across--> target column */
#include "image/resize.h"

#include <string.h>

#include "core/memory.h"
#include "core/size.h"
#include "kernels/kernels.h"

/* The number of rows that are processed at once. It is the number of rows that the JPEG reader
 * passes at a time. */
enum { TOGETHER = 8 };

struct cd_resizer {
    cnn_context_t *context;
    const struct cd_kernels *kernels;
    struct cd_orientation orientation;
    struct cd_resize_target target;
    struct cd_resize_axis across, down; /* weights along the stored rows, stored columns */
    size_t row_size;                    /* size of a row of the ring in bytes */
    size_t ring_rows;
    uint8_t *ring;          /* ring buffer: the rows of a window and up to TOGETHER - 1 more */
    const uint8_t **window; /* the rows of the ring that a target row is computed from, in order */
    uint8_t *summed;        /* weighted sum of the window's rows if orientation.swaps is 1 */
    uint8_t *finished;      /* target row, not yet rotated upright */
    size_t next_row, next_target; /* indices of the next stored row and the next target row */
};

static uint8_t *ring_row(const struct cd_resizer *r, size_t row)
{
    return r->ring + row % r->ring_rows * r->row_size;
}

/* Computes the next target row. The ring must hold all rows that it is computed from. */
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

/* Adds n rows, at most TOGETHER, to the ring, and computes all target rows whose source rows have
 * arrived. */
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
