/* SPDX-License-Identifier: MIT */
#include "train/prepare.h"

#include <string.h>

#include "core/text.h"
#include "data/loader.h"

static int same_name(const char *a, const char *b)
{
    while (*a && cd_text_lower(*a) == cd_text_lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

cnn_status_t cd_prepare_check(const cnn_model_t *model, const cnn_dataset_t *data)
{
    if (!model->classes)
        return cd_error(model->context, CNN_ERROR_SHAPE,
                        "the model has no classes: its network does not see photos");
    if (model->n_classes != data->n_classes)
        return cd_error(model->context, CNN_ERROR_DATA,
                        "the model has %zu classes, \"%s\" first, and the data %zu, \"%s\" first",
                        model->n_classes, model->classes[0], data->n_classes, data->classes[0]);
    for (size_t i = 0; i < model->n_classes; i++)
        if (!same_name(model->classes[i], data->classes[i]))
            return cd_error(model->context, CNN_ERROR_DATA,
                            "class %zu is \"%s\" in the model and \"%s\" in the data", i,
                            model->classes[i], data->classes[i]);
    return CNN_OK;
}

cnn_status_t cd_prepare_data(const cnn_model_t *model, cnn_dataset_t *data,
                             const cnn_load_options_t *load)
{
    CD_TRY(cd_prepare_check(model, data));
    return cd_dataset_load(data, &model->preprocess, load);
}

cnn_status_t cd_sweep_run(const struct cd_sweep *sweep)
{
    const cnn_model_t *model = sweep->model;
    const size_t count = sweep->data->count;
    const size_t columns = cd_shape_size(cd_graph_output(model->graph)->shape);

    for (size_t first = 0; first < count; first += sweep->batch) {
        size_t n = count - first < sweep->batch ? count - first : sweep->batch;
        if (cd_cancelled(sweep->cancel))
            return cd_error(model->context, CNN_ERROR_CANCELLED, "cancelled on request");
        cd_loader_batch(sweep->data, sweep->table, NULL, first, n, NULL, sweep->x,
                        sweep->labels + first);
        const float *y =
            cd_plan_predict(sweep->plan, model->weights, model->statistics, sweep->x, n);
        memcpy(sweep->outputs + first * columns, y, n * columns * sizeof *y);
        if (sweep->progress && sweep->progress(first + n, count, sweep->user) != 0)
            return cd_error(model->context, CNN_ERROR_CANCELLED,
                            "stopped by the progress callback after %zu of %zu photos", first + n,
                            count);
    }
    return CNN_OK;
}
