/* SPDX-License-Identifier: MIT
 *
 * Enumerates the kernel tables that this CPU can run, so that a test can loop over them. */
#ifndef TESTS_SUPPORT_KERNEL_TABLES_H
#define TESTS_SUPPORT_KERNEL_TABLES_H

#include "kernels/kernels.h"

int kernel_table_count(void);
/* i: 0 to kernel_table_count() - 1. */
const struct cd_kernels *kernel_table(int i);

#endif
