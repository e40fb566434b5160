/* SPDX-License-Identifier: MIT */
#include "image/jpeg_read.h"

#include <string.h>

#include <jerror.h>

#include "core/hash.h"
#include "core/memory.h"
#include "core/size.h"
#include "image/jpeg_errors.h"
#include "image/orientation.h"

/* Each scan of a progressive JPEG costs a pass over the whole image and may take only a few bytes
 * of the file. Usual files have about ten scans. */
enum { MAX_SCANS = 500 };

/* Rows are read eight at a time: libjpeg decodes eight rows at once anyway, and sixteen with the
 * usual subsampling. Each row begins BEHIND bytes after a multiple of ALIGNMENT, because
 * libjpeg-turbo writes aligned rows past the caches, and reading such rows back takes as long as
 * the rest of the resize. */
enum { ROWS = 8, ALIGNMENT = 64, BEHIND = 4 };

/* The scales, in eighths, for which libjpeg-turbo has vector code. 3/8 takes no less time than 1/2,
 * and 5/8 to 7/8 take no less than the full size. */
static const unsigned fast_scales[] = {1, 2, 4, 0};

struct decoder {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_progress_mgr progress;
    struct cd_jpeg_errors errors;
    const struct cd_image_source *source;
    struct cd_image_info *info;
    struct cd_row_sink *sink; /* NULL: only the header is read */
    struct cd_image_part part;
    uint8_t *rows; /* ROWS rows as libjpeg writes them, row_size bytes each */
    size_t row_size;
};

/* ---- the header ---- */

static void check_scans(j_common_ptr jpeg)
{
    struct jpeg_decompress_struct *decompress = (struct jpeg_decompress_struct *)jpeg;
    char text[64];

    if (decompress->input_scan_number <= MAX_SCANS)
        return;
    snprintf(text, sizeof text, "has more than %d progressive scans", MAX_SCANS);
    cd_jpeg_errors_escape((struct cd_jpeg_errors *)jpeg->err, CNN_ERROR_IMAGE, text);
}

/* The orientation in the first EXIF block; 0 without memory. */
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

/* Fills in info from the header. Errors: MEMORY. */
static cnn_status_t fill_info(const struct decoder *decoder)
{
    struct cd_image_info *info = decoder->info;
    const int orientation = stored_orientation(&decoder->jpeg);

    if (orientation == 0)
        return cd_error(CNN_ERROR_MEMORY, "%s: out of memory for its EXIF block",
                        decoder->source->name);
    info->width = decoder->jpeg.image_width;
    info->height = decoder->jpeg.image_height;
    info->color_space = color_space(decoder->jpeg.jpeg_color_space);
    info->orientation = orientation;
    return CNN_OK;
}

static cnn_status_t read_header(struct decoder *decoder)
{
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
    const struct cd_image_source *source = decoder->source;

    jpeg_create_decompress(jpeg);
    decoder->progress.progress_monitor = check_scans;
    jpeg->progress = &decoder->progress;
    if (source->bytes)
        jpeg_mem_src(jpeg, source->bytes, (unsigned long)source->size);
    else
        jpeg_stdio_src(jpeg, source->stream);
    jpeg_save_markers(jpeg, JPEG_APP0 + 1, 0xffff);
    jpeg_read_header(jpeg, TRUE);
    return fill_info(decoder);
}

/* ---- the pixels ---- */

/* Chooses settings that give the same pixels with every build of libjpeg: the exact integer IDCT,
 * and no smoothing of progressive files whose last scans are missing, which differs by version. */
static cnn_status_t choose_output(struct decoder *decoder)
{
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;

    if (jpeg->data_precision != 8) /* libjpeg-turbo 3 decodes 12 bits, but not to bytes */
        return cd_error(CNN_ERROR_IMAGE, "%s: Unsupported JPEG data precision %d",
                        decoder->source->name, jpeg->data_precision);
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
                        decoder->source->name, jpeg->num_components);
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

/* Converts CMYK to RGB in place. Adobe stores 255 - ink; others store the ink itself. */
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

/* Upsampled chroma at an edge has fewer neighbours than inside, so the blocks around a part are
 * decoded as well. */
static size_t block_height(const struct jpeg_decompress_struct *jpeg)
{
    return (size_t)jpeg->max_v_samp_factor * (size_t)jpeg->min_DCT_scaled_size;
}

static size_t block_width(const struct jpeg_decompress_struct *jpeg)
{
    return (size_t)jpeg->max_h_samp_factor * (size_t)jpeg->min_DCT_scaled_size;
}

/* Returns how many decoded pixels of each row come before the part. */
static size_t crop_columns(struct decoder *decoder)
{
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
    const struct cd_image_part *part = &decoder->part;
    const size_t margin = block_width(jpeg), right = part->x + part->width + margin;
    const size_t left = part->x > margin ? part->x - margin : 0;
    JDIMENSION x = (JDIMENSION)left, width;

    width = (JDIMENSION)((right < jpeg->output_width ? right : jpeg->output_width) - left);
    if (width == jpeg->output_width)
        return part->x;
    jpeg_crop_scanline(jpeg, &x, &width);
    return part->x - x;
}

static void skip_rows(struct decoder *decoder)
{
    const size_t margin = block_height(&decoder->jpeg);

    if (decoder->part.y > margin)
        jpeg_skip_scanlines(&decoder->jpeg, (JDIMENSION)(decoder->part.y - margin));
}

