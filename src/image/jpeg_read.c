/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/file.h"
#include "core/memory.h"
#include "core/size.h"
#include "image/jpeg.h"
#include "image/jpeg_errors.h"
#include "image/jpeg_rows.h"
#include "image/orientation.h"
#include "image/signature.h"

/* Each scan of a progressive JPEG costs a pass over the whole picture and may take only a few
 * bytes of file; usual files have about ten. */
enum { MAX_SCANS = 500 };

/* Read at once: the decoder has so many anyway, with the usual subsampling twice as many. Rows
 * begin a little behind a multiple of what a vector holds: libjpeg-turbo writes aligned ones past
 * the caches, and reading them back takes as long as all the rest of the resize. */
enum { ROWS = 8, ALIGNMENT = 64, BEHIND = 4 };

struct reader {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_progress_mgr progress;
    struct cd_jpeg_errors errors;
    cnn_context_t *context;
    const char *name;
    const cnn_image_options_t *limits;
    const uint8_t *bytes; /* the source: size bytes, or if NULL a stream */
    size_t size;
    FILE *stream;
    struct cd_jpeg_info *info; /* the caller's, or NULL */
    struct cd_jpeg_sink *sink;
    struct cd_jpeg_part part;
    uint8_t *rows; /* ROWS as the decoder gives them, row_size bytes each */
    size_t row_size;
};

static void check_scans(j_common_ptr jpeg)
{
    struct jpeg_decompress_struct *decompress = (struct jpeg_decompress_struct *)jpeg;
    char text[64];

    if (decompress->input_scan_number <= MAX_SCANS)
        return;
    snprintf(text, sizeof text, "has more than %d progressive scans", MAX_SCANS);
    cd_jpeg_errors_escape((struct cd_jpeg_errors *)jpeg->err, CNN_ERROR_IMAGE, text);
}

static cnn_status_t read_header(struct reader *reader)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;

    jpeg_create_decompress(jpeg);
    reader->progress.progress_monitor = check_scans;
    jpeg->progress = &reader->progress;
    if (reader->bytes)
        jpeg_mem_src(jpeg, reader->bytes, (unsigned long)reader->size);
    else
        jpeg_stdio_src(jpeg, reader->stream);
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(jpeg, TRUE);
    return CNN_OK;
}

/* That of the first EXIF block; 0 if there is no memory. */
static int stored_orientation(const struct jpeg_decompress_struct *jpeg)
{
    for (jpeg_saved_marker_ptr marker = jpeg->marker_list; marker; marker = marker->next)
        if (marker->data_length > 6 && memcmp(marker->data, "Exif\0\0", 6) == 0)
            return cd_orientation_read(marker->data, marker->data_length);
    return 1;
}

static cnn_color_space_t color_space(J_COLOR_SPACE space)
{
    switch (space) {
    case JCS_GRAYSCALE:
        return CNN_COLOR_SPACE_GREY;
    case JCS_YCbCr:
        return CNN_COLOR_SPACE_YCBCR;
    case JCS_RGB:
        return CNN_COLOR_SPACE_RGB;
    case JCS_CMYK:
        return CNN_COLOR_SPACE_CMYK;
    case JCS_YCCK:
        return CNN_COLOR_SPACE_YCCK;
    default:
        return CNN_COLOR_SPACE_UNKNOWN;
    }
}

/* Errors: MEMORY. */
static cnn_status_t tell_header(const struct reader *reader)
{
    struct cd_jpeg_info *info = reader->info;
    const int orientation = stored_orientation(&reader->jpeg);

    if (orientation == 0)
        return cd_error(CNN_ERROR_MEMORY, "%s: out of memory for its EXIF block", reader->name);
    info->width = reader->jpeg.image_width;
    info->height = reader->jpeg.image_height;
    info->color_space = color_space(reader->jpeg.jpeg_color_space);
    info->orientation = orientation;
    return CNN_OK;
}

static cnn_status_t read_file_header(struct reader *reader)
{
    CD_TRY(read_header(reader));
    return tell_header(reader);
}

/* To the caller who asked for them, else to the log. */
static void tell_warnings(const struct reader *reader)
{
    const long n = reader->errors.base.num_warnings;

    if (reader->info) {
        reader->info->warnings = n;
        snprintf(reader->info->warning, sizeof reader->info->warning, "%s",
                 n > 0 ? reader->errors.text : "");
    } else if (n > 0) {
        cd_warn(reader->context, "%s: decoded with %ld warning%s: %s", reader->name, n,
                n == 1 ? "" : "s, the first", reader->errors.text);
    }
}

