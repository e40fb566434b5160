/* SPDX-License-Identifier: MIT
 *
 * Encodes JPEG files for tests in memory. */
#ifndef TESTS_SUPPORT_MAKE_JPEG_H
#define TESTS_SUPPORT_MAKE_JPEG_H

#include <stddef.h>
#include <stdint.h>

enum make_jpeg_kind {
    MAKE_YCBCR, /* YCbCr, converted from RGB pixels */
    MAKE_RGB,   /* RGB pixels, stored without conversion */
    MAKE_GREY,  /* greyscale, one byte a pixel */
    MAKE_CMYK,  /* four bytes a pixel, stored without conversion */
    MAKE_YCCK,  /* YCCK, converted from CMYK pixels of four bytes */
    MAKE_TWO    /* two bytes a pixel, in an unknown colour space */
};

struct make_jpeg {
    size_t height, width;
    enum make_jpeg_kind kind;
    int quality;         /* 1..100; 0 = 100 */
    int horizontal;      /* horizontal chroma subsampling factor; 0 = 1 */
    int vertical;        /* vertical chroma subsampling factor; 0 = 1 */
    int restart_rows;    /* rows of MCUs between two restart markers; 0 = no markers */
    int progressive;     /* 1: progressive instead of sequential */
    int arithmetic;      /* 1: arithmetic coding instead of Huffman codes */
    int scans;           /* scans of a progressive grey JPEG, 1..694; 0 = libjpeg's default */
    int without_adobe;   /* 1: omit the Adobe marker of CMYK and YCCK */
    const uint8_t *app1; /* content of an APP1 marker before the EXIF block, or NULL */
    size_t app1_size;
    int orientation;     /* EXIF orientation, may be invalid; 0 = no EXIF block */
    int big_endian;      /* 1: the EXIF block is big-endian */
};

/* Encodes pixels (height x width x channels of the kind) as a JPEG. Returns *size bytes; free them
 * with free(). Any failure ends the test program. */
uint8_t *make_jpeg(const struct make_jpeg *how, const uint8_t *pixels, size_t *size);

/* Returns the number of channels of the pixels that make_jpeg expects for this kind. */
size_t make_jpeg_channels(enum make_jpeg_kind kind);

/* Returns a smooth image without symmetry, height x width x channels. Free it with free(). */
uint8_t *make_smooth_image(size_t height, size_t width, size_t channels);

/* Encodes the image of make_smooth_image as a JPEG. Returns *size bytes; free them with free(). */
uint8_t *make_jpeg_smooth(const struct make_jpeg *how, size_t *size);

#endif