/* skip: the decoded pixels of each row that come before the part. */
static void read_part(struct decoder *decoder, size_t skip)
{
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
    const struct cd_image_part *part = &decoder->part;
    const size_t end = part->y + part->height;
    const uint8_t *wanted[ROWS];
    JSAMPROW rows[ROWS];

    for (size_t i = 0; i < ROWS; i++)
        rows[i] = decoder->rows + i * decoder->row_size + BEHIND;
    while (jpeg->output_scanline < end) {
        const size_t first = jpeg->output_scanline;
        const size_t last = first + jpeg_read_scanlines(jpeg, rows, ROWS);
        const size_t start = first < part->y ? part->y : first;
        size_t n = 0;
        for (size_t y = start; y < last && y < end; y++) {
            if (jpeg->out_color_space == JCS_CMYK)
                cmyk_to_rgb(rows[y - first], jpeg->output_width, jpeg->saw_Adobe_marker);
            wanted[n++] = rows[y - first] + 3 * skip;
        }
        if (n > 0)
            decoder->sink->rows(decoder->sink, start - part->y, wanted, n);
    }
}

/* The rows below the part are parsed and the last one is decoded, so that a cut there is found. */
static void skip_rest(struct decoder *decoder)
{
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;
    JSAMPROW row = decoder->rows + BEHIND;

    if (jpeg->output_scanline + 1 < jpeg->output_height)
        jpeg_skip_scanlines(jpeg, jpeg->output_height - 1 - jpeg->output_scanline);
    while (jpeg->output_scanline < jpeg->output_height)
        jpeg_read_scanlines(jpeg, &row, 1);
}

static cnn_status_t start(struct decoder *decoder)
{
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;

    CD_TRY(cd_reader_start(decoder->sink, decoder->source, decoder->info, fast_scales,
                           &decoder->part));
    CD_TRY(choose_output(decoder));
    jpeg->scale_num = decoder->part.scale;
    jpeg->scale_denom = CD_FULL_SCALE;
    jpeg_calc_output_dimensions(jpeg);
    decoder->row_size = cd_round_up((size_t)jpeg->output_width * 4 + BEHIND, ALIGNMENT);
    decoder->rows = cd_alloc_unset(decoder->source->context, decoder->row_size, ROWS);
    if (!decoder->rows)
        return cd_error(CNN_ERROR_MEMORY, "%s: out of memory for %u x %u pixels",
                        decoder->source->name, jpeg->image_width, jpeg->image_height);
    return CNN_OK;
}

static void fill_warnings(const struct decoder *decoder)
{
    struct cd_image_info *info = decoder->info;

    info->warnings = decoder->errors.base.num_warnings;
    snprintf(info->warning, sizeof info->warning, "%s",
             info->warnings > 0 ? decoder->errors.text : "");
}

static cnn_status_t read_image(struct decoder *decoder)
{
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;

    CD_TRY(read_header(decoder));
    CD_TRY(start(decoder));
    jpeg_start_decompress(jpeg);
    const size_t skip = crop_columns(decoder);
    skip_rows(decoder);
    read_part(decoder, skip);
    skip_rest(decoder);
    jpeg_finish_decompress(jpeg); /* reads up to the end marker, so that a cut there is found */
    fill_warnings(decoder);
    return CNN_OK;
}

/* ---- the row of the table ---- */

/* The only call of setjmp. The function has no local variables that the jump could spoil. */
static cnn_status_t guarded(struct decoder *decoder, cnn_status_t (*step)(struct decoder *decoder))
{
    if (setjmp(decoder->errors.escape) != 0)
        return cd_error(decoder->errors.status, "%s: %s", decoder->source->name,
                        decoder->errors.text);
    return step(decoder);
}

static cnn_status_t run(struct decoder *decoder, cnn_status_t (*step)(struct decoder *decoder))
{
    decoder->jpeg.err = cd_jpeg_errors_init(&decoder->errors);
    cnn_status_t rc = guarded(decoder, step);
    jpeg_destroy_decompress(&decoder->jpeg);
    cd_free(decoder->source->context, decoder->rows);
    return rc;
}

static cnn_status_t read_info(const struct cd_image_source *source, struct cd_image_info *info)
{
    struct decoder decoder = {.source = source, .info = info};

    return run(&decoder, read_header);
}

static cnn_status_t read_rows(const struct cd_image_source *source, struct cd_row_sink *sink,
                              struct cd_image_info *info)
{
    struct decoder decoder = {.source = source, .info = info, .sink = sink};

    return run(&decoder, read_image);
}

static int matches(const uint8_t *bytes, size_t size)
{
    return bytes[0] == 0xff && (size == 1 || bytes[1] == 0xd8);
}

/* The libjpeg of the build, and what the loaded one says about itself: a shared library may be
 * replaced without a new build. */
static uint64_t hash_decoder(uint64_t hash)
{
    struct jpeg_error_mgr loaded;

    hash = cd_hash_number(hash, JPEG_LIB_VERSION);
#ifdef LIBJPEG_TURBO_VERSION_NUMBER
    hash = cd_hash_number(hash, LIBJPEG_TURBO_VERSION_NUMBER);
#endif
    jpeg_std_error(&loaded);
    hash = cd_hash_text(hash, loaded.jpeg_message_table[JMSG_VERSION]);
    return cd_hash_text(hash, loaded.jpeg_message_table[JMSG_COPYRIGHT]);
}

static const char *const extensions[] = {".jpg", ".jpeg", NULL};

const struct cd_image_reader cd_jpeg_reader = {.name = "JPEG",
                                               .extensions = extensions,
                                               .matches = matches,
                                               .read_info = read_info,
                                               .read_rows = read_rows,
                                               .hash_decoder = hash_decoder};
