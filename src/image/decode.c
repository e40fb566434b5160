/* SPDX-License-Identifier: MIT */
#include "image/decode.h"

#include "core/file.h"
#include "core/memory.h"
#include "core/size.h"
#include "image/jpeg_rows.h"
#include "image/preprocess.h"
#include "image/resize.h"

struct photo {
    struct cd_jpeg_sink sink; /* first, so that a pointer to it is one to the photo */
    cnn_context_t *context;
    const cnn_preprocess_t *preprocess;
    uint8_t *out;
    struct cd_resizer *resizer;
};

/* from..from+length-1 of n in full size, from the other end if backwards: what a scale makes of
 * it. */
struct range {
    size_t first, n;             /* of the scaled samples, those that show a piece of it */
    struct cd_resize_range part; /* where in them it lies */
};

static struct range scaled(size_t from, size_t length, size_t n, int backwards, unsigned scale)
{
    if (backwards)
        from = n - from - length;
    const size_t first = from * scale / CD_JPEG_FULL_SCALE;
    const size_t end = cd_divide_up((from + length) * scale, CD_JPEG_FULL_SCALE);
    const double unit = (double)scale / CD_JPEG_FULL_SCALE;

    return (struct range){.first = first,
                          .n = end - first,
                          .part = {.n = end - first,
                                   .from = (double)from * unit - (double)first,
                                   .to = (double)(from + length) * unit - (double)first}};
}

static void choose_ranges(const struct cd_jpeg_header *header,
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

/* The smallest scale whose picture is no smaller than the target. Of the eight only these: the
 * decoder has no vector code for the others, and 3/8 takes no less time than 1/2, 5/8 to 7/8 no
 * less than the full size. */
static unsigned choose_scale(const struct photo *photo, const struct cd_jpeg_header *header,
                             const struct cd_orientation *orientation,
                             const struct cd_preprocess_frame *frame)
{
    static const unsigned scales[] = {1, 2, 4};
    const size_t height = orientation->swaps ? frame->target.width : frame->target.height;
    const size_t width = orientation->swaps ? frame->target.height : frame->target.width;
    struct range down, across;

    if (photo->preprocess->decode == CNN_DECODE_FULL)
        return CD_JPEG_FULL_SCALE;
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        choose_ranges(header, orientation, frame, scales[i], &down, &across);
        if (down.n >= height && across.n >= width)
            return scales[i];
    }
    return CD_JPEG_FULL_SCALE;
}

static cnn_status_t start(struct cd_jpeg_sink *sink, const struct cd_jpeg_header *header,
                          struct cd_jpeg_part *part)
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

static void add_rows(struct cd_jpeg_sink *sink, size_t y, const uint8_t *const *rgb, size_t n)
{
    (void)y;
    cd_resizer_add(((struct photo *)sink)->resizer, rgb, n);
}

cnn_status_t cd_decode_photo_info(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                                  const char *name, const uint8_t *bytes, size_t size,
                                  const cnn_image_options_t *limits, struct cd_jpeg_info *info,
                                  uint8_t *out)
{
    struct photo photo = {.sink = {start, add_rows, info}, .context = context,
                          .preprocess = preprocess, .out = out};
    cnn_status_t rc = cd_jpeg_read(context, name, bytes, size, limits, &photo.sink);

    cd_resizer_free(photo.resizer);
    return rc;
}

cnn_status_t cd_decode_photo(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                             const char *name, const uint8_t *bytes, size_t size,
                             const cnn_image_options_t *limits, uint8_t *out)
{
    return cd_decode_photo_info(context, preprocess, name, bytes, size, limits, NULL, out);
}

cnn_status_t cd_decode_file(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                            const char *path, const cnn_image_options_t *limits,
                            struct cd_jpeg_info *info, uint8_t *out)
{
    uint8_t *bytes;
    size_t size;

    CD_TRY(cd_file_read(context, path, limits->max_bytes, CNN_ERROR_IMAGE, &bytes, &size));
    cnn_status_t rc =
        cd_decode_photo_info(context, preprocess, path, bytes, size, limits, info, out);
    cd_free(context, bytes);
    return rc;
}
