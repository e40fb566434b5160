/* SPDX-License-Identifier: MIT
 *
 * Turning a photo upright: the EXIF orientation, 1..8, and where each stored row goes. */
#ifndef CD_IMAGE_ORIENTATION_H
#define CD_IMAGE_ORIENTATION_H

#include <stddef.h>
#include <stdint.h>

/* What an orientation does to a stored picture: it is mirrored, then, if it swaps, stored rows
 * become columns. */
struct cd_orientation {
    int swaps;     /* height and width change places */
    int from_last; /* stored row 0 lies at the bottom or on the right */
    int backwards; /* stored column 0 lies on the right or at the bottom */
};

struct cd_orientation cd_orientation_of(int orientation);

/* The orientation that an EXIF block ("Exif", two zeros, TIFF) tells; 1 (upright) if it tells none
 * or is damaged; 0 if there is no memory to read it. */
int cd_orientation_read(const uint8_t *exif, size_t size);

/* Puts row y of a stored picture of height x width RGB pixels where it belongs in the upright one
 * (pixels: rows stride bytes apart). */
void cd_orientation_place_row(const struct cd_orientation *orientation, const uint8_t *row,
                              size_t y, size_t height, size_t width, uint8_t *pixels,
                              size_t stride);

#endif
