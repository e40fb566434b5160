/* SPDX-License-Identifier: MIT
 *
 * The vector types cd_vf (floats) and cd_vi (32-bit integers), with which the kernels in this
 * folder are written. Each .c file here is compiled once for each level, with the compiler flags of
 * that level. The predefined macros of the compiler tell which instructions are available:
 *
 *   avx512   16 lanes   AVX-512 F, BW, DQ, VL
 *   avx2      8 lanes   AVX2 and FMA
 *   baseline  4 lanes   what every CPU of the target has: SSE2 on x86-64, NEON on 64-bit ARM; on
 *                       other targets the compiler translates 4-lane vectors itself
 *
 * The operators + - * / work on vectors directly (the vector extension of gcc and clang); other
 * operations are defined below. Results may differ in the last bit between levels, because only
 * some levels have fused multiply-add. */
#ifndef CD_KERNELS_SIMD_VECTOR_H
#define CD_KERNELS_SIMD_VECTOR_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "kernels/level.h"

#if defined __AVX2__
#include <immintrin.h>
#elif defined __SSE2__
#include <emmintrin.h>
#elif defined __aarch64__
#include <arm_neon.h>
#endif

#if defined __AVX512F__
enum { CD_LANES = 16 };
#elif defined __AVX2__
enum { CD_LANES = 8 };
#else
enum { CD_LANES = 4 };
#endif

/* Number of vector registers. It determines the size of register tiles. */
#if defined __AVX512F__ || defined __aarch64__
#define CD_REGISTERS 32
#else
#define CD_REGISTERS 16
#endif

typedef float cd_vf __attribute__((vector_size(CD_LANES * 4), may_alias));
typedef int32_t cd_vi __attribute__((vector_size(CD_LANES * 4), may_alias));
/* cd_vf and cd_vi at addresses that are aligned to a float only. */
typedef float cd_vf_at __attribute__((vector_size(CD_LANES * 4), may_alias, aligned(4)));
typedef int32_t cd_vi_at __attribute__((vector_size(CD_LANES * 4), may_alias, aligned(4)));

#if defined __AVX512F__
typedef __mmask16 cd_vm; /* a mask: the result of a comparison */
#else
typedef cd_vi cd_vm;
#endif

/* Put this before every loop over an array of vectors that must stay in registers. gcc keeps such
 * an array in registers only if all loops over it are unrolled, including the loop that stores the
 * results. If one is not, gcc may store every intermediate sum on the stack. */
#if defined __clang__
#define CD_UNROLL _Pragma("clang loop unroll(full)")
#else
#define CD_UNROLL _Pragma("GCC unroll 16")
#endif

CD_INLINE cd_vf cd_vf_zero(void)
{
    return (cd_vf){0};
}

CD_INLINE cd_vf cd_vf_all(float value)
{
    return value - (cd_vf){0};
}

CD_INLINE cd_vi cd_vi_all(int32_t value)
{
    return value - (cd_vi){0};
}

CD_INLINE cd_vf cd_vf_load(const float *from)
{
    return *(const cd_vf_at *)from;
}

CD_INLINE void cd_vf_store(float *to, cd_vf value)
{
    *(cd_vf_at *)to = value;
}

/* Load and store the first n (0 .. CD_LANES) lanes. A load sets the other lanes to 0; a store does
 * not write them. memcpy() is avoided, because a function call would save all vector registers. */
#if defined __AVX2__ && !defined __AVX512F__
CD_INLINE __m256i cd_first_lanes(size_t n)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
#endif

CD_INLINE cd_vf cd_vf_load_n(const float *from, size_t n)
{
#if defined __AVX512F__
    return _mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), from);
#elif defined __AVX2__
    return _mm256_maskload_ps(from, cd_first_lanes(n));
#else
    return (cd_vf){n > 0 ? from[0] : 0.0f, n > 1 ? from[1] : 0.0f, n > 2 ? from[2] : 0.0f,
                   n > 3 ? from[3] : 0.0f};
#endif
}

CD_INLINE void cd_vf_store_n(float *to, cd_vf value, size_t n)
{
#if defined __AVX512F__
    _mm512_mask_storeu_ps(to, (__mmask16)((1u << n) - 1), value);
#elif defined __AVX2__
    _mm256_maskstore_ps(to, cd_first_lanes(n), value);
#else
    if (n > 0)
        to[0] = value[0];
    if (n > 1)
        to[1] = value[1];
    if (n > 2)
        to[2] = value[2];
    if (n > 3)
        to[3] = value[3];
#endif
}

/* Forces *value to be computed at this point. Otherwise gcc moves the computation into the branch
 * that uses it. The multiply-adds are then far from the loads of their operands, which spill to the
 * stack. */
CD_INLINE void cd_vf_settle(cd_vf *value)
{
#if defined __AVX512F__
    __asm__ volatile("" : "+v"(*value));
#elif defined __SSE2__
    __asm__ volatile("" : "+x"(*value));
#elif defined __aarch64__
    __asm__ volatile("" : "+w"(*value));
#else
    __asm__ volatile("" : "+m"(*value));
#endif
}

