/* SPDX-License-Identifier: MIT
 *
 * Files in plain/ and simd/ are compiled several times, once for each level. A level is an
 * instruction set of the target CPU (simd/vector.h lists them). Files in plain/ are also compiled
 * as level "ref", the reference kernels. The macro CD_LEVEL is the name of the level. */
#ifndef CD_KERNELS_LEVEL_H
#define CD_KERNELS_LEVEL_H

#define CD_PASTE3(a, b, c) a##b##c
#define CD_PASTE(a, b, c) CD_PASTE3(a, b, c)
/* Returns the name of a function at this level: at level avx2, CD_LEVEL_NAME(gemm) is
 * cd_avx2_gemm. */
#define CD_LEVEL_NAME(name) CD_PASTE(cd_, CD_LEVEL, _##name)

#define CD_INLINE static inline __attribute__((always_inline, unused))

/* Put this before a loop whose output array may also be an input array. It tells the compiler that
 * no iteration depends on another, so that it vectorises the loop without checking for overlap. */
#if defined(__clang__)
#define CD_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define CD_INDEPENDENT _Pragma("GCC ivdep")
#else
#define CD_INDEPENDENT
#endif

#endif
