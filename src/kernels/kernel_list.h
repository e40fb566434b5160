/* SPDX-License-Identifier: MIT
 *
 * The list of all kernels, the only one. The members of struct cd_kernels, the declarations of
 * their implementations, the rows of all tables and the names in CATDOG_KERNELS are made from it.
 *
 *   KERNEL(group, name, level, blas)
 *
 *   group   the name in CATDOG_KERNELS; kernels of a group are always taken from one table
 *   name    member of struct cd_kernels; its type is cd_NAME_fn, its reference cd_ref_NAME
 *   level   its implementation in the table of each level:
 *             VECTOR     simd/, written over vectors
 *             PLAIN      plain/, plain C that is compiled once more for the level
 *             IM2COL     im2col.h, with the level's own matrix product
 *   blas    its implementation in the table "blas": BLAS (blas.h), IM2COL, or REFERENCE */
#ifndef CD_KERNELS_KERNEL_LIST_H
#define CD_KERNELS_KERNEL_LIST_H

#define CD_KERNEL_LIST(KERNEL)                                         \
    KERNEL(gemm, gemm, VECTOR, BLAS)                                   \
    KERNEL(dense, dense_prepared, VECTOR, REFERENCE)                   \
    KERNEL(dense, dense_prepare, VECTOR, REFERENCE)                    \
    KERNEL(dense, dense_backward, VECTOR, BLAS)                        \
    KERNEL(conv, conv_scratch, IM2COL, IM2COL)                         \
    KERNEL(conv, conv_forward, IM2COL, IM2COL)                         \
    KERNEL(conv, conv_backward_data, IM2COL, IM2COL)                   \
    KERNEL(conv, conv_backward_kernel, IM2COL, IM2COL)                 \
    KERNEL(max_pool, max_pool_forward, VECTOR, REFERENCE)              \
    KERNEL(max_pool, max_pool_backward, VECTOR, REFERENCE)             \
    KERNEL(average_pool, average_pool_forward, PLAIN, REFERENCE)       \
    KERNEL(average_pool, average_pool_backward, PLAIN, REFERENCE)      \
    KERNEL(activation, activation_forward, PLAIN, REFERENCE)           \
    KERNEL(activation, activation_backward, PLAIN, REFERENCE)          \
    KERNEL(batch_norm, batch_norm_sums, PLAIN, REFERENCE)              \
    KERNEL(batch_norm, batch_norm_forward, PLAIN, REFERENCE)           \
    KERNEL(batch_norm, batch_norm_backward_sums, PLAIN, REFERENCE)     \
    KERNEL(batch_norm, batch_norm_backward, PLAIN, REFERENCE)          \
    KERNEL(add, add, PLAIN, REFERENCE)                                 \
    KERNEL(add, add_activated, PLAIN, REFERENCE)                       \
    KERNEL(dropout, dropout, PLAIN, REFERENCE)                         \
    KERNEL(adam, adam, VECTOR, REFERENCE)                              \
    KERNEL(sgd, sgd, VECTOR, REFERENCE)                                \
    KERNEL(resize, resize_rows, VECTOR, REFERENCE)                     \
    KERNEL(resize, resize_column, VECTOR, REFERENCE)

/* What measures the peak of a CPU, at each level: PEAK(name). The other tables have NULL. */
#define CD_PEAK_LIST(PEAK) \
    PEAK(multiply_adds)    \
    PEAK(read)

/* The convolution algorithms of each level: ALGORITHM(name) is the struct cd_conv_algorithm of that
 * name in simd/. Of two algorithms with equal costs the first is selected. */
#define CD_CONV_ALGORITHM_LIST(ALGORITHM) \
    ALGORITHM(direct)                     \
    ALGORITHM(winograd)                   \
    ALGORITHM(blocked)

#endif
