/* SPDX-License-Identifier: MIT
 *
 * Turning a photo upright: the EXIF orientation, 1..8, and where each stored row goes. */
#ifndef CD_IMAGE_ORIENTATION_H
#define CD_IMAGE_ORIENTATION_H

#include <stddef.h>
#include <stdint.h>

/* The orientation that an EXIF block ("Exif", two zeros, TIFF) tells; 1 (upright) if it tells none
 * or is damaged; 0 if there is no memory to read it. */
int cd_orientation_read(const uint8_t *exif, size_t size);

/* 1 if height and width change places. */
int cd_orientation_swaps(int orientation);

/* Puts row y of a stored picture of height x width RGB pixels where it belongs in the upright one
 * (pixels: rows without gaps). */
void cd_orientation_place_row(int orientation, const uint8_t *row, size_t y, size_t height,
                              size_t width, uint8_t *pixels);

#endif
