/* SPDX-License-Identifier: MIT */
#include "support/make_jpeg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

size_t make_jpeg_channels(enum make_jpeg_kind kind)
{
    static const size_t channels[] = {
        [MAKE_YCBCR] = 3, [MAKE_RGB] = 3, [MAKE_GREY] = 1, [MAKE_CMYK] = 4, [MAKE_YCCK] = 4,
        [MAKE_TWO] = 2,
    };
    return channels[kind];
}

static void set_colours(struct jpeg_compress_struct *jpeg, const struct make_jpeg *how)
{
    static const struct {
        J_COLOR_SPACE given, stored;
    } spaces[] = {
        [MAKE_YCBCR] = {JCS_RGB, JCS_YCbCr},
        [MAKE_RGB] = {JCS_RGB, JCS_RGB},
        [MAKE_GREY] = {JCS_GRAYSCALE, JCS_GRAYSCALE},
        [MAKE_CMYK] = {JCS_CMYK, JCS_CMYK},
        [MAKE_YCCK] = {JCS_CMYK, JCS_YCCK},
        [MAKE_TWO] = {JCS_UNKNOWN, JCS_UNKNOWN},
    };

    jpeg->input_components = (int)make_jpeg_channels(how->kind);
    jpeg->in_color_space = spaces[how->kind].given;
    jpeg_set_defaults(jpeg);
    jpeg_set_colorspace(jpeg, spaces[how->kind].stored);
    if (how->without_adobe)
        jpeg->write_Adobe_marker = FALSE;
    for (int c = 0; c < jpeg->num_components; c++)
        jpeg->comp_info[c].h_samp_factor = jpeg->comp_info[c].v_samp_factor = 1;
    jpeg->comp_info[0].h_samp_factor = how->horizontal ? how->horizontal : 1;
    jpeg->comp_info[0].v_samp_factor = how->vertical ? how->vertical : 1;
    if (how->kind == MAKE_YCCK) {
        jpeg->comp_info[3].h_samp_factor = jpeg->comp_info[0].h_samp_factor;
        jpeg->comp_info[3].v_samp_factor = jpeg->comp_info[0].v_samp_factor;
    }
}

/* Writes an EXIF block whose IFD 0 has one entry: the orientation. */
static void write_orientation(struct jpeg_compress_struct *jpeg, int orientation, int big_endian)
{
    static const uint8_t little[] = "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"
                                    "\0\0\0\0\0\0\0\0";
    static const uint8_t big[] = "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"
                                 "\0\0\0\0\0\0\0\0";
    uint8_t block[sizeof little - 1];

    memcpy(block, big_endian ? big : little, sizeof block);
    block[big_endian ? 25 : 24] = (uint8_t)orientation;
    jpeg_write_marker(jpeg, JPEG_APP0 + 1, block, sizeof block);
}

static void write_markers(struct jpeg_compress_struct *jpeg, const struct make_jpeg *how)
{
    if (how->app1)
        jpeg_write_marker(jpeg, JPEG_APP0 + 1, how->app1, (unsigned)how->app1_size);
    if (how->orientation)
        write_orientation(jpeg, how->orientation, how->big_endian);
}

/* Sets a progressive script of many scans: one scan of the DC coefficients, then eleven scans of
 * one bit each for every AC coefficient. Returns the script; free it after the compression. */
static jpeg_scan_info *many_scans(struct jpeg_compress_struct *jpeg, int scans)
{
    jpeg_scan_info *script = calloc((size_t)scans, sizeof *script);

    if (!script)
        abort();
    for (int i = 0; i < scans; i++) {
        jpeg_scan_info *scan = &script[i];
        scan->comps_in_scan = 1;
        if (i == 0)
            continue;
        const int coefficient = 1 + (i - 1) / 11, step = (i - 1) % 11;
        scan->Ss = scan->Se = coefficient;
        scan->Ah = step == 0 ? 0 : 11 - step;
        scan->Al = 10 - step;
    }
    jpeg->scan_info = script;
    jpeg->num_scans = scans;
    return script;
}

uint8_t *make_jpeg(const struct make_jpeg *how, const uint8_t *pixels, size_t *size)
{
    struct jpeg_compress_struct jpeg;
    struct jpeg_error_mgr errors;
    unsigned char *bytes = NULL;
    unsigned long count = 0;
    jpeg_scan_info *script = NULL;
    const size_t length = how->width * make_jpeg_channels(how->kind);

    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &bytes, &count);
    jpeg.image_width = (JDIMENSION)how->width;
    jpeg.image_height = (JDIMENSION)how->height;
    set_colours(&jpeg, how);
    jpeg_set_quality(&jpeg, how->quality ? how->quality : 100, TRUE);
    jpeg.restart_in_rows = how->restart_rows;
    jpeg.arith_code = how->arithmetic;
    if (how->progressive && how->scans)
        script = many_scans(&jpeg, how->scans);
    else if (how->progressive)
        jpeg_simple_progression(&jpeg);
    jpeg_start_compress(&jpeg, TRUE);
    write_markers(&jpeg, how);
    while (jpeg.next_scanline < jpeg.image_height) {
        JSAMPROW row = (JSAMPROW)(uintptr_t)(pixels + jpeg.next_scanline * length);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    free(script);
    *size = count;
    return bytes;
}

uint8_t *make_smooth_image(size_t height, size_t width, size_t channels)
{
    uint8_t *pixels = malloc(height * width * channels);

    if (!pixels)
        abort();
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++)
            for (size_t c = 0; c < channels; c++) {
                const size_t across = 140 * (x + 1) / width, down = 100 * (y + 1) / height;
                pixels[(y * width + x) * channels + c] =
                    (uint8_t)(c == 0 ? across + down : c == 1 ? 250 - across : 30 + 2 * down / c);
            }
    return pixels;
}

uint8_t *make_jpeg_smooth(const struct make_jpeg *how, size_t *size)
{
    uint8_t *pixels = make_smooth_image(how->height, how->width, make_jpeg_channels(how->kind));
    uint8_t *bytes = make_jpeg(how, pixels, size);

    free(pixels);
    return bytes;
}
