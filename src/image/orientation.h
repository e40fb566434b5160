/* SPDX-License-Identifier: MIT
 *
 * The EXIF orientation, 1..8, and where each stored row lies in the upright image. */
#ifndef CD_IMAGE_ORIENTATION_H
#define CD_IMAGE_ORIENTATION_H

#include <stddef.h>
#include <stdint.h>

/* How a stored image becomes upright: it is mirrored in up to two directions, then, if it swaps,
 * its rows become columns. */
struct cd_orientation {
    int swaps;     /* height and width change places */
    int from_last; /* stored row 0 lies at the bottom or on the right */
    int backwards; /* stored column 0 lies on the right or at the bottom */
};

/* Describes an orientation, 1..8. */
struct cd_orientation cd_orientation_of(int orientation);

/* The orientation in an EXIF block ("Exif", two zeros, TIFF); 1 (upright) if the block has none or
 * is damaged; 0 without memory. */
int cd_orientation_read(const uint8_t *exif, size_t size);

/* Copies row y of a stored image of height x width RGB pixels to its place in the upright image.
 * pixels: the upright image, rows stride bytes apart. */
void cd_orientation_place_row(const struct cd_orientation *orientation, const uint8_t *row,
                              size_t y, size_t height, size_t width, uint8_t *pixels,
                              size_t stride);

#endif
