/* SPDX-License-Identifier: MIT
 *
 * Tests perceptual hashes on edited images, and tests the search for duplicates against a search
 * that compares all pairs. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "core/random.h"
#include "data/duplicates.h"
#include "image/image.h"
#include "image/preprocess.h"
#include "support/test_context.h"

static struct test_context test;

static void setup(void)
{
    test_context_open(&test, 1);
}

static void teardown(void)
{
    test_context_close(&test);
}

/* ---- hashes ---- */

/* Returns an image of 24 x 24 patches of random colours, enlarged with interpolation. */
static cnn_image_t *patches(size_t height, size_t width, uint64_t seed)
{
    const cnn_preprocess_t preprocess = {.struct_size = sizeof preprocess,
                                         .height = (uint32_t)height,
                                         .width = (uint32_t)width,
                                         .std = {1, 1, 1}};
    uint8_t patches[24 * 24 * 3];
    cnn_image_t *image;

    for (size_t i = 0; i < sizeof patches; i++)
        patches[i] = (uint8_t)cd_random_bits(seed, i);
    ck_assert_int_eq(cd_image_create(test.context, height, width, &image), CNN_OK);
    ck_assert_int_eq(
        cd_preprocess_pixels(test.context, &preprocess, patches, 24, 24, 24 * 3, image->pixels),
        CNN_OK);
    return image;
}

static struct cd_perceptual_hash hash_of(cnn_image_t *image)
{
    const cnn_preprocess_t preprocess = cd_perceptual_preprocess();
    uint8_t rgb[CD_PERCEPTUAL_SIDE * CD_PERCEPTUAL_SIDE * 3];

    ck_assert_int_eq(cd_preprocess_pixels(test.context, &preprocess, image->pixels, image->height,
                                          image->width, image->width * 3, rgb),
                     CNN_OK);
    cd_image_free(image);
    return cd_perceptual_hash(rgb);
}

START_TEST(changed_images)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        const struct cd_perceptual_hash plain = hash_of(patches(180, 240, seed));
        const struct cd_perceptual_hash small = hash_of(patches(90, 120, seed));
        const struct cd_perceptual_hash squashed = hash_of(patches(200, 200, seed));
        const struct cd_perceptual_hash other = hash_of(patches(180, 240, seed + 100));
        cnn_image_t *darker = patches(180, 240, seed);
        for (size_t i = 0; i < 180 * 240 * 3; i++)
            darker->pixels[i] = (uint8_t)(darker->pixels[i] * 3 / 4 + i % 3 * 5);
        const struct cd_perceptual_hash dark = hash_of(darker);

        ck_assert(!plain.flat);
        ck_assert_uint_eq(cd_perceptual_distance(&plain, &plain), 0);
        ck_assert_uint_le(cd_perceptual_distance(&plain, &small), 10);
        ck_assert_uint_le(cd_perceptual_distance(&plain, &squashed), 10);
        ck_assert_uint_le(cd_perceptual_distance(&plain, &dark), 16);
        ck_assert_uint_gt(cd_perceptual_distance(&plain, &other), 63);
        ck_assert_uint_eq(cd_perceptual_distance(&plain, &other),
                          cd_perceptual_distance(&other, &plain));
    }
}
END_TEST

/* The hash of every image has half of its bits set. An image without detail is flat. */
START_TEST(bits)
{
    static const struct cd_perceptual_hash zero;
    const struct cd_perceptual_hash hash = hash_of(patches(64, 64, 5));
    cnn_image_t *grey;

    ck_assert_uint_eq(cd_perceptual_distance(&hash, &zero), 128);
    ck_assert_int_eq(cd_image_create(test.context, 50, 70, &grey), CNN_OK);
    memset(grey->pixels, 100, 50 * 70 * 3);
    ck_assert(hash_of(grey).flat);
}
END_TEST

/* ---- groups ---- */

enum { PHOTOS = 300 };

static struct cd_fingerprint photos[PHOTOS];

/* Fills `photos` with random fingerprints. Every third perceptual hash is an earlier one with up to
 * 40 bits changed. Every seventh photo has the same bytes as an earlier one. */
static void make_photos(void)
{
    memset(photos, 0, sizeof photos);
    for (size_t i = 0; i < PHOTOS; i++) {
        struct cd_fingerprint *photo = &photos[i];
        photo->bytes = 1000 + i % 3;
        photo->hash = cd_random_bits(1, i);
        photo->label = (uint32_t)(i / 5 % 2);
        photo->readable = photo->decoded = 1;
        for (size_t w = 0; w < CD_PERCEPTUAL_WORDS; w++)
            photo->perceptual.words[w] = (uint16_t)cd_random_bits(2, i * 16 + w);
        const size_t earlier = i > 0 ? cd_random_bits(3, i) % i : 0;
        if (i > 0 && i % 7 == 0) {
            const uint32_t label = photo->label;
            *photo = photos[earlier];
            photo->label = label;
        } else if (i > 0 && i % 3 == 0) {
            photo->perceptual = photos[earlier].perceptual;
            for (size_t b = 0; b < cd_random_bits(4, i) % 41; b++) {
                const size_t bit = cd_random_bits(5, i * 64 + b) % 256;
                photo->perceptual.words[bit / 16] ^= (uint16_t)(1u << bit % 16);
            }
        }
    }
    photos[10].readable = photos[10].decoded = 0;
    photos[11].decoded = 0;
    photos[12].perceptual.flat = 1;
}

