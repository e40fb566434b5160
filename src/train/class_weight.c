/* SPDX-License-Identifier: MIT */
#include "train/class_weight.h"

#include <string.h>

#include "core/memory.h"

static const char *const names[] = {
    [CNN_CLASS_WEIGHT_NONE] = "none",
    [CNN_CLASS_WEIGHT_AUTO] = "auto",
};

const struct cd_enum_names cd_class_weight_names = CD_ENUM_NAMES(names);

cnn_status_t cd_class_weight_values(const double *weights, size_t n)
{
    double sum = 0;

    for (size_t c = 0; c < n; c++) {
        if (!(weights[c] >= 0 && weights[c] <= 1e6)) /* catches NaN too */
            return cd_error(CNN_ERROR_ARGUMENT, "class_weights[%zu] is not between 0 and 1e6", c);
        sum += weights[c];
    }
    return sum > 0 ? CNN_OK : cd_error(CNN_ERROR_ARGUMENT, "class_weights are all 0");
}

static cnn_status_t check_values(const cnn_train_options_t *options, size_t n_classes)
{
    if (!options->class_weights || options->n_class_weights != n_classes)
        return cd_error(CNN_ERROR_ARGUMENT, "%zu class_weights were given; there are %zu classes",
                        options->class_weights ? options->n_class_weights : 0, n_classes);
    return cd_class_weight_values(options->class_weights, n_classes);
}

cnn_status_t cd_class_weight_check(const cnn_train_options_t *options, size_t n_classes)
{
    const int kind = (int)options->class_weight; /* the caller may have set any number */

    if (kind < CNN_CLASS_WEIGHT_NONE || kind > CNN_CLASS_WEIGHT_VALUES)
        return cd_error(CNN_ERROR_ARGUMENT, "class_weight is not one of cnn_class_weight_t");
    if (kind == CNN_CLASS_WEIGHT_VALUES)
        return check_values(options, n_classes);
    if (options->class_weights || options->n_class_weights)
        return cd_error(CNN_ERROR_ARGUMENT, "class_weights need CNN_CLASS_WEIGHT_VALUES");
    return CNN_OK;
}

static void balance(const cnn_dataset_t *data, double *weights)
{
    double present = 0;

    for (size_t i = 0; i < data->count; i++)
        weights[data->samples[i].label] += 1;
    for (size_t c = 0; c < data->n_classes; c++)
        present += weights[c] > 0;
    for (size_t c = 0; c < data->n_classes; c++)
        if (weights[c] > 0)
            weights[c] = (double)data->count / (present * weights[c]);
}

cnn_status_t cd_class_weight_make(const cnn_dataset_t *data, const cnn_train_options_t *options,
                                  double **out)
{
    *out = NULL;
    if (options->class_weight == CNN_CLASS_WEIGHT_NONE)
        return CNN_OK;
    double *weights = cd_alloc(data->context, data->n_classes, sizeof *weights);
    if (!weights)
        return cd_error_memory();
    if (options->class_weight == CNN_CLASS_WEIGHT_VALUES)
        memcpy(weights, options->class_weights, data->n_classes * sizeof *weights);
    else
        balance(data, weights);
    *out = weights;
    return CNN_OK;
}
