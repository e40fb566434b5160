/* SPDX-License-Identifier: MIT
 *
 * Metrics: cases computed by hand, the ROC area by brute force, and undefined figures. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/random.h"
#include "evaluate/metrics.h"
#include "evaluate/ranking.h"
#include "evaluate/reliability.h"

static cnn_context_t *context;

static void setup(void)
{
    ck_assert_int_eq(cnn_context_create(NULL, &context), CNN_OK);
}

static void teardown(void)
{
    cnn_context_free(context);
}

static void near(double value, double expected)
{
    ck_assert_double_eq_tol(value, expected, 1e-12);
}

START_TEST(two_classes)
{
    /* p > 0.5 for 2, 3, 5; labels 1 at 1, 2, 4, 5. */
    const float p[] = {0.0f, 0.25f, 0.75f, 0.625f, 0.5f, 1.0f};
    const uint32_t labels[] = {0, 1, 1, 0, 1, 1};
    const struct cd_predictions all = {p, 1, labels, 6, 2};
    size_t confusion[4];
    cnn_metrics_t m;

    ck_assert_int_eq(cd_metrics_compute(context, &all, &m, confusion), CNN_OK);
    ck_assert_uint_eq(m.struct_size, sizeof m);
    ck_assert_uint_eq(m.n_samples, 6);
    /* errors 0, .75, .25, .625, .5, 0: squares .5625 .0625 .390625 .25 */
    near(m.mse, 1.265625 / 6);
    near(m.binary_cross_entropy,
         -(log(0.25) + log(0.75) + log(0.375) + log(0.5) + 2 * log(1 - 1e-7)) / 6);
    /* n sum xy - sum x sum y, sum x = 3.125, sum xy = 2.5, sum x^2 = 2.265625 */
    near(m.pearson, (6 * 2.5 - 3.125 * 4) /
                        sqrt((6 * 2.265625 - 3.125 * 3.125) * (6 * 4.0 - 16)));
    ck_assert_uint_eq(confusion[0], 1); /* label 0, predicted 0 */
    ck_assert_uint_eq(confusion[1], 1);
    ck_assert_uint_eq(confusion[2], 2); /* label 1, predicted 0: 0.25, 0.5 */
    ck_assert_uint_eq(confusion[3], 2);
    near(m.accuracy, 0.5);
    near(m.balanced_accuracy, 0.5);
    near(m.precision, 2.0 / 3);
    near(m.recall, 0.5);
    /* Positives .25 .75 .5 1. Above 0: four pairs. Above .625: .75 and 1. */
    near(m.auc, 6.0 / 8);
    /* At thresholds 0, 0.1 and 0.2 only the negative 0.0 is predicted 0: five are correct. */
    for (size_t t = 0; t < CNN_THRESHOLDS; t++)
        ck_assert(m.thresholds[t] == (double)t / 10);
    /* From threshold 0.7 on, the negative with the score 0.625 is predicted 0, which is correct. */
    const double right[] = {5, 5, 5, 4, 4, 3, 3, 4, 3, 3};
    const double *accuracy = m.threshold_accuracy;
    for (size_t t = 0; t < CNN_THRESHOLDS; t++)
        near(accuracy[t], right[t] / 6);
    near(m.best_threshold, 0);
    near(m.best_accuracy, 5.0 / 6);
    ck_assert_double_eq_tol(m.accuracy_low, 0.1876, 5e-5); /* 3 of 6 are correct */
    ck_assert_double_eq_tol(m.accuracy_high, 0.8124, 5e-5);
}
END_TEST

START_TEST(best_threshold_is_the_lowest_best)
{
    const float p[] = {0.05f, 0.35f, 0.45f, 0.85f};
    const uint32_t labels[] = {0, 0, 1, 1};
    const struct cd_predictions all = {p, 1, labels, 4, 2};
    size_t confusion[4];
    cnn_metrics_t m;

    ck_assert_int_eq(cd_metrics_compute(context, &all, &m, confusion), CNN_OK);
    near(m.best_threshold, 0.4);
    near(m.best_accuracy, 1);
    near(m.auc, 1);
}
END_TEST

START_TEST(two_columns_are_judged_by_the_second)
{
    const float wide[] = {0.75f, 0.25f, 0.125f, 0.875f, 0.375f, 0.625f};
    const float narrow[] = {0.25f, 0.875f, 0.625f};
    const uint32_t labels[] = {0, 1, 0};
    const struct cd_predictions a = {wide, 2, labels, 3, 2}, b = {narrow, 1, labels, 3, 2};
    size_t confusion_a[4], confusion_b[4];
    cnn_metrics_t ma, mb;

    ck_assert_int_eq(cd_metrics_compute(context, &a, &ma, confusion_a), CNN_OK);
    ck_assert_int_eq(cd_metrics_compute(context, &b, &mb, confusion_b), CNN_OK);
    ck_assert_mem_eq(&ma, &mb, sizeof ma);
    ck_assert_mem_eq(confusion_a, confusion_b, sizeof confusion_a);
}
END_TEST

