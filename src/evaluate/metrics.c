/* SPDX-License-Identifier: MIT */
#include "evaluate/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "evaluate/reliability.h"

/* Two classes are judged by the last column alone. */
static size_t first_column(const struct cd_predictions *p)
{
    return p->n_classes == 2 ? p->columns - 1 : 0;
}

static double value_at(const struct cd_predictions *p, size_t i, size_t column)
{
    return (double)p->outputs[i * p->columns + column];
}

static double target_at(const struct cd_predictions *p, size_t i, size_t column)
{
    return p->n_classes == 2 ? (double)p->labels[i] : (double)(p->labels[i] == column);
}

/* Probability of class 1 of two. */
static double probability(const struct cd_predictions *p, size_t i)
{
    return value_at(p, i, p->columns - 1);
}

double cd_metrics_mse(const struct cd_predictions *p)
{
    const size_t first = first_column(p);
    double sum = 0;

    for (size_t i = 0; i < p->n; i++) {
        for (size_t j = first; j < p->columns; j++) {
            double error = value_at(p, i, j) - target_at(p, i, j);
            sum += error * error;
        }
    }
    return sum / ((double)p->n * (double)(p->columns - first));
}

/* Sums of products of deviations from the means: the second of two passes. */
static double correlate(const struct cd_predictions *p, double value_mean, double target_mean)
{
    double both = 0, values = 0, targets = 0;

    for (size_t i = 0; i < p->n; i++) {
        for (size_t j = first_column(p); j < p->columns; j++) {
            double dv = value_at(p, i, j) - value_mean, dt = target_at(p, i, j) - target_mean;
            both += dv * dt;
            values += dv * dv;
            targets += dt * dt;
        }
    }
    /* Two roots: the product of the sums could overflow or vanish. Rounding may lead past 1. */
    double r = both / (sqrt(values) * sqrt(targets));
    return r > 1 ? 1 : r < -1 ? -1 : r;
}

double cd_metrics_pearson(const struct cd_predictions *p)
{
    const size_t first = first_column(p);
    const double count = (double)p->n * (double)(p->columns - first);
    const double first_value = value_at(p, 0, first), first_target = target_at(p, 0, first);
    double values = 0, targets = 0;
    int value_varies = 0, target_varies = 0; /* exactly; a variance would be rounding noise */

    for (size_t i = 0; i < p->n; i++) {
        for (size_t j = first; j < p->columns; j++) {
            values += value_at(p, i, j);
            targets += target_at(p, i, j);
            value_varies |= value_at(p, i, j) != first_value;
            target_varies |= target_at(p, i, j) != first_target;
        }
    }
    if (!value_varies || !target_varies)
        return NAN;
    return correlate(p, values / count, targets / count);
}

size_t cd_metrics_predicted(const struct cd_predictions *p, size_t i)
{
    size_t best = 0;

    if (p->n_classes == 2)
        return probability(p, i) > 0.5;
    for (size_t j = 1; j < p->columns; j++)
        if (value_at(p, i, j) > value_at(p, i, best))
            best = j;
    return best;
}

static size_t count_right(const struct cd_predictions *p)
{
    size_t right = 0;

    for (size_t i = 0; i < p->n; i++)
        right += cd_metrics_predicted(p, i) == p->labels[i];
    return right;
}

double cd_metrics_accuracy(const struct cd_predictions *p)
{
    return (double)count_right(p) / (double)p->n;
}

double cd_metrics_cross_entropy(const struct cd_predictions *p)
{
    double sum = 0;

    for (size_t i = 0; i < p->n; i++) {
        double q;
        if (p->n_classes == 2)
            q = p->labels[i] ? probability(p, i) : 1 - probability(p, i);
        else
            q = value_at(p, i, p->labels[i]);
        sum -= log(q < 1e-7 ? 1e-7 : q > 1 - 1e-7 ? 1 - 1e-7 : q); /* NaN stays NaN */
    }
    return sum / (double)p->n;
}

void cd_metrics_confusion(const struct cd_predictions *p, size_t *counts)
{
    memset(counts, 0, p->n_classes * p->n_classes * sizeof *counts);
    for (size_t i = 0; i < p->n; i++)
        counts[p->labels[i] * p->n_classes + cd_metrics_predicted(p, i)]++;
}

void cd_metrics_wilson(size_t right, size_t n, double *low, double *high)
{
    const double z = 1.959963984540054; /* 95 % of a normal distribution are within z deviations */
    const double count = (double)n, share = (double)right / count;
    const double middle = (share + z * z / (2 * count)) / (1 + z * z / count);
    const double reach = z / (1 + z * z / count) *
                         sqrt(share * (1 - share) / count + z * z / (4 * count * count));

    *low = right == 0 ? 0 : middle - reach;
    *high = right == n ? 1 : middle + reach;
}

struct key {
    float value;
    uint32_t positive;
};

static int compare_keys(const void *a, const void *b)
{
    const float x = ((const struct key *)a)->value, y = ((const struct key *)b)->value;
    return (x > y) - (x < y);
}

