/* SPDX-License-Identifier: MIT
 *
 * The arithmetic of the resize: sums of bytes times weights, rounded to bytes. It is all whole
 * numbers, so every level gives the same pixels; the plain one is the definition. */
#ifndef CD_IMAGE_RESIZE_ROWS_H
#define CD_IMAGE_RESIZE_ROWS_H

#include "image/resize_axis.h"

/* Rows across, n of them: axis->n RGB pixels at in[y] become axis->m at out[y], by the weights or
 * halves of axis. Reads and writes nothing outside of the rows. No in overlaps an out. */
typedef void (*cd_resize_rows_fn)(const struct cd_resize_axis *axis, const uint8_t *const *in,
                                  size_t n, uint8_t *const *out);

/* One row down: the weighted sum of rows of length bytes each becomes length bytes at out. rows:
 * those of target sample i of axis, in order; behind them valid pointers up to the next multiple of
 * CD_RESIZE_GROUP. No overlap. */
typedef void (*cd_resize_column_fn)(const struct cd_resize_axis *axis, size_t i,
                                    const uint8_t *const *rows, size_t length, uint8_t *out);

struct cd_resize_level {
    const char *name;
    cd_resize_rows_fn rows;
    cd_resize_column_fn column;
    int halves; /* whether these want them */
};

extern const struct cd_resize_level cd_resize_plain;

/* NULL if this CPU, or the build, has none. */
const struct cd_resize_level *cd_resize_avx2(void);

/* The fastest that runs here. */
const struct cd_resize_level *cd_resize_level(void);

/* One target pixel across, by the weights of axis. */
void cd_resize_pixel(const struct cd_resize_axis *axis, const uint8_t *in, size_t x, uint8_t *out);

/* Bytes from..to-1 of one row down. */
void cd_resize_bytes(const struct cd_resize_axis *axis, size_t i, const uint8_t *const *rows,
                     size_t from, size_t to, uint8_t *out);

#endif
