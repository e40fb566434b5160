/* SPDX-License-Identifier: MIT
 *
 * The kernels of a context, as a program or its user says them (cnn_context_options_t.kernels):
 *
 *   TABLE                  a whole table
 *   TABLE,NAME=FROM,...    that table, but kernel NAME as FROM has it
 *
 * TABLE may be left out: the best. NAME is a group of functions that belong together ("gemm",
 * "adam", ...), an algorithm of convolution layers ("winograd", ...), or "algorithms" for all of
 * those; an algorithm's FROM may be "off". Of two entries for one NAME the later counts. */
#ifndef CD_KERNELS_KERNEL_CHOICE_H
#define CD_KERNELS_KERNEL_CHOICE_H

#include "kernels/kernels.h"

/* text: NULL = the best table. *memory: what to cd_free when the kernels are no longer used; NULL
 * for a table as it is. The kernels' name is text, or the table's. Errors, without a word in the
 * log: ARGUMENT (the message quotes the part at fault), MEMORY. */
cnn_status_t cd_kernel_choice(cnn_context_t *context, const char *text,
                              const struct cd_kernels **kernels, void **memory);

#endif
