/* SPDX-License-Identifier: MIT
 *
 * Files in plain/ and simd/ are compiled once for each level of the target's instructions
 * (simd/vector.h lists them), those in plain/ also as "ref", the plain C kernels. CD_LEVEL says
 * which it is. */
#ifndef CD_KERNELS_LEVEL_H
#define CD_KERNELS_LEVEL_H

#define CD_PASTE3(a, b, c) a##b##c
#define CD_PASTE(a, b, c) CD_PASTE3(a, b, c)
/* The name of this level's copy of a function: CD_LEVEL_NAME(gemm) is cd_avx2_gemm. */
#define CD_LEVEL_NAME(name) CD_PASTE(cd_, CD_LEVEL, _##name)

#define CD_INLINE static inline __attribute__((always_inline, unused))

/* Before a loop whose output may be one of its inputs, element for element: no element depends on
 * another, so the compiler may vectorise without asking whether the arrays overlap. */
#if defined(__clang__)
#define CD_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define CD_INDEPENDENT _Pragma("GCC ivdep")
#else
#define CD_INDEPENDENT
#endif

#endif