/* Returns a * b + c, rounded once if the level has fused multiply-add. */
CD_INLINE cd_vf cd_vf_fma(cd_vf a, cd_vf b, cd_vf c)
{
#if defined __AVX512F__
    return _mm512_fmadd_ps(a, b, c);
#elif defined __FMA__
    return _mm256_fmadd_ps(a, b, c);
#elif defined __aarch64__
    return vfmaq_f32(c, a, b);
#else
    return a * b + c;
#endif
}

CD_INLINE cd_vm cd_vf_greater(cd_vf a, cd_vf b)
{
#if defined __AVX512F__
    return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ);
#else
    return a > b;
#endif
}

CD_INLINE cd_vm cd_vf_is_nan(cd_vf a)
{
#if defined __AVX512F__
    return _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q);
#else
    return a != a;
#endif
}

CD_INLINE cd_vm cd_vi_equal(cd_vi a, cd_vi b)
{
#if defined __AVX512F__
    return _mm512_cmpeq_epi32_mask((__m512i)a, (__m512i)b);
#else
    return a == b;
#endif
}

/* Returns mask ? a : b in each lane. */
CD_INLINE cd_vf cd_vf_select(cd_vm mask, cd_vf a, cd_vf b)
{
#if defined __AVX512F__
    return _mm512_mask_blend_ps(mask, b, a);
#elif defined __AVX2__
    return _mm256_blendv_ps(b, a, (__m256)mask);
#elif defined __aarch64__
    return vbslq_f32((uint32x4_t)mask, a, b);
#else
    return (cd_vf)((mask & (cd_vi)a) | (~mask & (cd_vi)b));
#endif
}

CD_INLINE cd_vi cd_vi_select(cd_vm mask, cd_vi a, cd_vi b)
{
    return (cd_vi)cd_vf_select(mask, (cd_vf)a, (cd_vf)b);
}

/* Returns a < 0 ? 0 : a in each lane. NaN stays NaN. */
CD_INLINE cd_vf cd_vf_relu(cd_vf a)
{
#if defined __AVX512F__
    return _mm512_max_ps(_mm512_setzero_ps(), a);
#elif defined __AVX2__
    return _mm256_max_ps(_mm256_setzero_ps(), a);
#elif defined __SSE2__
    return _mm_max_ps(_mm_setzero_ps(), a);
#elif defined __aarch64__
    return vmaxq_f32(a, vdupq_n_f32(0.0f));
#else
    return cd_vf_select(a < cd_vf_zero(), cd_vf_zero(), a);
#endif
}

/* Returns the larger of a and b in each lane. Undefined for NaN. */
CD_INLINE cd_vf cd_vf_max(cd_vf a, cd_vf b)
{
#if defined __AVX512F__
    return _mm512_max_ps(a, b);
#elif defined __AVX2__
    return _mm256_max_ps(a, b);
#elif defined __SSE2__
    return _mm_max_ps(a, b);
#elif defined __aarch64__
    return vmaxq_f32(a, b);
#else
    return cd_vf_select(a > b, a, b);
#endif
}

CD_INLINE cd_vf cd_vf_sqrt(cd_vf a)
{
#if defined __AVX512F__
    return _mm512_sqrt_ps(a);
#elif defined __AVX2__
    return _mm256_sqrt_ps(a);
#elif defined __SSE2__
    return _mm_sqrt_ps(a);
#elif defined __aarch64__
    return vsqrtq_f32(a);
#else
    for (size_t i = 0; i < CD_LANES; i++)
        a[i] = sqrtf(a[i]);
    return a;
#endif
}

/* Load and store one byte (0 .. 255) for each lane. */
CD_INLINE cd_vi cd_vi_load_bytes(const uint8_t *from)
{
#if defined __AVX512F__
    return (cd_vi)_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)from));
#elif defined __AVX2__
    return (cd_vi)_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)from));
#elif defined __SSE2__
    const __m128i zero = _mm_setzero_si128();
    int32_t bytes;
    memcpy(&bytes, from, sizeof bytes);
    return (cd_vi)_mm_unpacklo_epi16(_mm_unpacklo_epi8(_mm_cvtsi32_si128(bytes), zero), zero);
#elif defined __aarch64__
    uint32_t bytes;
    memcpy(&bytes, from, sizeof bytes);
    const uint16x8_t wider = vmovl_u8(vcreate_u8(bytes));
    return (cd_vi)vmovl_u16(vget_low_u16(wider));
#else
    return (cd_vi){from[0], from[1], from[2], from[3]};
#endif
}

