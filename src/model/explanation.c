/* SPDX-License-Identifier: MIT */
#include "model/explanation.h"

#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "graph/class_outputs.h"
#include "graph/kinds.h"
#include "image/heat.h"
#include "model/model_input.h"
#include "plan/plan.h"

#define WHERE "cnn_explanation_create" /* the beginning of messages */

/* ---- the layer ---- */

static size_t places(const struct cd_node *node)
{
    return node->shape.h * node->shape.w;
}

/* The last layer on the way to the output whose feature map is larger than 1 x 1. A layer that
 * passes its input on is skipped, because it has its input's feature map. */
static cnn_status_t default_layer(const cnn_graph_t *graph, size_t *layer)
{
    unsigned char *needed = cd_alloc(graph->context, graph->n_nodes, 1);

    if (!needed)
        return cd_error_memory();
    cd_graph_mark_needed(graph, needed);
    *layer = graph->n_nodes - 1;
    while (*layer > 0 && (!needed[*layer] || places(&graph->nodes[*layer]) == 1 ||
                          cd_kind_of(&graph->nodes[*layer])->identity))
        --*layer;
    cd_free(graph->context, needed);
    if (*layer == 0)
        return cd_error(CNN_ERROR_SHAPE, "no layer of this network has a map larger than 1 x 1");
    return CNN_OK;
}

static cnn_status_t check_layer(const cnn_graph_t *graph, size_t layer)
{
    const struct cd_node *node = &graph->nodes[layer];

    if (node->n_inputs == 0)
        return cd_error(CNN_ERROR_SHAPE, "layer \"%s\" is the photo itself: it cannot be explained",
                        node->name);
    if (places(node) == 1)
        return cd_error(CNN_ERROR_SHAPE, "layer \"%s\" is flat: it has no map", node->name);
    return CNN_OK;
}

static cnn_status_t choose_layer(const cnn_graph_t *graph, const char *name, size_t *layer)
{
    if (!name)
        return default_layer(graph, layer);
    CD_TRY(cd_graph_find_layer(graph, WHERE, name, layer));
    return check_layer(graph, *layer);
}

/* ---- the class ---- */

static const uint32_t predicted_class = UINT32_MAX;

static cnn_status_t find_class(const cnn_model_t *model, const char *name, uint32_t *label)
{
    *label = predicted_class;
    if (!name)
        return CNN_OK;
    for (size_t i = 0; i < model->n_classes; i++)
        if (strcmp(model->classes[i], name) == 0)
            *label = (uint32_t)i;
    if (*label == predicted_class)
        return cd_error(CNN_ERROR_ARGUMENT, WHERE ": there is no class \"%.64s\"", name);
    return CNN_OK;
}

/* Chooses the predicted class if none is set, and stores the probability. */
static cnn_status_t set_probability(cnn_explanation_t *explanation, const float *output)
{
    const cnn_model_t *model = explanation->model;
    float *probabilities = cd_alloc(model->context, model->n_classes, sizeof *probabilities);

    if (!probabilities)
        return cd_error_memory();
    cd_class_probabilities(output, cd_graph_output(model->graph)->shape.c, probabilities);
    if (explanation->label == predicted_class)
        explanation->label = cd_most_probable_class(probabilities, model->n_classes);
    explanation->probability = probabilities[explanation->label];
    cd_free(model->context, probabilities);
    return CNN_OK;
}

/* 1 if a class's score is the value before the output's activation. */
static int score_is_before_activation(const cnn_graph_t *graph)
{
    const struct cd_node *node = cd_graph_output(graph);

    while (cd_kind_of(node)->identity)
        node = &graph->nodes[node->inputs[0]];
    return node->activation == CNN_ACTIVATION_SIGMOID || node->activation == CNN_ACTIVATION_SOFTMAX;
}

/* ---- the map ---- */

/* The weight of each channel: the mean of its gradient over all places. */
static void weigh_channels(struct cd_shape shape, const float *gradient, double *weights)
{
    const size_t n = shape.h * shape.w;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < shape.c; k++)
            weights[k] += gradient[i * shape.c + k];
    for (size_t k = 0; k < shape.c; k++)
        weights[k] /= (double)n;
}

/* map = max(0, sum of the weighted channels). Returns the largest place; NaN if a place is not
 * finite. */
static float add_channels(struct cd_shape shape, const float *values, const double *weights,
                          float *map)
{
    float largest = 0.0f;

    for (size_t i = 0; i < shape.h * shape.w; i++) {
        double sum = 0.0;
        for (size_t k = 0; k < shape.c; k++)
            sum += weights[k] * values[i * shape.c + k];
        map[i] = (float)(sum > 0.0 ? sum : 0.0);
        if (!isfinite(sum) || !isfinite(map[i]))
            return NAN;
        largest = map[i] > largest ? map[i] : largest;
    }
    return largest;
}

