/* SPDX-License-Identifier: MIT */
#include "image/decode.h"

#include "core/file.h"
#include "core/memory.h"
#include "core/size.h"
#include "image/preprocess.h"
#include "image/readers.h"
#include "image/resize.h"

/* A row sink that resizes the rows as they arrive. */
struct photo {
    struct cd_row_sink sink; /* first member, so that a pointer to it can be cast to the struct */
    cnn_context_t *context;
    const cnn_preprocess_t *preprocess;
    uint8_t *out;
    struct cd_resizer *resizer;
};

/* A range of rows or columns of the full-size image, in coordinates of the scaled image that the
 * decoder returns. Its ends may lie inside a scaled pixel. */
struct range {
    size_t first, n;             /* first scaled row or column of the range, and their number */
    struct cd_resize_range part; /* exact position of the range, relative to `first` */
};

/* Converts a range of a side of n full-size pixels to the scaled image. The range has `length`
 * pixels and begins at pixel `from`, which is counted from the end of the side if backwards is 1.
 * scale: in eighths. */
static struct range scaled(size_t from, size_t length, size_t n, int backwards, unsigned scale)
{
    if (backwards)
        from = n - from - length;
    const size_t first = from * scale / CD_FULL_SCALE;
    const size_t end = cd_divide_up((from + length) * scale, CD_FULL_SCALE);
    const double unit = (double)scale / CD_FULL_SCALE;

    return (struct range){.first = first,
                          .n = end - first,
                          .part = {.n = end - first,
                                   .from = (double)from * unit - (double)first,
                                   .to = (double)(from + length) * unit - (double)first}};
}

static void choose_ranges(const struct cd_image_header *header,
                          const struct cd_orientation *orientation,
                          const struct cd_preprocess_frame *frame, unsigned scale,
                          struct range *down, struct range *across)
{
    const int swaps = orientation->swaps;

    *down = scaled(swaps ? frame->x : frame->y, swaps ? frame->width : frame->height,
                   header->height, orientation->from_last, scale);
    *across = scaled(swaps ? frame->y : frame->x, swaps ? frame->height : frame->width,
                     header->width, orientation->backwards, scale);
}

/* Returns the smallest scale at which the part of the image that is shown has at least the target's
 * height and width. */
static unsigned choose_scale(const struct photo *photo, const struct cd_image_header *header,
                             const struct cd_orientation *orientation,
                             const struct cd_preprocess_frame *frame)
{
    const size_t height = orientation->swaps ? frame->target.width : frame->target.height;
    const size_t width = orientation->swaps ? frame->target.height : frame->target.width;
    struct range down, across;

    if (photo->preprocess->decode == CNN_DECODE_FULL)
        return CD_FULL_SCALE;
    for (const unsigned *scale = header->scales; *scale; scale++) {
        choose_ranges(header, orientation, frame, *scale, &down, &across);
        if (down.n >= height && across.n >= width)
            return *scale;
    }
    return CD_FULL_SCALE;
}

static cnn_status_t start(struct cd_row_sink *sink, const struct cd_image_header *header,
                          struct cd_image_part *part)
{
    struct photo *photo = (struct photo *)sink;
    struct cd_resize_stream stream = {.orientation = cd_orientation_of(header->orientation)};
    const int swaps = stream.orientation.swaps;
    struct cd_preprocess_frame frame;
    struct range down, across;

    cd_preprocess_frame(photo->preprocess, swaps ? header->width : header->height,
                        swaps ? header->height : header->width, photo->out, &frame);
    part->scale = choose_scale(photo, header, &stream.orientation, &frame);
    choose_ranges(header, &stream.orientation, &frame, part->scale, &down, &across);
    part->y = down.first;
    part->height = down.n;
    part->x = across.first;
    part->width = across.n;
    stream.down = down.part;
    stream.across = across.part;
    stream.target = frame.target;
    if (cd_resizer_create(photo->context, &stream, &photo->resizer) != CNN_OK)
        return cd_error(CNN_ERROR_MEMORY, "%s: out of memory for %zu x %zu pixels", header->name,
                        header->width, header->height);
    return CNN_OK;
}

static void add_rows(struct cd_row_sink *sink, size_t y, const uint8_t *const *rgb, size_t n)
{
    (void)y;
    cd_resizer_add(((struct photo *)sink)->resizer, rgb, n);
}

cnn_status_t cd_decode_photo(const struct cd_image_source *source,
                             const cnn_preprocess_t *preprocess, struct cd_image_info *info,
                             uint8_t *out)
{
    struct photo photo = {.sink = {start, add_rows},
                          .context = source->context,
                          .preprocess = preprocess,
                          .out = out};
    cnn_status_t rc = cd_image_read(source, &photo.sink, info);

    cd_resizer_free(photo.resizer);
    return rc;
}

cnn_status_t cd_decode_file(cnn_context_t *context, const char *path,
                            const cnn_image_options_t *limits, const cnn_preprocess_t *preprocess,
                            struct cd_image_info *info, uint8_t *out)
{
    struct cd_image_source source = {.context = context, .name = path, .limits = limits};
    uint8_t *bytes;

    CD_TRY(cd_file_read(context, path, limits->max_bytes, CNN_ERROR_IMAGE, &bytes, &source.size));
    source.bytes = bytes;
    cnn_status_t rc = cd_decode_photo(&source, preprocess, info, out);
    cd_free(context, bytes);
    return rc;
}
