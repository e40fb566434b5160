/* SPDX-License-Identifier: MIT
 *
 * JPEG files for tests, made in memory. */
#ifndef TESTS_SUPPORT_MAKE_JPEG_H
#define TESTS_SUPPORT_MAKE_JPEG_H

#include <stddef.h>
#include <stdint.h>

enum make_jpeg_kind {
    MAKE_YCBCR, /* from RGB pixels */
    MAKE_RGB,   /* from RGB pixels, stored as they are */
    MAKE_GREY,  /* from one byte a pixel */
    MAKE_CMYK,  /* from four bytes a pixel, stored as they are */
    MAKE_YCCK,  /* from four bytes a pixel */
    MAKE_TWO    /* from two bytes a pixel, colour space unknown */
};

struct make_jpeg {
    size_t height, width;
    enum make_jpeg_kind kind;
    int quality;         /* 0 = 100 */
    int horizontal;      /* subsampling of chroma: 0 = 1 */
    int vertical;
    int restart_rows;    /* rows of blocks between two restart markers; 0 = no markers */
    int progressive;
    int arithmetic;      /* instead of Huffman codes */
    int scans;           /* of a progressive grey JPEG, at most 694; 0 = the usual number */
    int without_adobe;   /* CMYK, YCCK: no Adobe marker */
    const uint8_t *app1; /* an extra APP1 marker before the EXIF block */
    size_t app1_size;
    int orientation;     /* 0 = no EXIF block; else its value, which may be invalid */
    int big_endian;      /* of the EXIF block */
};

/* Makes a JPEG. pixels: as kind says, rows without gaps. Returns *size bytes (free). Any failure
 * ends the test program. */
uint8_t *make_jpeg(const struct make_jpeg *how, const uint8_t *pixels, size_t *size);

/* The number of channels of the pixels for a kind. */
size_t make_jpeg_channels(enum make_jpeg_kind kind);

/* A smooth image without symmetry, height x width x channels (free). */
uint8_t *make_smooth_image(size_t height, size_t width, size_t channels);

/* A JPEG of such an image (free). */
uint8_t *make_jpeg_smooth(const struct make_jpeg *how, size_t *size);

#endif
