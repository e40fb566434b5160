/* SPDX-License-Identifier: MIT
 *
 * The reference kernels, in plain C. They define the result of each kernel, and every CPU can run
 * them. Contracts: kernels.h. */
#ifndef CD_KERNELS_REFERENCE_H
#define CD_KERNELS_REFERENCE_H

#include "kernels/kernels.h"

#define CD_REFERENCE_DECLARE(group, name, level, blas) cd_##name##_fn cd_ref_##name;
CD_KERNEL_LIST(CD_REFERENCE_DECLARE)
#undef CD_REFERENCE_DECLARE

/* Does nothing: enter and leave of a table that changes no process-wide setting. */
void cd_ref_nothing(void);

/* The empty list, for tables without convolution algorithms. */
extern const struct cd_conv_algorithm *const cd_ref_no_algorithms[];

extern const struct cd_kernels cd_ref_kernels;

#endif
