/* SPDX-License-Identifier: MIT */
#include "train/recipe_check.h"

#include "graph/class_outputs.h"
#include "train/freeze.h"
#include "train/loss.h"
#include "train/train_options.h"

/* Makes those checks of cnn_model_train that need no dataset. */
static cnn_status_t check_training(const cnn_recipe_t *recipe, const cnn_graph_t *graph)
{
    cnn_train_options_t complete = recipe->options;
    size_t nodes;

    CD_TRY(cd_train_options_complete(recipe->context, graph->preset, &complete));
    return cd_freeze_nodes(graph, complete.freeze, &nodes);
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
    const size_t classes = cd_classes_of_outputs(outputs);

    if (n == 0 || n == classes)
        return CNN_OK;
    return cd_error(CNN_ERROR_ARGUMENT,
                    "\"class_weight\" has %zu values; the graph has %zu classes", n, classes);
}

cnn_status_t cd_recipe_check(const cnn_recipe_t *recipe, const cnn_graph_t *graph)
{
    CD_TRY(check_training(recipe, graph));
    if (!recipe->graph) /* the graph of a preset is built to fit the input and the classes */
        return CNN_OK;
    CD_TRY(check_input(recipe));
    CD_TRY(check_loss(recipe));
    return check_class_weights(recipe);
}
