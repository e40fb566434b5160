/* SPDX-License-Identifier: MIT
 *
 * Parts of the reference resize, for the borders that vector code leaves to plain C. */
#ifndef CD_KERNELS_REF_RESIZE_H
#define CD_KERNELS_REF_RESIZE_H

#include "kernels/resize_axis.h"

/* Computes target pixel x of one row, as the kernel resize_rows does. out: three bytes. */
void cd_ref_resize_pixel(const struct cd_resize_axis *axis, const uint8_t *in, size_t x,
                         uint8_t *out);

#endif
