/* SPDX-License-Identifier: MIT
 *
 * A sheet: one image that shows many images of the same size in rows and columns. */
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

/* Makes a black sheet of n cells. columns: 0 for about as many as rows. Returns EXIT_SUCCESS, or
 * EXIT_FAILURE after a message. */
int sheet_open(struct sheet *sheet, size_t n, size_t columns, size_t cell_height,
               size_t cell_width);
void sheet_close(struct sheet *sheet);

/* Returns the upper left pixel of a cell. */
uint8_t *sheet_cell(const struct sheet *sheet, size_t index);

/* Fills a square of `zoom` x `zoom` pixels: the pixel (y, x) of an enlarged image in a cell. */
void sheet_fill(const struct sheet *sheet, size_t index, size_t zoom, size_t y, size_t x,
                const uint8_t rgb[3]);

/* Writes a JPEG. Returns the exit status. */
int sheet_save(const struct sheet *sheet, cnn_context_t *context, const char *path);

#endif