/* The probability that a positive ranks above a negative (Mann and Whitney), ties half. */
static double area(struct key *keys, size_t n)
{
    double twice = 0; /* pairs in order twice, pairs that tie once: whole numbers, so exact */
    double positives = 0, negatives = 0;

    qsort(keys, n, sizeof *keys, compare_keys);
    for (size_t i = 0, next; i < n; i = next) {
        double here[2] = {0, 0};
        for (next = i; next < n && keys[next].value == keys[i].value; next++)
            here[keys[next].positive]++;
        twice += here[1] * (2 * negatives + here[0]);
        negatives += here[0];
        positives += here[1];
    }
    return positives > 0 && negatives > 0 ? twice / (2 * positives * negatives) : NAN;
}

/* Fills in one column against a class; 0 if a value is NaN, which has no rank. */
static int fill_keys(const struct cd_predictions *p, size_t column, uint32_t label,
                     struct key *keys)
{
    for (size_t i = 0; i < p->n; i++) {
        keys[i].value = p->outputs[i * p->columns + column];
        keys[i].positive = p->labels[i] == label;
        if (isnan(keys[i].value))
            return 0;
    }
    return 1;
}

cnn_status_t cd_metrics_auc(cnn_context_t *context, const struct cd_predictions *p, double *auc)
{
    const size_t first = first_column(p);
    struct key *keys = cd_alloc_unset(context, p->n, sizeof *keys);
    double sum = 0;

    if (!keys)
        return cd_error_memory();
    for (size_t j = first; j < p->columns; j++) {
        uint32_t label = p->n_classes == 2 ? 1 : (uint32_t)j;
        sum += fill_keys(p, j, label, keys) ? area(keys, p->n) : NAN;
    }
    cd_free(context, keys);
    *auc = sum / (double)(p->columns - first);
    return CNN_OK;
}

/* a of b; NaN of nothing. */
static double share(size_t a, size_t b)
{
    return b ? (double)a / (double)b : NAN;
}

/* Recall and precision of one class out of the confusion counts. */
static void class_rates(const size_t *confusion, size_t n_classes, size_t class_index,
                        double *recall, double *precision)
{
    size_t actual = 0, told = 0, right = confusion[class_index * n_classes + class_index];

    for (size_t j = 0; j < n_classes; j++) {
        actual += confusion[class_index * n_classes + j];
        told += confusion[j * n_classes + class_index];
    }
    *recall = share(right, actual);
    *precision = share(right, told);
}

static void rates(const size_t *confusion, size_t n_classes, cnn_metrics_t *metrics)
{
    double recall = 0, precision = 0, recalls = 0, precisions = 0;

    for (size_t k = 0; k < n_classes; k++) {
        class_rates(confusion, n_classes, k, &recall, &precision);
        recalls += recall;
        precisions += precision;
    }
    metrics->balanced_accuracy = recalls / (double)n_classes;
    metrics->recall = n_classes == 2 ? recall : recalls / (double)n_classes;
    metrics->precision = n_classes == 2 ? precision : precisions / (double)n_classes;
}

static void thresholds(const struct cd_predictions *p, cnn_metrics_t *metrics)
{
    metrics->best_threshold = metrics->best_accuracy = NAN;
    for (size_t t = 0; t < CNN_THRESHOLDS; t++) {
        size_t right = 0;
        metrics->thresholds[t] = (double)t / 10;
        metrics->threshold_accuracy[t] = NAN;
        if (p->n_classes != 2)
            continue;
        for (size_t i = 0; i < p->n; i++)
            right += (probability(p, i) > metrics->thresholds[t]) == (p->labels[i] == 1);
        metrics->threshold_accuracy[t] = share(right, p->n);
        if (t == 0 || metrics->threshold_accuracy[t] > metrics->best_accuracy) {
            metrics->best_threshold = metrics->thresholds[t];
            metrics->best_accuracy = metrics->threshold_accuracy[t];
        }
    }
}

cnn_status_t cd_metrics_compute(cnn_context_t *context, const struct cd_predictions *p,
                                cnn_metrics_t *metrics, size_t *confusion)
{
    cnn_reliability_t bins[CNN_RELIABILITY_BINS];

    memset(metrics, 0, sizeof *metrics);
    metrics->struct_size = sizeof *metrics;
    metrics->photos = p->n;
    metrics->mse = cd_metrics_mse(p);
    metrics->binary_cross_entropy = cd_metrics_cross_entropy(p);
    metrics->pearson = cd_metrics_pearson(p);
    metrics->accuracy = cd_metrics_accuracy(p);
    cd_metrics_wilson(count_right(p), p->n, &metrics->accuracy_low, &metrics->accuracy_high);
    cd_reliability(p, bins);
    metrics->calibration_error = cd_reliability_error(bins, p->n);
    cd_metrics_confusion(p, confusion);
    rates(confusion, p->n_classes, metrics);
    thresholds(p, metrics);
    return cd_metrics_auc(context, p, &metrics->auc);
}
