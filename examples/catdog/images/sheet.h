/* SPDX-License-Identifier: MIT
 *
 * A sheet is an image that shows many images of the same size in rows and columns. */
#ifndef CATDOG_SHEET_H
#define CATDOG_SHEET_H

#include <catdog/catdog.h>

struct sheet {
    size_t columns;
    size_t cell_height, cell_width; /* size of a cell, pixels */
    size_t height, width;           /* size of the sheet, pixels */
    size_t stride;                  /* bytes from row to row */
    uint8_t *rgb;
};

/* Creates a black sheet of n cells. columns: the number of columns, or 0 for about as many columns
 * as rows. Returns EXIT_SUCCESS, or EXIT_FAILURE after a message. */
int sheet_open(struct sheet *sheet, size_t n, size_t columns, size_t cell_height,
               size_t cell_width);
void sheet_close(struct sheet *sheet);

/* Returns the upper left pixel of a cell. */
uint8_t *sheet_cell(const struct sheet *sheet, size_t index);

/* Draws pixel (y, x) of the image in cell `index`, enlarged to zoom x zoom pixels. */
void sheet_fill(const struct sheet *sheet, size_t index, size_t zoom, size_t y, size_t x,
                const uint8_t rgb[3]);

/* Writes the sheet as a JPEG file. Returns the exit status. */
int sheet_save(const struct sheet *sheet, cnn_context_t *context, const char *path);

#endif
