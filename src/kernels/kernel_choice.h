/* SPDX-License-Identifier: MIT
 *
 * The kernels of a context, as a program or its user names them (cnn_context_options_t.kernels,
 * CATDOG_KERNELS):
 *
 *   TABLE                    a whole table
 *   TABLE,NAME=TABLE2,...    that table, with the kernels NAME taken from TABLE2
 *
 * The first TABLE may be omitted; the best one is then used. NAME is a group of kernels ("gemm",
 * "adam", ...), a convolution algorithm ("winograd", ...), or "algorithms" for all of these. For an
 * algorithm, TABLE2 may be "off". Of two entries for one NAME the later one counts. */
#ifndef CD_KERNELS_KERNEL_CHOICE_H
#define CD_KERNELS_KERNEL_CHOICE_H

#include "kernels/kernels.h"

/* Finds or builds the table that text describes; NULL: the best table. *memory is what the caller
 * frees with cd_free when the kernels are no longer used; it is NULL for a table of the build. The
 * new table's name is text. Errors: ARGUMENT (the message quotes the faulty entry), MEMORY. */
cnn_status_t cd_kernel_choice(cnn_context_t *context, const char *text,
                              const struct cd_kernels **kernels, void **memory);

#endif
