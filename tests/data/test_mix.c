/* SPDX-License-Identifier: MIT
 *
 * Tests mixup and CutMix: the images match the reported shares, the shares have the right
 * distribution, and the images are bit-for-bit the same for any number of threads. */
#include <catdog/catdog.h>
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/clock.h"
#include "core/random.h"
#include "data/loader.h"
#include "data/mix.h"
#include "support/from_pixels.h"
#include "support/photo_folder.h"

enum { N = 21, H = 10, W = 12, SIZE = H * W * 3 };

static uint8_t pixels[N * SIZE];
static uint32_t labels[N];
static size_t order[N];
static float table[3][256], plain[N * SIZE], mixed[N * SIZE];
static cnn_context_t *context;
static cnn_dataset_t *data;

static void open_data(uint32_t threads)
{
    static const char *const classes[] = {"a", "b", "c"};
    const cnn_preprocess_t preprocess = {sizeof preprocess, .height = H, .width = W};

    context = context_with_threads(threads);
    ck_assert_int_eq(from_pixels(context, pixels, labels, N, H, W, classes, 3, &data), CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(data, &preprocess, NULL), CNN_OK);
}

static void close_data(void)
{
    cnn_dataset_free(data);
    cnn_context_free(context);
}

static void setup(void)
{
    for (size_t i = 0; i < sizeof pixels; i++)
        pixels[i] = (uint8_t)cd_random_bits(1, i);
    for (uint32_t i = 0; i < N; i++)
        labels[i] = i * 5 % 3;
    for (int c = 0; c < 3; c++)
        for (int v = 0; v < 256; v++)
            table[c][v] = (float)(c + 1) * (float)v;
    cd_random_permutation(2, order, N);
    open_data(2);
}

/* Gets the mixed batch of n images that begins with sample order[first]. mixtures may be NULL. */
static void fill(const struct cd_augmentation *a, size_t first, size_t n, float *x,
                 struct cd_mixture *mixtures)
{
    size_t from_first[N];
    const struct cd_loader_pass pass = {.data = data, .table = (const float(*)[256])table,
                                        .order = from_first, .augmentation = *a};
    struct cd_loader *loader;
    struct cd_batch batch;

    for (size_t i = 0; i < N; i++)
        from_first[i] = order[(first + i) % N];
    ck_assert_int_eq(cd_loader_create(context, n, SIZE, &loader), CNN_OK);
    ck_assert_int_eq(cd_loader_begin(loader, &pass), CNN_OK);
    ck_assert_int_eq(cd_loader_next(loader, &batch), CNN_OK);
    ck_assert_uint_eq(batch.n, n);
    memcpy(x, batch.x, n * SIZE * sizeof *x);
    for (size_t i = 0; i < n; i++)
        ck_assert_uint_eq(batch.labels[i], labels[order[first + i]]);
    ck_assert_int_eq(batch.mixtures != NULL, a->options.mixup > 0 || a->options.cutmix > 0);
    if (mixtures)
        memcpy(mixtures, batch.mixtures, n * sizeof *mixtures);
    cd_loader_free(loader);
}

/* Checks mixup: each image is the weighted mean of two images, which are augmented first if the
 * augmentation says so. */
static void check_added(const struct cd_augmentation *a, size_t first, size_t n)
{
    struct cd_augmentation alone = *a;
    struct cd_mixture mixtures[N];

    alone.options.mixup = 0;
    fill(&alone, first, n, plain, NULL);
    fill(a, first, n, mixed, mixtures);
    for (size_t i = 0; i < n; i++) {
        const size_t other = n - 1 - i;
        const double share = (double)mixtures[i].share;
        ck_assert(share >= 0.5 && share <= 1);
        ck_assert(mixtures[i].share == mixtures[other].share);
        ck_assert_uint_eq(mixtures[i].other, labels[order[first + other]]);
        for (size_t k = 0; k < SIZE; k++)
            ck_assert_double_eq_tol((double)mixed[i * SIZE + k],
                                    share * (double)plain[i * SIZE + k] +
                                        (1 - share) * (double)plain[other * SIZE + k],
                                    1e-3);
    }
}

START_TEST(added)
{
    const struct cd_augmentation a = {.key = 5, .options.mixup = 0.4f},
                                 more = {.key = 6,
                                         .options.mixup = 1,
                                         .options.mirror = 1,
                                         .options.rotation = 20};

    check_added(&a, 0, N); /* N is odd: the middle image is not mixed */
    check_added(&a, 3, 8);
    check_added(&a, 20, 1);
    check_added(&more, 0, 20);
}
END_TEST

/* CutMix: each pixel comes from the image itself or from its partner. The partner's pixels form a
 * rectangle. The share is the fraction of the other pixels. */
START_TEST(cut)
{
    const struct cd_augmentation none = {.key = 7}, a = {.key = 7, .options.cutmix = 1};
    struct cd_mixture mixtures[N];
    size_t changed = 0;

    fill(&none, 0, N, plain, NULL);
    fill(&a, 0, N, mixed, mixtures);
    for (size_t i = 0; i < N; i++) {
        const size_t other = N - 1 - i;
        size_t top = H, low = 0, left = W, right = 0, count = 0;
        for (size_t p = 0; p < H * W && i != other; p++) {
            const float *got = mixed + i * SIZE + 3 * p;
            if (memcmp(got, plain + i * SIZE + 3 * p, 3 * sizeof *got) == 0)
                continue;
            ck_assert_mem_eq(got, plain + other * SIZE + 3 * p, 3 * sizeof *got);
            top = p / W < top ? p / W : top;
            low = p / W + 1 > low ? p / W + 1 : low;
            left = p % W < left ? p % W : left;
            right = p % W + 1 > right ? p % W + 1 : right;
            count++;
        }
        if (count)
            ck_assert_uint_eq(count, (low - top) * (right - left));
        ck_assert_double_eq_tol((double)mixtures[i].share, 1 - (double)count / (H * W), 1e-6);
        ck_assert(count <= H * W / 2 + W);
        changed += count > 0;
    }
    ck_assert_uint_gt(changed, N / 2);
}
END_TEST

