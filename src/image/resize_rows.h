/* SPDX-License-Identifier: MIT
 *
 * The arithmetic of the resize: sums of bytes times weights, rounded to bytes. It is all whole numbers,
 * so every level gives the same pixels; the plain one is the definition. */
#ifndef CD_IMAGE_RESIZE_ROWS_H
#define CD_IMAGE_RESIZE_ROWS_H

#include "image/resize_axis.h"

/* One row across: axis->n RGB pixels at in become axis->m at out, by the weights or halves
 * (row_repeat) of axis. Reads nothing outside of the row. in and out do not overlap. */
typedef void (*cd_resize_row_fn)(const struct cd_resize_axis *axis, const uint8_t *in, uint8_t *out);

/* One row down: the weighted sum of rows of length bytes each becomes length bytes at out. rows:
 * those of target sample i of axis, in order; behind them valid pointers up to the next multiple of
 * CD_RESIZE_GROUP. No overlap. */
typedef void (*cd_resize_column_fn)(const struct cd_resize_axis *axis, size_t i,
                                    const uint8_t *const *rows, size_t length, uint8_t *out);

struct cd_resize_level {
    const char *name;
    cd_resize_row_fn row;
    cd_resize_column_fn column;
    size_t row_repeat, column_repeat; /* of the halves that each wants; 0 = none */
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
