/* SPDX-License-Identifier: MIT
 *
 * A part of the reference resize that vector code calls at the ends of rows. */
#ifndef CD_KERNELS_REF_RESIZE_H
#define CD_KERNELS_REF_RESIZE_H

#include "kernels/resize_axis.h"

/* Computes target pixel x of one row as the kernel resize_rows specifies. out has three bytes. */
void cd_ref_resize_pixel(const struct cd_resize_axis *axis, const uint8_t *in, size_t x,
                         uint8_t *out);

#endif
