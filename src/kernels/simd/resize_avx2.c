/* SPDX-License-Identifier: MIT
 *
 * The resize for levels with AVX2; other levels call the reference.
 *
 * A weight has 22 bits, but the fastest multiplication instruction (pmaddwd) takes 16-bit factors.
 * Each weight is therefore split into two halves (kernels/resize_axis.h). The products of the high
 * and of the low halves are summed separately and combined at the end. The result is exact:
 * intermediate sums may wrap around modulo 2^32, but the final sum fits 32 bits. */
#include "core/size.h"
#include "kernels/ref_resize.h"
#include "kernels/reference.h"
#include "kernels/simd/simd.h"

#if defined __AVX2__

enum { LANE = 16, ROWS = 4 };

struct sums {
    __m256i high, low;
};

static const struct sums zero;

/* Returns the halves of two neighbouring weights in every 32-bit lane. */
static inline __m256i pair(const int16_t *halves)
{
    int both;
    memcpy(&both, halves, sizeof both);
    return _mm256_set1_epi32(both);
}

/* Multiplies `words` by the halves of two neighbouring weights and adds the products to the sums.
 * `words` alternates between a sample of the first and a sample of the second weight. */
static inline void add(struct sums *sums, __m256i words, const int16_t *halves)
{
    sums->high = _mm256_add_epi32(sums->high, _mm256_madd_epi16(words, pair(halves)));
    sums->low =
        _mm256_add_epi32(sums->low, _mm256_madd_epi16(words, pair(halves + CD_RESIZE_GROUP)));
}

static inline __m256i rounded(const struct sums *sums)
{
    const __m256i sum =
        _mm256_add_epi32(_mm256_slli_epi32(sums->high, CD_RESIZE_LOW_BITS), sums->low);
    return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(CD_RESIZE_HALF)),
                             CD_RESIZE_FRACTION_BITS);
}

/* Returns two pixels, from byte `at` of each 128-bit half on, as 16-bit words r0 r1 g0 g1 b0 b1 0
 * 0. */
static inline __m256i two_pixels(__m256i bytes, char at)
{
    const __m128i order = _mm_setr_epi8(
        at, -1, (char)(at + 3), -1, (char)(at + 1), -1, (char)(at + 4), -1, (char)(at + 2), -1,
        (char)(at + 5), -1, -1, -1, -1, -1);

    return _mm256_shuffle_epi8(bytes, _mm256_broadcastsi128_si256(order));
}

/* Adds a group of four pixels of two rows to the sums: row a in the lower 128 bits, row b in the
 * upper 128 bits. */
static inline void add_group(struct sums *sums, const uint8_t *a, const uint8_t *b,
                             const int16_t *halves)
{
    const __m256i bytes = _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)a)),
        _mm_loadu_si128((const __m128i *)b), 1);

    add(sums, two_pixels(bytes, 0), halves);
    add(sums, two_pixels(bytes, 6), halves + 2);
}

static inline void put(int pixel, uint8_t *out)
{
    memcpy(out, &pixel, sizeof pixel);
}

/* Computes one target pixel of each of four rows and writes it at byte `to`. A fourth, meaningless
 * byte is written after it. */
static inline void four_rows(const uint8_t *const in[ROWS], size_t first, size_t groups,
                             const int16_t *halves, uint8_t *const out[ROWS], size_t to)
{
    struct sums ab = zero, cd = zero;

    for (size_t at = 3 * first; groups > 0; groups--, at += 3 * CD_RESIZE_GROUP) {
        add_group(&ab, in[0] + at, in[1] + at, halves);
        add_group(&cd, in[2] + at, in[3] + at, halves);
        halves += 2 * CD_RESIZE_GROUP;
    }
    const __m256i words = _mm256_packus_epi32(rounded(&ab), rounded(&cd));
    const __m256i bytes = _mm256_packus_epi16(words, words);
    const __m128i ac = _mm256_castsi256_si128(bytes), bd = _mm256_extracti128_si256(bytes, 1);
    put(_mm_cvtsi128_si32(ac), out[0] + to);
    put(_mm_cvtsi128_si32(bd), out[1] + to);
    put(_mm_extract_epi32(ac, 1), out[2] + to);
    put(_mm_extract_epi32(bd, 1), out[3] + to);
}