static cnn_status_t make_map(cnn_explanation_t *explanation, const float *values,
                             const float *gradient)
{
    cnn_context_t *context = explanation->context;
    const struct cd_node *node = &explanation->model->graph->nodes[explanation->layer];
    double *weights = cd_alloc(context, node->shape.c, sizeof *weights);

    if (!weights)
        return cd_error_memory();
    weigh_channels(node->shape, gradient, weights);
    const float largest = add_channels(node->shape, values, weights, explanation->map);
    cd_free(context, weights);
    if (isnan(largest))
        return cd_error(CNN_ERROR_NAN, "layer \"%s\": its values or their gradients are not finite",
                        node->name);
    for (size_t i = 0; largest > 0.0f && i < places(node); i++)
        explanation->map[i] /= largest;
    return CNN_OK;
}

/* ---- the whole ---- */

/* Runs backward from the class's score to the layer. y: the outputs of the forward run. */
static cnn_status_t explain(cnn_explanation_t *explanation, struct cd_plan *plan, const float *y)
{
    cnn_context_t *context = explanation->context;
    const cnn_model_t *model = explanation->model;
    const size_t outputs = cd_graph_output(model->graph)->shape.c;
    float *dy = cd_alloc(context, outputs, sizeof *dy);
    cnn_status_t rc;

    if (!dy)
        return cd_error_memory();
    CD_TRY_FAIL(set_probability(explanation, y));
    cd_class_score_gradient(outputs, explanation->label, dy);
    cd_plan_backward(plan, model->weights, dy, score_is_before_activation(model->graph), NULL);
    rc = make_map(explanation, cd_plan_watched_activations(plan), cd_plan_watched_gradient(plan));
fail:
    cd_free(context, dy);
    return rc;
}

/* Freezes all layers: they then work as in prediction, and backward ends at the watched one. */
static cnn_status_t run(cnn_explanation_t *explanation, const float *x)
{
    const cnn_model_t *model = explanation->model;
    const struct cd_plan_options options = {.batch = 1,
                                            .training = 1,
                                            .frozen_nodes = model->graph->n_nodes,
                                            .watched = explanation->layer};
    struct cd_plan *plan;
    cnn_status_t rc;

    CD_TRY(cd_plan_create(model->graph, &options, &plan));
    const float *y = cd_plan_forward(plan, model->weights, model->statistics, x, 1, 0, 0);
    if (cd_plan_watched_activations(plan))
        rc = explain(explanation, plan, y);
    else
        rc = cd_error(CNN_ERROR_SHAPE, "the output does not depend on layer \"%s\"",
                      model->graph->nodes[explanation->layer].name);
    cd_plan_free(plan);
    return rc;
}

static cnn_status_t fill(cnn_explanation_t *explanation, const cnn_image_t *image)
{
    const cnn_model_t *model = explanation->model;
    const struct cd_node *node = &model->graph->nodes[explanation->layer];
    float *x;

    explanation->map = cd_alloc(model->context, places(node), sizeof *explanation->map);
    if (!explanation->map)
        return cd_error_memory();
    CD_TRY(cd_model_input(model, image, &x));
    const cnn_status_t rc = run(explanation, x);
    cd_free(model->context, x);
    return rc;
}

cnn_status_t cd_explanation_create(cnn_model_t *model, const cnn_image_t *image,
                                   const cnn_explanation_options_t *options,
                                   cnn_explanation_t **out)
{
    uint32_t label;
    size_t layer;

    *out = NULL;
    CD_TRY(cd_model_check_photos(model, WHERE));
    CD_TRY(find_class(model, options->class_name, &label));
    CD_TRY(choose_layer(model->graph, options->layer, &layer));
    cnn_explanation_t *explanation = cd_alloc(model->context, 1, sizeof *explanation);
    if (!explanation)
        return cd_error_memory();
    explanation->context = model->context;
    explanation->model = cd_model_ref(model);
    explanation->layer = layer;
    explanation->label = label;
    const cnn_status_t rc = fill(explanation, image);
    if (rc == CNN_OK)
        *out = explanation;
    else
        cd_explanation_free(explanation);
    return rc;
}

cnn_status_t cd_explanation_draw(const cnn_explanation_t *explanation, const cnn_image_t *image,
                                 float opacity, cnn_image_t **drawing)
{
    const cnn_model_t *model = explanation->model;
    const struct cd_shape shape = model->graph->nodes[explanation->layer].shape;
    const struct cd_heat_map map = {explanation->map, shape.h, shape.w};

    return cd_heat_draw(&model->preprocess, &map, opacity, image, drawing);
}

void cd_explanation_free(cnn_explanation_t *explanation)
{
    if (!explanation)
        return;
    cnn_model_t *model = explanation->model;
    cd_free(explanation->context, explanation->map);
    cd_free(explanation->context, explanation);
    cd_model_unref(model); /* last, because the context may go with the model */
}
