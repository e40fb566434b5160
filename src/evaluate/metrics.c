/* SPDX-License-Identifier: MIT */
#include "evaluate/metrics.h"

#include <math.h>
#include <string.h>

#include "evaluate/ranking.h"
#include "evaluate/reliability.h"

/* Returns the first output column that the metrics use. With two classes they use only the last
 * column, the probability of class 1. */
static size_t first_column(const struct cd_predictions *p)
{
    return p->n_classes == 2 ? p->columns - 1 : 0;
}

static double target_at(const struct cd_predictions *p, size_t i, size_t column)
{
    return p->n_classes == 2 ? (double)p->labels[i] : (double)(p->labels[i] == column);
}

double cd_metrics_mse(const struct cd_predictions *p)
{
    const size_t first = first_column(p);
    double sum = 0;

    for (size_t i = 0; i < p->n; i++) {
        for (size_t j = first; j < p->columns; j++) {
            double error = cd_predictions_output(p, i, j) - target_at(p, i, j);
            sum += error * error;
        }
    }
    return sum / ((double)p->n * (double)(p->columns - first));
}

/* Returns Pearson's correlation, given the means of the outputs and of the targets. */
static double correlate(const struct cd_predictions *p, double value_mean, double target_mean)
{
    double both = 0, values = 0, targets = 0;

    for (size_t i = 0; i < p->n; i++) {
        for (size_t j = first_column(p); j < p->columns; j++) {
            double dv = cd_predictions_output(p, i, j) - value_mean,
                   dt = target_at(p, i, j) - target_mean;
            both += dv * dt;
            values += dv * dv;
            targets += dt * dt;
        }
    }
    /* Take two square roots, because the product of the sums could overflow or underflow. Clamp,
     * because rounding can produce a result slightly above 1 or below -1. */
    double r = both / (sqrt(values) * sqrt(targets));
    return r > 1 ? 1 : r < -1 ? -1 : r;
}

double cd_metrics_pearson(const struct cd_predictions *p)
{
    const size_t first = first_column(p);
    const double count = (double)p->n * (double)(p->columns - first);
    const double first_value = cd_predictions_output(p, 0, first),
                 first_target = target_at(p, 0, first);
    double values = 0, targets = 0;
    int value_varies = 0, target_varies = 0; /* unlike a variance, not affected by rounding */

    for (size_t i = 0; i < p->n; i++) {
        for (size_t j = first; j < p->columns; j++) {
            values += cd_predictions_output(p, i, j);
            targets += target_at(p, i, j);
            value_varies |= cd_predictions_output(p, i, j) != first_value;
            target_varies |= target_at(p, i, j) != first_target;
        }
    }
    if (!value_varies || !target_varies)
        return NAN;
    return correlate(p, values / count, targets / count);
}

static size_t count_right(const struct cd_predictions *p)
{
    size_t right = 0;

    for (size_t i = 0; i < p->n; i++)
        right += cd_predictions_class(p, i) == p->labels[i];
    return right;
}

double cd_metrics_accuracy(const struct cd_predictions *p)
{
    return (double)count_right(p) / (double)p->n;
}

/* Returns the mean of -log(probability of the labelled class). Probabilities are clipped to 1e-7 ..
 * 1 - 1e-7. */
static double cross_entropy(const struct cd_predictions *p)
{
    double sum = 0;

    for (size_t i = 0; i < p->n; i++) {
        double q;
        if (p->n_classes == 2)
            q = p->labels[i] ? cd_predictions_positive(p, i) : 1 - cd_predictions_positive(p, i);
        else
            q = cd_predictions_output(p, i, p->labels[i]);
        sum -= log(q < 1e-7 ? 1e-7 : q > 1 - 1e-7 ? 1 - 1e-7 : q); /* NaN stays NaN */
    }
    return sum / (double)p->n;
}

static void count_confusion(const struct cd_predictions *p, size_t *counts)
{
    memset(counts, 0, p->n_classes * p->n_classes * sizeof *counts);
    for (size_t i = 0; i < p->n; i++)
        counts[p->labels[i] * p->n_classes + cd_predictions_class(p, i)]++;
}

void cd_metrics_wilson(size_t right, size_t n, double *low, double *high)
{
    /* 95 % of a normal distribution lies within z standard deviations */
    const double z = 1.959963984540054;
    const double count = (double)n, share = (double)right / count;
    const double middle = (share + z * z / (2 * count)) / (1 + z * z / count);
    const double reach =
        z / (1 + z * z / count) * sqrt(share * (1 - share) / count + z * z / (4 * count * count));

    *low = right == 0 ? 0 : middle - reach;
    *high = right == n ? 1 : middle + reach;
}

/* Returns a / b, or NaN if b is 0. */
static double fraction(size_t a, size_t b)
{
    return b ? (double)a / (double)b : NAN;
}

/* Computes recall and precision of one class from the confusion matrix. */
static void class_rates(const size_t *confusion, size_t n_classes, size_t class_index,
                        double *recall, double *precision)
{
    size_t actual = 0, predicted = 0, right = confusion[class_index * n_classes + class_index];

    for (size_t j = 0; j < n_classes; j++) {
        actual += confusion[class_index * n_classes + j];
        predicted += confusion[j * n_classes + class_index];
    }
    *recall = fraction(right, actual);
    *precision = fraction(right, predicted);
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
            right +=
                (cd_predictions_positive(p, i) > metrics->thresholds[t]) == (p->labels[i] == 1);
        metrics->threshold_accuracy[t] = fraction(right, p->n);
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
    metrics->n_samples = p->n;
    metrics->mse = cd_metrics_mse(p);
    metrics->binary_cross_entropy = cross_entropy(p);
    metrics->pearson = cd_metrics_pearson(p);
    metrics->accuracy = cd_metrics_accuracy(p);
    cd_metrics_wilson(count_right(p), p->n, &metrics->accuracy_low, &metrics->accuracy_high);
    cd_reliability(p, bins);
    metrics->calibration_error = cd_reliability_error(bins, p->n);
    count_confusion(p, confusion);
    rates(confusion, p->n_classes, metrics);
    thresholds(p, metrics);
    return cd_ranking_auc(context, p, &metrics->auc);
}