/* Compares the mean and variance of the shares with the exact values. A share is max(b, 1 - b) for
 * b drawn from Beta(a, a). It is uniform from 1/2 to 1 for a = 1, mostly near 1 for a = 0.2, and
 * near 1/2 for a = 20. The variance of Beta(a, a) is 1 / (4 (2 a + 1)); it can be measured on the
 * share, because (b - 1/2)^2 is the same for b and 1 - b. */
START_TEST(shares)
{
    static const float alphas[] = {0.2f, 1, 3.5f, 20};
    enum { PAIRS = 4000 };
    static const size_t samples[2] = {0, 1};
    static const uint32_t two[2] = {0, 1};

    for (size_t k = 0; k < 4; k++) {
        const double alpha = (double)alphas[k], variance = 1 / (4 * (2 * alpha + 1));
        double sum = 0, squares = 0;
        for (uint64_t i = 0; i < PAIRS; i++) {
            const struct cd_augmentation a = {.key = i, .options.mixup = alphas[k]};
            struct cd_mixture mixtures[2];
            cd_mix_labels(&a, samples, H, W, two, 2, mixtures);
            const double away = (double)mixtures[0].share - 0.5;
            ck_assert(away >= 0 && away <= 0.5);
            sum += away;
            squares += away * away;
        }
        ck_assert_double_eq_tol(squares / PAIRS, variance, 0.06 * variance);
        if (k == 1)
            ck_assert_double_eq_tol(sum / PAIRS, 0.25, 0.01);
    }
}
END_TEST

/* If both options are set, mixup and CutMix both occur. */
START_TEST(either)
{
    struct cd_augmentation a = {.options.mixup = 1, .options.cutmix = 1};
    size_t cuts = 0, sums = 0;

    for (a.key = 0; a.key < 200; a.key++) {
        struct cd_augmentation only = a;
        struct cd_mixture both[2], one[2];
        fill(&a, 0, 2, mixed, both);
        only.options.mixup = 0;
        fill(&only, 0, 2, plain, one);
        if (memcmp(mixed, plain, 2 * SIZE * sizeof *plain) == 0)
            cuts++;
        only.options.mixup = 1;
        only.options.cutmix = 0;
        fill(&only, 0, 2, plain, one);
        if (memcmp(mixed, plain, 2 * SIZE * sizeof *plain) == 0) {
            ck_assert(one[0].share == both[0].share);
            sums++;
        }
    }
    ck_assert_uint_eq(cuts + sums, 200);
    ck_assert(cuts > 60 && sums > 60);
}
END_TEST

/* loader->wait includes the time of mixing. The batch is ready before the call of cd_loader_next,
 * so the call only mixes. */
START_TEST(counts_as_waiting)
{
    enum { SIDE = 256, TIMES = 8 };
    const struct cd_loader_pass pass = {.data = data, .table = (const float(*)[256])table,
                                        .height = SIDE, .width = SIDE,
                                        .augmentation = {.options.mixup = 1}};
    struct cd_loader *loader;
    struct cd_batch batch;
    double took = 0;

    ck_assert_int_eq(cd_loader_create(context, N, SIDE * SIDE * 3, &loader), CNN_OK);
    for (int i = 0; i < TIMES; i++) {
        ck_assert_int_eq(cd_loader_begin(loader, &pass), CNN_OK);
        struct cd_background *const work = &loader->slots[loader->current].work;
        cd_background_finish(context, work);
        work->tasks = 0;
        const double begin = cd_clock_seconds();
        ck_assert_int_eq(cd_loader_next(loader, &batch), CNN_OK);
        took += cd_clock_seconds() - begin;
    }
    ck_assert(loader->wait <= took);
    ck_assert_msg(loader->wait > took / 2, "%g of %g s", loader->wait, took);
    cd_loader_free(loader);
}
END_TEST

START_TEST(threads)
{
    static const uint32_t counts[] = {1, 3, 7};
    const struct cd_augmentation a = {.key = 8,
                                      .options.mixup = 0.5f,
                                      .options.cutmix = 1,
                                      .options.hue = 20,
                                      .options.erase = 1};

    fill(&a, 0, N, plain, NULL);
    for (size_t t = 0; t < 3; t++) {
        close_data();
        open_data(counts[t]);
        fill(&a, 0, N, mixed, NULL);
        ck_assert_mem_eq(plain, mixed, sizeof plain);
    }
}
END_TEST

Suite *suite_mix(void)
{
    Suite *suite = suite_create("mix");
    TCase *tc = tcase_create("mix");

    tcase_add_checked_fixture(tc, setup, close_data);
    tcase_add_test(tc, added);
    tcase_add_test(tc, cut);
    tcase_add_test(tc, shares);
    tcase_add_test(tc, either);
    tcase_add_test(tc, counts_as_waiting);
    tcase_add_test(tc, threads);
    suite_add_tcase(suite, tc);
    return suite;
}
