/* SPDX-License-Identifier: MIT
 *
 * The EXIF orientation, and copying stored rows to their places in the upright image. */
#ifndef CD_IMAGE_ORIENTATION_H
#define CD_IMAGE_ORIENTATION_H

#include <stddef.h>
#include <stdint.h>

/* The operations that turn a stored image upright. First the order of its rows and of its columns
 * is reversed or kept, then the image is transposed if `swaps` is 1. */
struct cd_orientation {
    int swaps;     /* 1 if rows become columns, so that height and width are swapped */
    int from_last; /* 1 if the stored row 0 becomes the last row or column */
    int backwards; /* 1 if the stored column 0 becomes the last column or row */
};

/* Returns the operations for an EXIF orientation, 1..8. */
struct cd_orientation cd_orientation_of(int orientation);

/* Returns the orientation, 1..8, that an EXIF block stores. Returns 1 (upright) if the block has
 * none or is damaged, and 0 if out of memory. exif: "Exif", two zero bytes, then TIFF data. */
int cd_orientation_read(const uint8_t *exif, size_t size);

/* Copies row y of a stored image of height x width RGB pixels to its place in the upright image.
 * pixels: the upright image, whose rows begin stride bytes apart. */
void cd_orientation_place_row(const struct cd_orientation *orientation, const uint8_t *row,
                              size_t y, size_t height, size_t width, uint8_t *pixels,
                              size_t stride);

#endif
