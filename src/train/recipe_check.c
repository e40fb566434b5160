/* SPDX-License-Identifier: MIT */
#include "train/recipe_check.h"

#include "train/freeze.h"
#include "train/loss.h"
#include "train/train_fields.h"
#include "train/train_options.h"

/* A value that would be taken for "not given". */
static cnn_status_t check_kept(const char *key, const json_t *value,
                               const cnn_train_options_t *complete)
{
    const struct cd_train_field *field = cd_train_field_find(key);

    if (field && json_is_number(value) && json_number_value(value) == 0 &&
        cd_train_field_number(field, complete) != 0)
        return cd_error(CNN_ERROR_ARGUMENT, "\"%.80s\" cannot be 0", key);
    return CNN_OK;
}

/* Ranges, as cnn_model_train will check them. */
static cnn_status_t check_training(const cnn_recipe_t *recipe, const cnn_graph_t *graph,
                                   json_t *training)
{
    cnn_train_options_t complete = recipe->options;
    const char *key;
    json_t *value;
    size_t nodes;

    CD_TRY(cd_train_options_complete(recipe->context, graph->preset, &complete));
    CD_TRY(cd_freeze_nodes(graph, complete.freeze, &nodes));
    json_object_foreach(training, key, value)
    {
        CD_TRY(check_kept(key, value, &complete));
    }
    return CNN_OK;
}

static cnn_status_t check_input(const cnn_recipe_t *recipe)
{
    const struct cd_shape in = recipe->graph->nodes[0].shape;
    const cnn_preprocess_t *preprocess = &recipe->preprocess;

    if (preprocess->height == in.h && preprocess->width == in.w)
        return CNN_OK;
    return cd_error(CNN_ERROR_ARGUMENT,
                    "\"preprocess\" is of %u x %u pixels; the graph's input is %zu x %zu",
                    (unsigned)preprocess->height, (unsigned)preprocess->width, in.h, in.w);
}

static cnn_status_t check_loss(const cnn_recipe_t *recipe)
{
    const cnn_status_t rc = cd_loss_check(recipe->graph, recipe->options.loss);

    return rc == CNN_OK ? rc : cd_error(rc, "\"loss\": %s", cd_error_message());
}

static cnn_status_t check_class_weights(const cnn_recipe_t *recipe)
{
    const size_t n = recipe->options.n_class_weights;
    const size_t outputs = cd_shape_size(cd_graph_output(recipe->graph)->shape);
    const size_t classes = outputs == 1 ? 2 : outputs;

    if (n == 0 || n == classes)
        return CNN_OK;
    return cd_error(CNN_ERROR_ARGUMENT,
                    "\"class_weight\" has %zu values; the graph is of %zu classes", n, classes);
}

cnn_status_t cd_recipe_check(const cnn_recipe_t *recipe, const cnn_graph_t *graph, json_t *training)
{
    CD_TRY(check_training(recipe, graph, training));
    if (!recipe->graph) /* a preset's input and outputs are as they are needed */
        return CNN_OK;
    CD_TRY(check_input(recipe));
    CD_TRY(check_loss(recipe));
    return check_class_weights(recipe);
}
