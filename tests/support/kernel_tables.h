/* SPDX-License-Identifier: MIT
 *
 * The kernel tables that this CPU can run, numbered from 0, for loops of tests. */
#ifndef TESTS_SUPPORT_KERNEL_TABLES_H
#define TESTS_SUPPORT_KERNEL_TABLES_H

#include "kernels/kernels.h"

int kernel_table_count(void);
const struct cd_kernels *kernel_table(int i);

#endif