static cnn_status_t check_size(const struct reader *reader)
{
    const uint64_t pixels = (uint64_t)reader->jpeg.image_width * reader->jpeg.image_height;

    if (pixels > reader->limits->max_pixels)
        return cd_error(CNN_ERROR_IMAGE, "%s: %u x %u pixels are over the limit of %llu pixels",
                        reader->name, reader->jpeg.image_width, reader->jpeg.image_height,
                        (unsigned long long)reader->limits->max_pixels);
    return CNN_OK;
}

/* Only what gives the same pixels with every build of libjpeg: the exact integer IDCT, and no
 * smoothing of progressive files whose last scans are missing, which versions do differently. */
static cnn_status_t choose_output(struct reader *reader)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;

    if (jpeg->data_precision != 8) /* which newer versions of libjpeg-turbo read, otherwise */
        return cd_error(CNN_ERROR_IMAGE, "%s: Unsupported JPEG data precision %d", reader->name,
                        jpeg->data_precision);
    switch (jpeg->jpeg_color_space) {
    case JCS_GRAYSCALE:
    case JCS_YCbCr:
    case JCS_RGB:
        jpeg->out_color_space = JCS_RGB;
        break;
    case JCS_CMYK:
    case JCS_YCCK:
        jpeg->out_color_space = JCS_CMYK;
        break;
    default:
        return cd_error(CNN_ERROR_IMAGE, "%s: an unknown colour space of %d components",
                        reader->name, jpeg->num_components);
    }
    jpeg->dct_method = JDCT_ISLOW;
    jpeg->do_block_smoothing = FALSE;
    return CNN_OK;
}

/* a * b / 255, rounded to nearest, for a and b up to 255. */
static uint8_t multiply(unsigned a, unsigned b)
{
    const unsigned product = a * b + 128;
    return (uint8_t)((product + (product >> 8)) >> 8);
}

/* In place. Adobe stores 255 - ink; others store the ink itself. */
static void cmyk_to_rgb(uint8_t *row, size_t width, int adobe)
{
    const unsigned flip = adobe ? 0 : 255;
    const uint8_t *in = row;

    for (size_t x = 0; x < width; x++, in += 4, row += 3) {
        const unsigned light = in[3] ^ flip;
        row[0] = multiply(in[0] ^ flip, light);
        row[1] = multiply(in[1] ^ flip, light);
        row[2] = multiply(in[2] ^ flip, light);
    }
}

/* Chroma at the edge of what is decoded is made up from less than what lies inside, so a part is
 * decoded with the blocks around it. */
static size_t block_height(const struct jpeg_decompress_struct *jpeg)
{
    return (size_t)jpeg->max_v_samp_factor * (size_t)jpeg->min_DCT_scaled_size;
}

static size_t block_width(const struct jpeg_decompress_struct *jpeg)
{
    return (size_t)jpeg->max_h_samp_factor * (size_t)jpeg->min_DCT_scaled_size;
}

/* Returns how many pixels of each row come before the part's. */
static size_t crop_columns(struct reader *reader)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    const struct cd_jpeg_part *part = &reader->part;
    const size_t margin = block_width(jpeg), right = part->x + part->width + margin;
    const size_t left = part->x > margin ? part->x - margin : 0;
    JDIMENSION x = (JDIMENSION)left, width;

    width = (JDIMENSION)((right < jpeg->output_width ? right : jpeg->output_width) - left);
    if (width == jpeg->output_width)
        return part->x;
    jpeg_crop_scanline(jpeg, &x, &width);
    return part->x - x;
}

static void skip_rows(struct reader *reader)
{
    const size_t margin = block_height(&reader->jpeg);

    if (reader->part.y > margin)
        jpeg_skip_scanlines(&reader->jpeg, (JDIMENSION)(reader->part.y - margin));
}

/* Rows come in blocks that begin at the decoder's next one; skip of the pixels of each are not the
 * part's. */
static void read_part(struct reader *reader, size_t skip)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    const struct cd_jpeg_part *part = &reader->part;
    const size_t end = part->y + part->height;
    const uint8_t *wanted[ROWS];
    JSAMPROW rows[ROWS];

    for (size_t i = 0; i < ROWS; i++)
        rows[i] = reader->rows + i * reader->row_size + BEHIND;
    while (jpeg->output_scanline < end) {
        const size_t first = jpeg->output_scanline;
        const size_t last = first + jpeg_read_scanlines(jpeg, rows, ROWS);
        size_t n = 0;
        for (size_t y = first < part->y ? part->y : first; y < last && y < end; y++) {
            if (jpeg->out_color_space == JCS_CMYK)
                cmyk_to_rgb(rows[y - first], jpeg->output_width, jpeg->saw_Adobe_marker);
            wanted[n++] = rows[y - first] + 3 * skip;
        }
        if (n > 0)
            reader->sink->rows(reader->sink, (first < part->y ? part->y : first) - part->y, wanted,
                               n);
    }
}

