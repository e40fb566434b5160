/* SPDX-License-Identifier: MIT */
#include "evaluate/ranking.h"

#include <math.h>
#include <stdlib.h>

#include "core/memory.h"

struct key {
    float value;
    uint32_t positive; /* 1: the sample belongs to the class */
};

static int compare_keys(const void *a, const void *b)
{
    const float x = ((const struct key *)a)->value, y = ((const struct key *)b)->value;
    return (x > y) - (x < y);
}

static double area_under_roc(struct key *keys, size_t n)
{
    /* twice the number of pairs of a positive and a negative sample in the right order; a tie
     * counts 1/2 pair. A whole number, so the sum is exact */
    double twice = 0;
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

/* Fills in the sort keys of one class. Returns 0 if an output is NaN and so cannot be ranked, else
 * 1. */
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

cnn_status_t cd_ranking_auc(cnn_context_t *context, const struct cd_predictions *p, double *auc)
{
    const size_t first = p->n_classes == 2 ? p->columns - 1 : 0;
    struct key *keys = cd_alloc_unset(context, p->n, sizeof *keys);
    double sum = 0;

    if (!keys)
        return cd_error_memory();
    for (size_t j = first; j < p->columns; j++) {
        uint32_t label = p->n_classes == 2 ? 1 : (uint32_t)j;
        sum += fill_keys(p, j, label, keys) ? area_under_roc(keys, p->n) : NAN;
    }
    cd_free(context, keys);
    *auc = sum / (double)(p->columns - first);
    return CNN_OK;
}
