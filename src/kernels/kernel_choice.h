/* SPDX-License-Identifier: MIT
 *
 * Selects the kernels of a context by a text (cnn_context_options_t.kernels or CATDOG_KERNELS):
 *
 *   TABLE                    the whole table
 *   TABLE,NAME=TABLE2,...    TABLE, except that the kernels called NAME are from TABLE2
 *
 * If the text begins with NAME=, the first table is the best one. NAME is a group of kernels
 * ("gemm", "adam", ...), a convolution algorithm ("winograd", ...), or "algorithms" for all
 * convolution algorithms. For algorithms, TABLE2 may be "off". If a NAME occurs twice, the later
 * entry applies. */
#ifndef CD_KERNELS_KERNEL_CHOICE_H
#define CD_KERNELS_KERNEL_CHOICE_H

#include "kernels/kernels.h"

/* Finds or builds the table that `text` describes, or finds the best table if `text` is NULL. The
 * caller frees *memory with cd_free() after the last use of the kernels; *memory is NULL if no
 * table was built. A table that was built has `text` as its name. Errors: ARGUMENT (the message
 * quotes the invalid entry), MEMORY. */
cnn_status_t cd_kernel_choice(cnn_context_t *context, const char *text,
                              const struct cd_kernels **kernels, void **memory);

#endif