CD_INLINE void cd_vi_store_bytes(uint8_t *to, cd_vi value)
{
#if defined __AVX512F__
    _mm_storeu_si128((__m128i *)(void *)to, _mm512_cvtepi32_epi8((__m512i)value));
#elif defined __AVX2__
    const __m256i both = (__m256i)value;
    const __m128i words =
        _mm_packs_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
    _mm_storel_epi64((__m128i *)(void *)to, _mm_packus_epi16(words, words));
#elif defined __SSE2__
    const __m128i words = _mm_packs_epi32((__m128i)value, (__m128i)value);
    const int32_t bytes = _mm_cvtsi128_si32(_mm_packus_epi16(words, words));
    memcpy(to, &bytes, sizeof bytes);
#elif defined __aarch64__
    const uint16x4_t words = vmovn_u32((uint32x4_t)value);
    const uint8x8_t bytes = vmovn_u16(vcombine_u16(words, words));
    const uint32_t four = vget_lane_u32(vreinterpret_u32_u8(bytes), 0);
    memcpy(to, &four, sizeof four);
#else
    for (size_t i = 0; i < CD_LANES; i++)
        to[i] = (uint8_t)value[i];
#endif
}

/* Load and store one byte for each of the first n (0 .. CD_LANES) lanes. */
CD_INLINE cd_vi cd_vi_load_bytes_n(const uint8_t *from, size_t n)
{
#if defined __AVX512F__
    return (cd_vi)_mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8((__mmask16)((1u << n) - 1), from));
#else
    uint8_t bytes[CD_LANES] = {0};
    for (size_t i = 0; i < CD_LANES; i++)
        if (i < n)
            bytes[i] = from[i];
    return cd_vi_load_bytes(bytes);
#endif
}

CD_INLINE void cd_vi_store_bytes_n(uint8_t *to, cd_vi value, size_t n)
{
#if defined __AVX512F__
    _mm512_mask_cvtepi32_storeu_epi8(to, (__mmask16)((1u << n) - 1), (__m512i)value);
#else
    for (size_t i = 0; i < CD_LANES; i++)
        if (i < n)
            to[i] = (uint8_t)value[i];
#endif
}

/* Interleaves the lower halves, or the upper halves, of a and b: a0 b0 a1 b1 ... */
CD_INLINE cd_vf cd_vf_zip_low(cd_vf a, cd_vf b)
{
#if defined __AVX512F__
    const __m512i order =
        _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    return _mm512_permutex2var_ps(a, order, b);
#elif defined __AVX2__
    return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x20);
#elif defined __SSE2__
    return _mm_unpacklo_ps(a, b);
#elif defined __aarch64__
    return vzip1q_f32(a, b);
#else
    return (cd_vf){a[0], b[0], a[1], b[1]};
#endif
}

CD_INLINE cd_vf cd_vf_zip_high(cd_vf a, cd_vf b)
{
#if defined __AVX512F__
    const __m512i order =
        _mm512_setr_epi32(8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    return _mm512_permutex2var_ps(a, order, b);
#elif defined __AVX2__
    return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x31);
#elif defined __SSE2__
    return _mm_unpackhi_ps(a, b);
#elif defined __aarch64__
    return vzip2q_f32(a, b);
#else
    return (cd_vf){a[2], b[2], a[3], b[3]};
#endif
}

/* Transposes a square of CD_LANES x CD_LANES floats. Each round interleaves the vectors of the
 * first half with the vectors of the second half. After log2(CD_LANES) rounds the square is
 * transposed. */
CD_INLINE void cd_vf_transpose(cd_vf *square)
{
    cd_vf next[CD_LANES];

    for (size_t round = 1; round < CD_LANES; round *= 2) {
        for (size_t i = 0; i < CD_LANES / 2; i++) {
            next[2 * i] = cd_vf_zip_low(square[i], square[i + CD_LANES / 2]);
            next[2 * i + 1] = cd_vf_zip_high(square[i], square[i + CD_LANES / 2]);
        }
        for (size_t i = 0; i < CD_LANES; i++)
            square[i] = next[i];
    }
}

/* Stores the first `lanes` lanes, or the whole vector if `lanes` is at least CD_LANES. */
CD_INLINE void cd_vf_store_some(float *to, cd_vf value, size_t lanes)
{
    if (lanes >= CD_LANES)
        cd_vf_store(to, value);
    else
        cd_vf_store_n(to, value, lanes);
}

CD_INLINE void cd_vi_store_bytes_some(uint8_t *to, cd_vi value, size_t lanes)
{
    if (lanes >= CD_LANES)
        cd_vi_store_bytes(to, value);
    else
        cd_vi_store_bytes_n(to, value, lanes);
}

/* Prefetch the cache line at an address, for reading or for changing it. Any address is allowed. */
CD_INLINE void cd_prefetch(const void *at)
{
    __builtin_prefetch(at, 0, 3);
}

CD_INLINE void cd_prefetch_change(const void *at)
{
    __builtin_prefetch(at, 1, 3);
}

/* Prefetches the cache line into the second-level cache only, for data that is needed about 1,000
 * cycles later. */
CD_INLINE void cd_prefetch_far(const void *at)
{
    __builtin_prefetch(at, 0, 2);
}

#endif
