/* SPDX-License-Identifier: MIT */
#include "image/jpeg_read.h"

#include <string.h>

#include <jerror.h>

#include "core/hash.h"
#include "core/memory.h"
#include "core/size.h"
#include "image/jpeg_errors.h"
#include "image/orientation.h"

/* The maximum number of scans of a progressive JPEG. Each scan costs a pass over the whole image,
 * but needs only a few bytes in a hostile file. Usual files have about ten scans. */
enum { MAX_SCANS = 500 };

/* ROWS rows are read at a time, because libjpeg decodes at least eight rows at once. Each row
 * begins BEHIND bytes after a multiple of ALIGNMENT. libjpeg-turbo writes to aligned rows with
 * stores that bypass the caches. Reading such rows back from memory would take as long as the rest
 * of the resize. */
enum { ROWS = 8, ALIGNMENT = 64, BEHIND = 4 };

/* The scales in eighths for which libjpeg-turbo has vector code, ended by 0. Other scales save no
 * time: 3/8 is not faster than 4/8, and 5/8 to 7/8 are not faster than the full size. */
static const unsigned fast_scales[] = {1, 2, 4, 0};

struct decoder {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_progress_mgr progress;
    struct cd_jpeg_errors errors;
    const struct cd_image_source *source;
    struct cd_image_info *info;
    struct cd_row_sink *sink; /* receiver of the rows, or NULL if only the header is read */
    struct cd_image_part part;
    uint8_t *rows;   /* buffer for ROWS rows of row_size bytes that libjpeg writes to */
    size_t row_size; /* bytes */
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

/* Returns the orientation that the first EXIF block stores, 1 if there is none, or 0 if out of
 * memory. */
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

/* Fills decoder->info from the JPEG header. Errors: MEMORY. */
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

/* Chooses the colour space and settings that give the same pixels with every build of libjpeg. The
 * integer IDCT is exact. The smoothing of progressive files with missing scans is disabled, because
 * it differs between versions. */
static cnn_status_t choose_output(struct decoder *decoder)
{
    struct jpeg_decompress_struct *jpeg = &decoder->jpeg;

    if (jpeg->data_precision != 8) /* libjpeg-turbo 3 decodes 12-bit samples, but not to bytes */
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

/* Returns a * b / 255, rounded to nearest. a, b: at most 255. */
static uint8_t multiply(unsigned a, unsigned b)
{
    const unsigned product = a * b + 128;
    return (uint8_t)((product + (product >> 8)) >> 8);
}

/* Converts CMYK to RGB in place. Adobe's programs store each channel inverted, as 255 - ink. */
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

/* block_height and block_width return the size of a block (MCU) in output pixels. Chroma
 * upsampling also reads the neighbouring pixels. Pixels at the edge of a cropped part would thus
 * differ from the same pixels of the whole image, so one more block is decoded on each side. */
static size_t block_height(const struct jpeg_decompress_struct *jpeg)
{
    return (size_t)jpeg->max_v_samp_factor * (size_t)jpeg->min_DCT_scaled_size;
}

static size_t block_width(const struct jpeg_decompress_struct *jpeg)
{
    return (size_t)jpeg->max_h_samp_factor * (size_t)jpeg->min_DCT_scaled_size;
}

/* Restricts decoding to the columns of the part and its margins. Returns the number of decoded
 * pixels of each row that precede the part. */
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

/* Decodes the rows of the part and passes them to the sink. skip: the number of decoded pixels of
 * each row that precede the part. */
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

/* Parses the rows below the part and decodes the last one, so that truncation there is detected. */
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
    jpeg_finish_decompress(jpeg); /* reads up to the end marker and so detects if it is missing */
    fill_warnings(decoder);
    return CNN_OK;
}

/* ---- the image reader ---- */

/* Calls step and converts libjpeg's errors to a status. This is the only function that calls
 * setjmp. It has no local variables whose values could be lost by the jump. */
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

/* Hashes the version of libjpeg's header and the version texts of the loaded shared library, which
 * may be replaced without a new build. */
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
