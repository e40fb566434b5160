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
    int restart_rows;    /* restart markers each so many rows of blocks */
    int progressive;
    int arithmetic;      /* instead of Huffman codes */
    int scans;           /* progressive grey: that many, at most 694; 0 = the usual */
    int without_adobe;   /* CMYK, YCCK: no Adobe marker */
    const uint8_t *app1; /* an APP1 marker of one's own, before the EXIF block */
    size_t app1_size;
    int orientation;     /* 0 = no EXIF block; else its value, also ones that are not valid */
    int big_endian;      /* of the EXIF block */
};

/* pixels: as kind says, rows without gaps. Returns *size bytes to be freed with free(); ends the
 * test program if it cannot. */
uint8_t *make_jpeg(const struct make_jpeg *how, const uint8_t *pixels, size_t *size);

/* Channels of the pixels that a kind takes. */
size_t make_jpeg_channels(enum make_jpeg_kind kind);

/* A smooth picture without symmetry, height x width x channels; to be freed with free(). */
uint8_t *make_picture(size_t height, size_t width, size_t channels);

/* A JPEG of such a picture. */
uint8_t *make_jpeg_picture(const struct make_jpeg *how, size_t *size);

#endif