/* Resizes four rows. four_rows() reads 16 bytes for a group of 12 bytes and writes 4 bytes for a
 * pixel of 3 bytes. Near the end of a row, that would exceed the row, so the reference computes the
 * pixel. */
static void resize_four_rows(const struct cd_resize_axis *axis, const uint8_t *const in[ROWS],
                             uint8_t *const out[ROWS])
{
    for (size_t x = 0; x < axis->m; x++) {
        const size_t first = axis->spans[x].first;
        const size_t groups = cd_divide_up(axis->spans[x].count, CD_RESIZE_GROUP);
        const size_t read = 3 * (first + (groups - 1) * CD_RESIZE_GROUP) + LANE;
        if (x + 1 == axis->m || read > 3 * axis->n) {
            for (size_t y = 0; y < ROWS; y++)
                cd_ref_resize_pixel(axis, in[y], x, out[y] + 3 * x);
            continue;
        }
        four_rows(in, first, groups, axis->halves + x * axis->halves_size, out, 3 * x);
    }
}

/* Processes four rows at a time. If fewer rows are left, the last one is computed several times. */
void CD_LEVEL_NAME(resize_rows)(const struct cd_resize_axis *axis, const uint8_t *const *in,
                                size_t n, uint8_t *const *out)
{
    for (size_t y = 0; y < n; y += ROWS) {
        const uint8_t *from[ROWS];
        uint8_t *to[ROWS];
        for (size_t i = 0; i < ROWS; i++) {
            from[i] = in[y + i < n ? y + i : n - 1];
            to[i] = out[y + i < n ? y + i : n - 1];
        }
        resize_four_rows(axis, from, to);
    }
}

/* Computes 16 output bytes, from byte j on, from `count` rows. */
static void sixteen(const uint8_t *const *in, size_t j, const int16_t *halves, size_t count,
                    uint8_t *out)
{
    struct sums left = zero, right = zero;

    for (size_t k = 0; k < count; k += 2) {
        const __m128i a = _mm_loadu_si128((const __m128i *)(in[k] + j));
        const __m128i b = _mm_loadu_si128((const __m128i *)(in[k + 1] + j));
        add(&left, _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(a, b)), halves);
        add(&right, _mm256_cvtepu8_epi16(_mm_unpackhi_epi8(a, b)), halves);
        halves += k % CD_RESIZE_GROUP == 0 ? 2 : 2 * CD_RESIZE_GROUP - 2;
    }
    const __m256i words = _mm256_packus_epi32(rounded(&left), rounded(&right));
    /* packus works within 128-bit halves */
    const __m256i ordered = _mm256_permute4x64_epi64(words, 0xd8);
    _mm_storeu_si128((__m128i *)(out + j), _mm_packus_epi16(_mm256_castsi256_si128(ordered),
                                                            _mm256_extracti128_si256(ordered, 1)));
}

/* Processes 16 bytes at a time. The last 16 bytes may overlap the previous ones. */
void CD_LEVEL_NAME(resize_column)(const struct cd_resize_axis *axis, size_t i,
                                  const uint8_t *const *rows, size_t length, uint8_t *out)
{
    const int16_t *halves = axis->halves + i * axis->halves_size;
    const size_t count = axis->spans[i].count;
    size_t j = 0;

    if (length < LANE) {
        cd_ref_resize_column(axis, i, rows, length, out);
        return;
    }
    for (; j + LANE <= length; j += LANE)
        sixteen(rows, j, halves, count, out);
    if (j < length)
        sixteen(rows, length - LANE, halves, count, out);
}

#else

void CD_LEVEL_NAME(resize_rows)(const struct cd_resize_axis *axis, const uint8_t *const *in,
                                size_t n, uint8_t *const *out)
{
    cd_ref_resize_rows(axis, in, n, out);
}

void CD_LEVEL_NAME(resize_column)(const struct cd_resize_axis *axis, size_t i,
                                  const uint8_t *const *rows, size_t length, uint8_t *out)
{
    cd_ref_resize_column(axis, i, rows, length, out);
}

#endif