START_TEST(three_classes)
{
    const float p[] = {0.5f,  0.25f, 0.25f,  /* label 0, predicted 0 */
                       0.25f, 0.5f,  0.25f,  /* label 1, predicted 1 */
                       0.5f,  0.25f, 0.25f,  /* label 1, predicted 0 */
                       0.25f, 0.25f, 0.5f};  /* label 2, predicted 2 */
    const uint32_t labels[] = {0, 1, 1, 2};
    const struct cd_predictions all = {p, 3, labels, 4, 3};
    const size_t expected[] = {1, 0, 0, 1, 1, 0, 0, 0, 1};
    size_t confusion[9];
    cnn_metrics_t m;

    ck_assert_int_eq(cd_metrics_compute(context, &all, &m, confusion), CNN_OK);
    ck_assert_mem_eq(confusion, expected, sizeof confusion);
    /* .25 + .0625 + .0625 three times; .25 + .5625 + .0625 once */
    near(m.mse, (3 * 0.375 + 0.875) / 12);
    near(m.binary_cross_entropy, -(3 * log(0.5) + log(0.25)) / 4);
    near(m.accuracy, 0.75);
    near(m.balanced_accuracy, (1 + 0.5 + 1) / 3);
    near(m.recall, (1 + 0.5 + 1) / 3);
    near(m.precision, (0.5 + 1 + 1) / 3);
    /* class 0: .5 against .25 .5 .25: 2.5 of 3; class 1: {.5 .25} against {.25 .25}: 3 of 4;
     * class 2: 1 */
    near(m.auc, (2.5 / 3 + 0.75 + 1) / 3);
    /* sum x = 4, sum t = 4, sum xt = 1.75, sum x^2 = 4 * .375, of 12 values */
    near(m.pearson, (12 * 1.75 - 16) / sqrt((12 * 1.5 - 16) * (12 * 4.0 - 16)));
    ck_assert(isnan(m.best_threshold) && isnan(m.best_accuracy));
    ck_assert(isnan(m.threshold_accuracy[0]) && m.thresholds[9] == 0.9);
}
END_TEST

START_TEST(area_by_brute_force)
{
    for (uint64_t round = 0; round < 40; round++) {
        enum { N = 57 };
        float p[N];
        uint32_t labels[N];
        double above = 0, pairs = 0, auc;
        for (uint64_t i = 0; i < N; i++) { /* few different values: many ties */
            p[i] = (float)(cd_random_bits(round, i) % (round + 2)) / 64;
            labels[i] = (uint32_t)(cd_random_bits(round + 1000, i) & 1);
        }
        for (size_t i = 0; i < N; i++) {
            for (size_t j = 0; j < N; j++) {
                if (labels[i] != 1 || labels[j] != 0)
                    continue;
                pairs++;
                above += p[i] > p[j] ? 1 : p[i] == p[j] ? 0.5 : 0;
            }
        }
        const struct cd_predictions all = {p, 1, labels, N, 2};
        ck_assert_int_eq(cd_ranking_auc(context, &all, &auc), CNN_OK);
        near(auc, above / pairs);
    }
}
END_TEST

START_TEST(correlation_is_stable)
{
    /* A tiny variation around a large mean. The one-pass formula loses it in double precision. */
    enum { N = 1000 };
    static float p[N];
    static uint32_t labels[N];

    for (uint32_t i = 0; i < N; i++) {
        labels[i] = i & 1;
        p[i] = 1e6f + (float)(i & 1) * 0.0625f;
    }
    const struct cd_predictions same = {p, 1, labels, N, 2};
    near(cd_metrics_pearson(&same), 1);
    for (size_t i = 0; i < N; i++)
        p[i] = -p[i];
    near(cd_metrics_pearson(&same), -1);
}
END_TEST

START_TEST(not_defined)
{
    const float flat[] = {0.3f, 0.3f, 0.3f}, p[] = {0.25f, 0.5f, 0.75f}, broken[] = {0.5f, NAN, 1};
    const uint32_t mixed[] = {0, 1, 1}, ones[] = {1, 1, 1};
    const struct cd_predictions no_variation = {flat, 1, mixed, 3, 2};
    const struct cd_predictions one_class = {p, 1, ones, 3, 2}, invalid = {broken, 1, mixed, 3, 2};
    size_t confusion[4];
    cnn_metrics_t m;

    ck_assert_int_eq(cd_metrics_compute(context, &no_variation, &m, confusion), CNN_OK);
    ck_assert(isnan(m.pearson));
    ck_assert(isnan(m.precision)); /* no sample is predicted 1 */
    near(m.auc, 0.5);
    near(m.recall, 0);
    near(m.accuracy, 1.0 / 3);
    ck_assert_int_eq(cd_metrics_compute(context, &one_class, &m, confusion), CNN_OK);
    ck_assert(isnan(m.pearson) && isnan(m.auc) && isnan(m.balanced_accuracy));
    near(m.accuracy, 1.0 / 3);
    near(m.recall, 1.0 / 3);
    ck_assert_int_eq(cd_metrics_compute(context, &invalid, &m, confusion), CNN_OK);
    ck_assert(isnan(m.mse) && isnan(m.binary_cross_entropy) && isnan(m.pearson) && isnan(m.auc));
}
END_TEST