static int same_bytes(size_t a, size_t b)
{
    return photos[a].readable && photos[b].readable && photos[a].bytes == photos[b].bytes &&
           photos[a].hash == photos[b].hash;
}

static int linked(size_t a, size_t b, int radius)
{
    if (same_bytes(a, b))
        return 1;
    return photos[a].decoded && photos[b].decoded && !photos[a].perceptual.flat &&
           !photos[b].perceptual.flat &&
           cd_perceptual_distance(&photos[a].perceptual, &photos[b].perceptual) <=
               (uint32_t)radius;
}

/* Sets first[i] to the lowest-numbered photo that is linked to photo i, directly or through other
 * photos: a simple reference for the library's duplicate groups. */
static void spread(int radius, size_t first[PHOTOS])
{
    for (size_t i = 0; i < PHOTOS; i++)
        first[i] = i;
    for (int changed = 1; changed;) {
        changed = 0;
        for (size_t a = 0; a < PHOTOS; a++)
            for (size_t b = 0; b < PHOTOS; b++)
                if (first[b] > first[a] && linked(a, b, radius)) {
                    first[b] = first[a];
                    changed = 1;
                }
    }
}

static void check_group(const cnn_duplicate_group_t *group, const size_t *first, int radius)
{
    size_t n = 0;
    uint32_t distance = 0;
    int differ = 0;

    for (size_t i = 0; i < PHOTOS; i++) {
        if (first[i] != first[group->photos[0]])
            continue;
        ck_assert_uint_eq(group->photos[n++], i);
        differ |= photos[i].label != photos[group->photos[0]].label;
        for (size_t j = 0; j < i; j++)
            if (first[j] == first[i] && linked(i, j, radius)) {
                const uint32_t d =
                    cd_perceptual_distance(&photos[i].perceptual, &photos[j].perceptual);
                distance = d > distance ? d : distance;
            }
    }
    ck_assert_uint_eq(group->n_photos, n);
    ck_assert_uint_ge(n, 2);
    ck_assert_int_eq(group->classes_differ, differ);
    ck_assert_uint_eq(group->distance, group->kind == CNN_DUPLICATE_EXACT ? 0 : distance);
}

/* Returns the expected number of groups of this kind. */
static size_t count_groups(const size_t *first, cnn_duplicate_t kind)
{
    size_t groups = 0;

    for (size_t i = 0; i < PHOTOS; i++) {
        int others = 0;
        for (size_t j = i + 1; j < PHOTOS; j++)
            others |= first[j] == i && (kind == CNN_DUPLICATE_EXACT || !same_bytes(i, j));
        groups += first[i] == i && others;
    }
    return groups;
}

START_TEST(groups)
{
    static const int radii[] = {-1, 0, 1, 15, 16, 31, 47, 63};
    const int radius = radii[_i];
    static size_t near_first[PHOTOS], exact_first[PHOTOS];
    struct cd_duplicates found;
    size_t kinds[2] = {0, 0};

    make_photos();
    for (size_t i = 0; i < PHOTOS; i++)
        for (size_t j = exact_first[i] = i; j-- > 0;)
            if (same_bytes(i, j))
                exact_first[i] = j;
    if (radius >= 0)
        spread(radius, near_first);
    ck_assert_int_eq(cd_duplicates_find(test.context, photos, PHOTOS, radius, &found), CNN_OK);
    for (size_t g = 0; g < found.n; g++) {
        const cnn_duplicate_group_t *group = &found.groups[g];
        check_group(group, group->kind == CNN_DUPLICATE_EXACT ? exact_first : near_first, radius);
        if (g > 0) /* sorted: exact groups before near ones, then by the first photo */
            ck_assert(group->kind > group[-1].kind ||
                      (group->kind == group[-1].kind && group->photos[0] > group[-1].photos[0]));
        kinds[group->kind]++;
    }
    ck_assert_uint_gt(kinds[CNN_DUPLICATE_EXACT], 20);
    ck_assert_uint_eq(kinds[CNN_DUPLICATE_EXACT], count_groups(exact_first, CNN_DUPLICATE_EXACT));
    ck_assert_uint_eq(kinds[CNN_DUPLICATE_NEAR],
                      radius < 0 ? 0 : count_groups(near_first, CNN_DUPLICATE_NEAR));
    cd_duplicates_release(&found);
}
END_TEST

START_TEST(none_and_no_memory)
{
    struct cd_duplicates found;

    make_photos();
    ck_assert_int_eq(cd_duplicates_find(test.context, photos, 1, 31, &found), CNN_OK);
    ck_assert_uint_eq(found.n, 0);
    cd_duplicates_release(&found);
    for (long n = 1; n <= 10; n++) {
        test_context_fail(&test, n);
        ck_assert_int_eq(cd_duplicates_find(test.context, photos, PHOTOS, 31, &found),
                         CNN_ERROR_MEMORY);
    }
    test_context_fail(&test, 0);
}
END_TEST

Suite *suite_duplicates(void)
{
    Suite *suite = suite_create("duplicates");
    TCase *tcase = tcase_create("duplicates");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, changed_images);
    tcase_add_test(tcase, bits);
    tcase_add_loop_test(tcase, groups, 0, 8);
    tcase_add_test(tcase, none_and_no_memory);
    suite_add_tcase(suite, tcase);
    return suite;
}
