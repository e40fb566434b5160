/* SPDX-License-Identifier: MIT
 *
 * JPEG files for tests, made in memory. */
#ifndef TESTS_SUPPORT_MAKE_JPEG_H
#define TESTS_SUPPORT_MAKE_JPEG_H

#include <stddef.h>
#include <stdint.h>

enum make_jpeg_kind {
    MAKE_YCBCR, /* YCbCr, made from RGB pixels */
    MAKE_RGB,   /* RGB pixels, stored without conversion */
    MAKE_GREY,  /* grey, one byte a pixel */
    MAKE_CMYK,  /* four bytes a pixel, stored without conversion */
    MAKE_YCCK,  /* YCCK, made from four bytes of CMYK a pixel */
    MAKE_TWO    /* two bytes a pixel, in an unknown colour space */
};

struct make_jpeg {
    size_t height, width;
    enum make_jpeg_kind kind;
    int quality;         /* 1..100; 0 = 100 */
    int horizontal;      /* subsampling of chroma: 0 = 1 */
    int vertical;
    int restart_rows;    /* rows of blocks between two restart markers; 0 = no markers */
    int progressive;
    int arithmetic;      /* 1: arithmetic coding instead of Huffman codes */
    int scans;           /* scans of a progressive grey JPEG, 1..694; 0 = the usual number */
    int without_adobe;   /* CMYK, YCCK: no Adobe marker */
    const uint8_t *app1; /* an extra APP1 marker before the EXIF block */
    size_t app1_size;
    int orientation;     /* 0 = no EXIF block; else its value, which may be invalid */
    int big_endian;      /* 1: the EXIF block is big-endian */
};

/* Makes a JPEG. pixels: as kind says, rows without gaps. Returns *size bytes (free). Any failure
 * ends the test program. */
uint8_t *make_jpeg(const struct make_jpeg *how, const uint8_t *pixels, size_t *size);

/* The number of channels of the pixels for a kind. */
size_t make_jpeg_channels(enum make_jpeg_kind kind);

/* A smooth image without symmetry, height x width x channels (free). */
uint8_t *make_smooth_image(size_t height, size_t width, size_t channels);

/* A JPEG of the image that smooth_image makes (free). */
uint8_t *make_jpeg_smooth(const struct make_jpeg *how, size_t *size);

#endif
