/* SPDX-License-Identifier: MIT */
#include "evaluate/predictions.h"

size_t cd_predictions_class(const struct cd_predictions *p, size_t i)
{
    size_t best = 0;

    if (p->n_classes == 2)
        return cd_predictions_positive(p, i) > 0.5;
    for (size_t j = 1; j < p->columns; j++)
        if (cd_predictions_output(p, i, j) > cd_predictions_output(p, i, best))
            best = j;
    return best;
}
