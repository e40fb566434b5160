/* SPDX-License-Identifier: MIT
 *
 * Files in plain/ and simd/ are compiled once for each level of the target's instructions
 * (simd/vector.h lists the levels). Files in plain/ are also compiled as "ref", the reference
 * kernels. CD_LEVEL is the level of the compilation. */
#ifndef CD_KERNELS_LEVEL_H
#define CD_KERNELS_LEVEL_H

#define CD_PASTE3(a, b, c) a##b##c
#define CD_PASTE(a, b, c) CD_PASTE3(a, b, c)
/* The name of this level's copy of a function: at level avx2, CD_LEVEL_NAME(gemm) is
 * cd_avx2_gemm. */
#define CD_LEVEL_NAME(name) CD_PASTE(cd_, CD_LEVEL, _##name)

#define CD_INLINE static inline __attribute__((always_inline, unused))

/* Stands before a loop whose output array may be one of its input arrays. No iteration depends on
 * another, so the compiler may vectorise without a check for overlap. */
#if defined(__clang__)
#define CD_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define CD_INDEPENDENT _Pragma("GCC ivdep")
#else
#define CD_INDEPENDENT
#endif

#endif
