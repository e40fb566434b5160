/* SPDX-License-Identifier: MIT
 *
 * The resize with AVX2. A weight has 22 bits and the fastest multiplication, pmaddwd, takes pairs of
 * 16: so each weight comes in two halves (resize_axis.h), their sums are kept apart and put together
 * at the end. That is exact: all sums are taken modulo 2^32, and the whole one fits. */
#include "image/resize_rows.h"

#if defined __x86_64__ || defined __i386__

#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))

enum { PIXELS = CD_RESIZE_GROUP, LANE = 16, VECTOR = 32 };

AVX2 static __m256i load(const int16_t *halves)
{
    return _mm256_loadu_si256((const __m256i *)halves);
}

/* high * 2^LOW_BITS + low, as bytes in the low 8 bits of each of the lanes. */
AVX2 static __m256i whole(__m256i high, __m256i low)
{
    return _mm256_add_epi32(_mm256_slli_epi32(high, CD_RESIZE_LOW_BITS), low);
}

/* Four pixels of a row, in each half of the vector two: r0 r1 g0 g1 b0 b1 0 0 in 16 bits each. */
AVX2 static __m256i four_pixels(const uint8_t *in)
{
    const __m256i order = _mm256_setr_epi8(
        0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1, /* */
        6, -1, 9, -1, 7, -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
    const __m128i bytes = _mm_loadu_si128((const __m128i *)in);

    return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), order);
}

/* The target pixel's three bytes and a fourth without meaning. */
AVX2 static int pixel(const uint8_t *in, const int16_t *halves, size_t groups)
{
    __m256i high = _mm256_setzero_si256(), low = _mm256_setzero_si256();

    for (; groups > 0; groups--, in += 3 * PIXELS, halves += VECTOR) {
        const __m256i pixels = four_pixels(in);
        high = _mm256_add_epi32(high, _mm256_madd_epi16(pixels, load(halves)));
        low = _mm256_add_epi32(low, _mm256_madd_epi16(pixels, load(halves + VECTOR / 2)));
    }
    const __m256i both = whole(high, low);
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
    sum = _mm_add_epi32(sum, _mm_set1_epi32(CD_RESIZE_HALF));
    sum = _mm_srai_epi32(sum, CD_RESIZE_FRACTION_BITS);
    sum = _mm_packus_epi32(sum, sum);
    return _mm_cvtsi128_si32(_mm_packus_epi16(sum, sum));
}

/* A group is read as 16 bytes, of which 12 count: near the row's end the plain way reads no more than
 * there is. Four bytes are written where a further pixel follows, three for the last. */
AVX2 static void row(const struct cd_resize_axis *axis, const uint8_t *in, uint8_t *out)
{
    for (size_t x = 0; x < axis->m; x++, out += 3) {
        const size_t first = axis->spans[x].first;
        const size_t groups = (axis->spans[x].count + PIXELS - 1) / PIXELS;
        if (3 * (first + groups * PIXELS) + LANE - 3 * PIXELS > 3 * axis->n) {
            cd_resize_pixel(axis, in, x, out);
            continue;
        }
        const int bytes = pixel(in + 3 * first, axis->halves + x * axis->halves_size, groups);
        memcpy(out, &bytes, x + 1 < axis->m ? 4 : 3);
    }
}

AVX2 static __m256i pair(const int16_t *halves)
{
    int both;
    memcpy(&both, halves, sizeof both);
    return _mm256_set1_epi32(both);
}

struct sums {
    __m256i high, low;
};

/* bytes: eight of one row and eight of the next, alternating; halves: their weights. */
AVX2 static inline void add(struct sums *sums, __m128i bytes, const int16_t *halves)
{
    const __m256i words = _mm256_cvtepu8_epi16(bytes);

    sums->high = _mm256_add_epi32(sums->high, _mm256_madd_epi16(words, pair(halves)));
    sums->low =
        _mm256_add_epi32(sums->low, _mm256_madd_epi16(words, pair(halves + CD_RESIZE_GROUP)));
}

AVX2 static inline __m256i rounded(const struct sums *sums)
{
    const __m256i sum = _mm256_add_epi32(whole(sums->high, sums->low),
                                         _mm256_set1_epi32(CD_RESIZE_HALF));
    return _mm256_srai_epi32(sum, CD_RESIZE_FRACTION_BITS);
}

/* 16 bytes of every row from byte j. */
AVX2 static void sixteen(const uint8_t *const *rows, size_t j, const int16_t *halves, size_t count,
                         uint8_t *out)
{
    struct sums left = {_mm256_setzero_si256(), _mm256_setzero_si256()}, right = left;

    for (size_t k = 0; k < count; k += 2) {
        const __m128i a = _mm_loadu_si128((const __m128i *)(rows[k] + j));
        const __m128i b = _mm_loadu_si128((const __m128i *)(rows[k + 1] + j));
        add(&left, _mm_unpacklo_epi8(a, b), halves);
        add(&right, _mm_unpackhi_epi8(a, b), halves);
        halves += k % CD_RESIZE_GROUP == 0 ? 2 : 2 * CD_RESIZE_GROUP - 2;
    }
    const __m256i words = _mm256_packus_epi32(rounded(&left), rounded(&right));
    const __m256i ordered = _mm256_permute4x64_epi64(words, 0xd8); /* packing works within halves */
    _mm_storeu_si128((__m128i *)(out + j), _mm_packus_epi16(_mm256_castsi256_si128(ordered),
                                                            _mm256_extracti128_si256(ordered, 1)));
}

/* The last 16 bytes overlap those before, if there are 16 at all. */
AVX2 static void column(const struct cd_resize_axis *axis, size_t i, const uint8_t *const *rows,
                        size_t length, uint8_t *out)
{
    const int16_t *halves = axis->halves + i * axis->halves_size;
    const size_t count = axis->spans[i].count;
    size_t j = 0;

    if (length < LANE) {
        cd_resize_bytes(axis, i, rows, 0, length, out);
        return;
    }
    for (; j + LANE <= length; j += LANE)
        sixteen(rows, j, halves, count, out);
    if (j < length)
        sixteen(rows, length - LANE, halves, count, out);
}

static const struct cd_resize_level level = {
    .name = "avx2", .row = row, .column = column, .row_repeat = 4, .column_repeat = 1};

const struct cd_resize_level *cd_resize_avx2(void)
{
    return __builtin_cpu_supports("avx2") ? &level : NULL;
}

#else

const struct cd_resize_level *cd_resize_avx2(void)
{
    return NULL;
}

#endif
