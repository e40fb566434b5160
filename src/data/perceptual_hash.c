/* SPDX-License-Identifier: MIT */
#include "data/perceptual_hash.h"

#include <math.h>
#include <stdlib.h>

/* The hash uses the DCT coefficients of frequencies 1 .. FREQUENCIES in each direction. Frequency 0
 * is left out, so that the hash does not depend on the brightness. */
enum { SIDE = CD_PERCEPTUAL_SIDE, FREQUENCIES = 16, COEFFICIENTS = FREQUENCIES * FREQUENCIES };

/* PDQ's measure of detail: the sum of gradients divided by DETAIL_UNIT. Below LEAST_DETAIL an image
 * is flat. */
enum { DETAIL_UNIT = 90, LEAST_DETAIL = 50 };

cnn_preprocess_t cd_perceptual_preprocess(void)
{
    return (cnn_preprocess_t){.struct_size = sizeof(cnn_preprocess_t),
                              .height = SIDE,
                              .width = SIDE,
                              .std = {1, 1, 1},
                              .decode = CNN_DECODE_SCALED};
}

/* Converts to luma (ITU-R BT.601, as in JPEG), with weights in units of 1/256. */
static void make_grey(const uint8_t *rgb, uint8_t grey[SIDE][SIDE])
{
    for (size_t i = 0; i < SIDE * SIDE; i++, rgb += 3)
        grey[i / SIDE][i % SIDE] = (uint8_t)((77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2] + 128) >> 8);
}

/* Returns 1 if the image has too little detail. The sum is over the differences between adjacent
 * pixels, each in per cent of the range 0 .. 255, rounded down. */
static int is_flat(uint8_t grey[SIDE][SIDE])
{
    int sum = 0;

    for (size_t y = 0; y < SIDE; y++)
        for (size_t x = 0; x < SIDE; x++) {
            if (x + 1 < SIDE)
                sum += abs(grey[y][x] - grey[y][x + 1]) * 100 / 255;
            if (y + 1 < SIDE)
                sum += abs(grey[y][x] - grey[y + 1][x]) * 100 / 255;
        }
    return sum / DETAIL_UNIT < LEAST_DETAIL;
}

/* Fills in the DCT basis in fixed point:
 * cosine[u][x] = cos((2 x + 1) (u + 1) pi / (2 SIDE)) * 2^12, rounded to nearest. */
static void make_cosines(int32_t cosine[FREQUENCIES][SIDE])
{
    const double pi = 3.14159265358979323846;

    for (int u = 0; u < FREQUENCIES; u++)
        for (int x = 0; x < SIDE; x++)
            cosine[u][x] =
                (int32_t)floor(cos((2 * x + 1) * (u + 1) * pi / (2 * SIDE)) * 4096 + 0.5);
}

/* Computes the two-dimensional DCT, rows first: coefficients[u * FREQUENCIES + v] is the sum over y
 * and x of cosine[u][y] * grey[y][x] * cosine[v][x]. Nothing overflows: the sums of a row stay
 * below 2^26, the coefficients below 2^44. */
static void transform(uint8_t grey[SIDE][SIDE], int64_t coefficients[COEFFICIENTS])
{
    int32_t cosine[FREQUENCIES][SIDE], rows[SIDE][FREQUENCIES];

    make_cosines(cosine);
    for (size_t y = 0; y < SIDE; y++)
        for (size_t v = 0; v < FREQUENCIES; v++) {
            int32_t sum = 0;
            for (size_t x = 0; x < SIDE; x++)
                sum += cosine[v][x] * grey[y][x];
            rows[y][v] = sum;
        }
    for (size_t u = 0; u < FREQUENCIES; u++)
        for (size_t v = 0; v < FREQUENCIES; v++) {
            int64_t sum = 0;
            for (size_t y = 0; y < SIDE; y++)
                sum += (int64_t)cosine[u][y] * rows[y][v];
            coefficients[u * FREQUENCIES + v] = sum;
        }
}

static int ascending(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t median(const int64_t coefficients[COEFFICIENTS])
{
    int64_t sorted[COEFFICIENTS];

    for (size_t i = 0; i < COEFFICIENTS; i++)
        sorted[i] = coefficients[i];
    qsort(sorted, COEFFICIENTS, sizeof *sorted, ascending);
    return sorted[COEFFICIENTS / 2 - 1]; /* the lower median: half of the coefficients are larger */
}

struct cd_perceptual_hash cd_perceptual_hash(const uint8_t *rgb)
{
    struct cd_perceptual_hash hash = {{0}, 0};
    uint8_t grey[SIDE][SIDE];
    int64_t coefficients[COEFFICIENTS];

    make_grey(rgb, grey);
    hash.flat = is_flat(grey);
    transform(grey, coefficients);
    const int64_t middle = median(coefficients);
    for (size_t i = 0; i < COEFFICIENTS; i++)
        if (coefficients[i] > middle)
            hash.words[i / 16] |= (uint16_t)(1u << i % 16);
    return hash;
}

static uint32_t count_bits(uint32_t v)
{
    v = v - ((v >> 1) & 0x55555555u);
    v = (v & 0x33333333u) + ((v >> 2) & 0x33333333u);
    return (((v + (v >> 4)) & 0x0f0f0f0fu) * 0x01010101u) >> 24;
}

uint32_t cd_perceptual_distance(const struct cd_perceptual_hash *a,
                                const struct cd_perceptual_hash *b)
{
    uint32_t distance = 0;

    for (size_t i = 0; i < CD_PERCEPTUAL_WORDS; i += 2)
        distance += count_bits((uint32_t)(a->words[i] ^ b->words[i]) << 16 |
                               (uint32_t)(a->words[i + 1] ^ b->words[i + 1]));
    return distance;
}