/* The rows below are gone through up to the last, which is read: a cut in them shows, too. */
static void skip_rest(struct reader *reader)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    JSAMPROW row = reader->rows + BEHIND;

    if (jpeg->output_scanline + 1 < jpeg->output_height)
        jpeg_skip_scanlines(jpeg, jpeg->output_height - 1 - jpeg->output_scanline);
    while (jpeg->output_scanline < jpeg->output_height)
        jpeg_read_scanlines(jpeg, &row, 1);
}

static cnn_status_t no_memory(const struct reader *reader)
{
    return cd_error(CNN_ERROR_MEMORY, "%s: out of memory for %u x %u pixels", reader->name,
                    reader->jpeg.image_width, reader->jpeg.image_height);
}

static cnn_status_t start(struct reader *reader)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;
    const struct cd_jpeg_header header = {.name = reader->name,
                                          .height = jpeg->image_height,
                                          .width = jpeg->image_width,
                                          .orientation = stored_orientation(jpeg)};

    reader->part = (struct cd_jpeg_part){
        .scale = CD_JPEG_FULL_SCALE, .height = header.height, .width = header.width};
    if (header.orientation == 0)
        return no_memory(reader);
    CD_TRY(reader->sink->start(reader->sink, &header, &reader->part));
    jpeg->scale_num = reader->part.scale;
    jpeg->scale_denom = CD_JPEG_FULL_SCALE;
    jpeg_calc_output_dimensions(jpeg);
    reader->row_size = cd_round_up((size_t)jpeg->output_width * 4 + BEHIND, ALIGNMENT);
    reader->rows = cd_alloc_unset(reader->context, reader->row_size, ROWS);
    return reader->rows ? CNN_OK : no_memory(reader);
}

static cnn_status_t read_picture(struct reader *reader)
{
    struct jpeg_decompress_struct *jpeg = &reader->jpeg;

    CD_TRY(read_header(reader));
    if (reader->info)
        CD_TRY(tell_header(reader));
    CD_TRY(check_size(reader));
    CD_TRY(choose_output(reader));
    CD_TRY(start(reader));
    jpeg_start_decompress(jpeg);
    const size_t skip = crop_columns(reader);
    skip_rows(reader);
    read_part(reader, skip);
    skip_rest(reader);
    jpeg_finish_decompress(jpeg); /* reads to the end marker: a cut there shows, too */
    tell_warnings(reader);
    return CNN_OK;
}

/* The one setjmp: it has no variables of its own that could be lost. */
static cnn_status_t guarded(struct reader *reader, cnn_status_t (*step)(struct reader *reader))
{
    if (setjmp(reader->errors.escape) != 0)
        return cd_error(reader->errors.status, "%s: %s", reader->name, reader->errors.text);
    return step(reader);
}

static cnn_status_t run(struct reader *reader, cnn_status_t (*step)(struct reader *reader))
{
    reader->jpeg.err = cd_jpeg_errors_init(&reader->errors);
    cnn_status_t rc = guarded(reader, step);
    jpeg_destroy_decompress(&reader->jpeg);
    cd_free(reader->context, reader->rows);
    return rc;
}

static cnn_status_t check_kind(const char *name, const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return cd_error(CNN_ERROR_IMAGE, "%s: is empty", name);
    if (!cd_signature_is_jpeg(bytes, size))
        return cd_error(CNN_ERROR_IMAGE, "%s: is not a JPEG but %s", name,
                        cd_signature_name(bytes, size));
    return CNN_OK;
}

cnn_status_t cd_jpeg_read(cnn_context_t *context, const char *name, const uint8_t *bytes,
                          size_t size, const cnn_image_options_t *limits, struct cd_jpeg_sink *sink)
{
    struct reader reader = {.context = context, .name = name, .limits = limits, .bytes = bytes,
                            .size = size, .info = sink->info, .sink = sink};

    CD_TRY(check_kind(name, bytes, size));
    if (size > limits->max_bytes)
        return cd_error(CNN_ERROR_IMAGE, "%s: %zu bytes are over the limit of %llu", name, size,
                        (unsigned long long)limits->max_bytes);
    return run(&reader, read_picture);
}

cnn_status_t cd_jpeg_header(cnn_context_t *context, const char *path, struct cd_jpeg_info *info)
{
    struct reader reader = {.context = context, .name = path, .info = info};
    uint8_t head[CD_SIGNATURE_BYTES];
    uint64_t size;

    CD_TRY(cd_file_open(path, &reader.stream, &size));
    cnn_status_t rc = check_kind(path, head, fread(head, 1, sizeof head, reader.stream));
    rewind(reader.stream);
    if (rc == CNN_OK)
        rc = run(&reader, read_file_header);
    if (rc != CNN_OK && ferror(reader.stream))
        rc = cd_error(CNN_ERROR_IO, "%s: cannot be read", path);
    fclose(reader.stream);
    return rc;
}
