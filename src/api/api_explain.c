/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "api/boundary.h"
#include "core/check.h"
#include "core/memory.h"
#include "core/options.h"
#include "image/heat.h"
#include "model/explanation.h"
#include "model/layer_values.h"

#define DEFAULT_OPACITY 0.5f

static cnn_status_t check_sees_photos(const char *function, const cnn_model_t *model)
{
    if (!model->classes)
        return cd_error(CNN_ERROR_SHAPE, "%s: this model does not see photos", function);
    return CNN_OK;
}

/* The photo as the model's network takes it; *x is for cd_free. */
static cnn_status_t read_photo(const cnn_model_t *model, const cnn_image_t *photo, float **x)
{
    return cd_model_input(model, photo, x);
}

/* ---- layers ---- */

cnn_status_t cnn_model_layer_output(const cnn_model_t *model, const cnn_image_t *photo,
                                    const char *layer, float *values, size_t count)
{
    const struct cd_node *node;
    cnn_status_t rc;
    float *x;

    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, photo);
    CD_REQUIRE(model->context, layer);
    CD_REQUIRE(model->context, values);
    CD_API_TRY(model->context, check_sees_photos(__func__, model));
    node = cd_graph_node(model->graph, layer);
    if (!node)
        return cd_api_result(
            model->context,
            cd_error(CNN_ERROR_ARGUMENT, "%s: there is no layer \"%.64s\"", __func__, layer));
    CD_API_TRY(model->context,
               cd_check_count(__func__, node->name, cd_shape_size(node->shape), count));
    CD_API_TRY(model->context, read_photo(model, photo, &x));
    rc = cd_layer_values(model, (size_t)(node - model->graph->nodes), x, values);
    cd_free(model->context, x);
    return cd_api_result(model->context, rc);
}

/* ---- explanations ---- */

static cnn_status_t find_layer(const cnn_graph_t *graph, const char *name, size_t *layer)
{
    const struct cd_node *node;

    if (!name)
        return cd_explanation_layer(graph, layer);
    node = cd_graph_node(graph, name);
    if (!node)
        return cd_error(CNN_ERROR_ARGUMENT, "cnn_explanation_create: there is no layer \"%.64s\"",
                        name);
    *layer = (size_t)(node - graph->nodes);
    return CNN_OK;
}

static cnn_status_t find_class(const cnn_model_t *model, const char *name, uint32_t *label)
{
    *label = CD_PREDICTED_LABEL;
    for (size_t i = 0; name && i < model->n_classes; i++)
        if (strcmp(model->classes[i], name) == 0)
            *label = (uint32_t)i;
    if (name && *label == CD_PREDICTED_LABEL)
        return cd_error(CNN_ERROR_ARGUMENT, "cnn_explanation_create: there is no class \"%.64s\"",
                        name);
    return CNN_OK;
}

cnn_status_t cnn_explanation_create(const cnn_model_t *model, const cnn_image_t *photo,
                                    const cnn_explanation_options_t *options,
                                    cnn_explanation_t **explanation)
{
    cnn_explanation_options_t own;
    uint32_t label;
    size_t layer;
    float *x;
    cnn_status_t rc;

    if (explanation)
        *explanation = NULL;
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, photo);
    CD_REQUIRE(model->context, explanation);
    CD_API_TRY(model->context, cd_options_read(__func__, options, &own, sizeof own));
    CD_API_TRY(model->context, check_sees_photos(__func__, model));
    CD_API_TRY(model->context, find_class(model, own.class_name, &label));
    CD_API_TRY(model->context, find_layer(model->graph, own.layer, &layer));
    CD_API_TRY(model->context, read_photo(model, photo, &x));
    /* An explanation changes nothing of the model but its count of users. */
    rc = cd_explanation_create((cnn_model_t *)(uintptr_t)model, layer, label, x, explanation);
    cd_free(model->context, x);
    return cd_api_result(model->context, rc);
}

void cnn_explanation_free(cnn_explanation_t *explanation)
{
    cd_explanation_free(explanation);
}

cnn_status_t cnn_explanation_info(const cnn_explanation_t *explanation,
                                  cnn_explanation_info_t *info)
{
    CD_REQUIRE(NULL, explanation);
    CD_REQUIRE(explanation->context, info);
    const struct cd_node *node = &explanation->model->graph->nodes[explanation->layer];
    const cnn_explanation_info_t own = {
        .label = explanation->label,
        .class_name = explanation->model->classes[explanation->label],
        .probability = explanation->probability,
        .layer = node->name,
        .height = (uint32_t)node->shape.h,
        .width = (uint32_t)node->shape.w,
    };
    return cd_api_result(explanation->context, cd_result_write(__func__, &own, sizeof own, info));
}

const float *cnn_explanation_heatmap(const cnn_explanation_t *explanation)
{
    return explanation ? explanation->map : NULL;
}

cnn_status_t cnn_explanation_draw(const cnn_explanation_t *explanation, const cnn_image_t *photo,
                                  const cnn_explanation_draw_options_t *options, cnn_image_t **drawing)
{
    cnn_explanation_draw_options_t own;
    cnn_status_t rc;

    if (drawing)
        *drawing = NULL;
    CD_REQUIRE(NULL, explanation);
    CD_REQUIRE(explanation->context, photo);
    CD_REQUIRE(explanation->context, drawing);
    CD_API_TRY(explanation->context, cd_options_read(__func__, options, &own, sizeof own));
    if (!(own.opacity >= 0 && own.opacity <= 1))
        return cd_api_result(explanation->context,
                             cd_error(CNN_ERROR_ARGUMENT, "%s: opacity %g is not from 0 to 1",
                                      __func__, (double)own.opacity));
    const cnn_model_t *model = explanation->model;
    const struct cd_shape shape = model->graph->nodes[explanation->layer].shape;
    const struct cd_heat_map map = {explanation->map, shape.h, shape.w};
    rc = cd_heat_draw(&model->preprocess, &map, own.opacity > 0 ? own.opacity : DEFAULT_OPACITY,
                      photo, drawing);
    return cd_api_result(explanation->context, rc);
}