/* Bins are 1/15 wide: 14 begins above .9333, 13 above .8667, 9 above .6, 8 above .5333, 7 above
 * .4667. */
START_TEST(reliability)
{
    const float p[] = {0.9375f, 0.0625f, 0.875f, 0.625f, 0.4375f, 0.5f, 1.0f, 0.0f};
    const uint32_t labels[] = {1, 1, 1, 1, 1, 0, 1, 0};
    const struct cd_predictions all = {p, 1, labels, 8, 2};
    cnn_reliability_t bins[CNN_RELIABILITY_BINS];
    size_t confusion[4];
    cnn_metrics_t m;

    cd_reliability(&all, bins);
    for (size_t b = 0; b < CNN_RELIABILITY_BINS; b++) {
        const size_t photos = b == 14 ? 4 : b == 13 || (b >= 7 && b <= 9);
        ck_assert_uint_eq(bins[b].n_samples, photos);
        near(bins[b].low, (double)b / 15);
        near(bins[b].high, (double)(b + 1) / 15);
        ck_assert((photos == 0) == (isnan(bins[b].confidence) != 0));
        ck_assert((photos == 0) == (isnan(bins[b].accuracy) != 0));
    }
    near(bins[14].confidence, (0.9375 + 0.9375 + 1 + 1) / 4);
    near(bins[14].accuracy, 0.75); /* .0625 is predicted 0, its label is 1 */
    near(bins[9].confidence, 0.625);
    near(bins[8].confidence, 0.5625); /* p is .4375, so class 0 has 1 - .4375 */
    near(bins[8].accuracy, 0);
    near(bins[7].accuracy, 1); /* .5 is predicted 0 */
    ck_assert_int_eq(cd_metrics_compute(context, &all, &m, confusion), CNN_OK);
    near(m.calibration_error, (3.875 - 3 + 0.125 + 0.375 + 0.5625 + 0.5) / 8);
}
END_TEST

START_TEST(reliability_of_three_classes)
{
    const float p[] = {0.5f, 0.25f, 0.25f, 0.0f, 0.125f, 0.875f, 0, 0, 0};
    const uint32_t labels[] = {0, 1, 2};
    const struct cd_predictions all = {p, 3, labels, 3, 3};
    const float large[] = {0.5f, 1.5f}, none[] = {0.5f, NAN};
    const struct cd_predictions beyond = {large, 1, labels, 2, 2};
    const struct cd_predictions no_number = {none, 1, labels, 2, 2};
    cnn_reliability_t bins[CNN_RELIABILITY_BINS];

    cd_reliability(&all, bins);
    ck_assert_uint_eq(bins[0].n_samples, 1); /* all outputs 0: predicted 0, confidence 0 */
    near(bins[0].confidence, 0);
    near(cd_reliability_error(bins, 3), (0.5 + 0.875 + 0) / 3);
    cd_reliability(&beyond, bins);
    ck_assert(isnan(cd_reliability_error(bins, 2)));
    cd_reliability(&no_number, bins);
    ck_assert(isnan(cd_reliability_error(bins, 2)));
}
END_TEST

/* Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29. */
START_TEST(wilson)
{
    static const struct {
        size_t right, n;
        double low, high;
    } cases[] = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611},
                 {1, 29, 0.0061, 0.1718},   {28, 29, 0.8282, 0.9939},  {20, 20, 0.8389, 1}};
    double low, high;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cd_metrics_wilson(cases[i].right, cases[i].n, &low, &high);
        ck_assert_double_eq_tol(low, cases[i].low, 5e-5);
        ck_assert_double_eq_tol(high, cases[i].high, 5e-5);
    }
    cd_metrics_wilson(0, 20, &low, &high);
    ck_assert(low == 0);
    cd_metrics_wilson(20, 20, &low, &high);
    ck_assert(high == 1);
}
END_TEST

Suite *suite_metrics(void)
{
    Suite *suite = suite_create("metrics");
    TCase *tc = tcase_create("metrics");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, two_classes);
    tcase_add_test(tc, best_threshold_is_the_lowest_best);
    tcase_add_test(tc, two_columns_are_judged_by_the_second);
    tcase_add_test(tc, three_classes);
    tcase_add_test(tc, area_by_brute_force);
    tcase_add_test(tc, correlation_is_stable);
    tcase_add_test(tc, not_defined);
    tcase_add_test(tc, reliability);
    tcase_add_test(tc, reliability_of_three_classes);
    tcase_add_test(tc, wilson);
    suite_add_tcase(suite, tc);
    return suite;
}
