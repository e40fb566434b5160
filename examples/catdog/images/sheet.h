/* SPDX-License-Identifier: MIT
 *
 * A sheet of small pictures, all of one size, nearly as many rows as columns. */
#ifndef CATDOG_TILES_H
#define CATDOG_TILES_H

#include <catdog/catdog.h>

struct tiles {
    size_t n, columns;
    size_t height, width; /* of each picture, in its own pixels */
    size_t zoom;          /* each of them is so many of the sheet's in both directions */
    size_t sheet_height, sheet_width;
    uint8_t *rgb; /* of the sheet */
};

/* least: the longer side of a picture has at least so many of the sheet's pixels. Returns
 * EXIT_SUCCESS, or EXIT_FAILURE after telling why. */
int tiles_open(struct tiles *tiles, size_t n, size_t height, size_t width, size_t least);
void tiles_close(struct tiles *tiles);

/* Colours one pixel of a picture. */
void tiles_set(const struct tiles *tiles, size_t index, size_t y, size_t x, const uint8_t rgb[3]);

/* Returns EXIT_SUCCESS, or EXIT_FAILURE after telling why. */
int tiles_save(const struct tiles *tiles, cnn_context_t *context, const char *path);

#endif
