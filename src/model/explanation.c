/* SPDX-License-Identifier: MIT */
#include "model/explanation.h"

#include <math.h>

#include "core/memory.h"
#include "graph/kinds.h"
#include "plan/plan.h"
#include "model/session.h"

/* ---- the layer ---- */

static size_t places(const struct cd_node *node)
{
    return node->shape.h * node->shape.w;
}

/* A dropout's map is that of its input. */
cnn_status_t cd_explanation_layer(const cnn_graph_t *graph, size_t *layer)
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

/* ---- the class ---- */

static cnn_status_t set_label(cnn_explanation_t *explanation, uint32_t label, const float *output)
{
    const cnn_model_t *model = explanation->model;
    float *probabilities = cd_alloc(model->context, model->n_classes, sizeof *probabilities);

    if (!probabilities)
        return cd_error_memory();
    cd_session_probabilities(model, output, probabilities);
    explanation->label =
        label == CD_PREDICTED_LABEL ? cd_session_label(model, probabilities) : label;
    explanation->probability = probabilities[explanation->label];
    cd_free(model->context, probabilities);
    return CNN_OK;
}

/* The gradient of the class's score by the outputs: it is one of them. */
static void set_score(const cnn_explanation_t *explanation, float *dy)
{
    if (cd_graph_output(explanation->model->graph)->shape.c == 1)
        dy[0] = explanation->label == 1 ? 1.0f : -1.0f;
    else
        dy[explanation->label] = 1.0f;
}

static int score_is_before_activation(const cnn_graph_t *graph)
{
    const struct cd_node *node = cd_graph_output(graph);

    while (cd_kind_of(node)->identity)
        node = &graph->nodes[node->inputs[0]];
    return node->activation == CNN_ACTIVATION_SIGMOID || node->activation == CNN_ACTIVATION_SOFTMAX;
}

/* ---- the map ---- */

static void mean_gradient(struct cd_shape shape, const float *gradient, double *weights)
{
    const size_t n = shape.h * shape.w;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < shape.c; k++)
            weights[k] += gradient[i * shape.c + k];
    for (size_t k = 0; k < shape.c; k++)
        weights[k] /= (double)n;
}

/* Returns the largest place, NaN if one is not finite. */
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
    mean_gradient(node->shape, gradient, weights);
    const float largest = add_channels(node->shape, values, weights, explanation->map);
    cd_free(context, weights);
    if (isnan(largest))
        return cd_error(CNN_ERROR_NAN, "layer \"%s\": its values or their gradients are not finite",
                        node->name);
    for (size_t i = 0; largest > 0.0f && i < places(node); i++)
        explanation->map[i] /= largest;
    return CNN_OK;
}

/* ---- all ---- */

/* y: what forward gave. */
static cnn_status_t explain(cnn_explanation_t *explanation, struct cd_plan *plan, uint32_t label,
                            const float *y)
{
    cnn_context_t *context = explanation->context;
    const cnn_model_t *model = explanation->model;
    float *dy = cd_alloc(context, cd_graph_output(model->graph)->shape.c, sizeof *dy);
    cnn_status_t rc;

    if (!dy)
        return cd_error_memory();
    CD_TRY_FAIL(set_label(explanation, label, y));
    set_score(explanation, dy);
    cd_plan_backward(plan, model->weights, dy, score_is_before_activation(model->graph), NULL);
    rc = make_map(explanation, cd_plan_watched_values(plan), cd_plan_watched_gradient(plan));
fail:
    cd_free(context, dy);
    return rc;
}

/* All layers are frozen: they work as in prediction, and backward ends at the watched one. */
static cnn_status_t run(cnn_explanation_t *explanation, uint32_t label, const float *x)
{
    const cnn_model_t *model = explanation->model;
    const struct cd_plan_options options = {.batch = 1,
                                            .training = 1,
                                            .frozen_nodes = model->graph->n_nodes,
                                            .watched = explanation->layer};
    struct cd_plan *plan;
    cnn_status_t rc;

    CD_TRY(cd_plan_create_with(model->graph, &options, &plan));
    const float *y = cd_plan_forward(plan, model->weights, model->statistics, x, 1, 0, 0);
    if (cd_plan_watched_values(plan))
        rc = explain(explanation, plan, label, y);
    else
        rc = cd_error(CNN_ERROR_SHAPE, "the output does not depend on layer \"%s\"",
                      model->graph->nodes[explanation->layer].name);
    cd_plan_free(plan);
    return rc;
}

cnn_status_t cd_explanation_create(cnn_model_t *model, size_t layer, uint32_t label, const float *x,
                                   cnn_explanation_t **out)
{
    cnn_context_t *context = model->context;
    cnn_explanation_t *explanation;
    cnn_status_t rc;

    *out = NULL;
    CD_TRY(check_layer(model->graph, layer));
    explanation = cd_alloc(context, 1, sizeof *explanation);
    if (!explanation)
        return cd_error_memory();
    explanation->context = context;
    explanation->model = cd_model_ref(model);
    explanation->layer = layer;
    explanation->map =
        cd_alloc(context, places(&model->graph->nodes[layer]), sizeof *explanation->map);
    rc = explanation->map ? run(explanation, label, x) : cd_error_memory();
    if (rc == CNN_OK)
        *out = explanation;
    else
        cd_explanation_free(explanation);
    return rc;
}

void cd_explanation_free(cnn_explanation_t *explanation)
{
    if (!explanation)
        return;
    cnn_model_t *model = explanation->model;
    cd_free(explanation->context, explanation->map);
    cd_free(explanation->context, explanation);
    cd_model_unref(model); /* the context's last user may go with it */
}
