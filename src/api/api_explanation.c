/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/options.h"
#include "model/explanation.h"
#include "model/layer_values.h"

#define DEFAULT_OPACITY 0.5f

cnn_status_t cnn_model_layer_output(const cnn_model_t *model, const cnn_image_t *photo,
                                    const char *layer, size_t n_values, float *values)
{
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, photo);
    CD_REQUIRE(model->context, layer);
    CD_REQUIRE(model->context, values);
    return cd_api_result(model->context,
                         cd_layer_values(model, __func__, photo, layer, values, n_values));
}

cnn_status_t cnn_explanation_create(const cnn_model_t *model, const cnn_image_t *photo,
                                    const cnn_explanation_options_t *options,
                                    cnn_explanation_t **explanation)
{
    cnn_explanation_options_t own;

    if (explanation)
        *explanation = NULL;
    CD_REQUIRE(NULL, model);
    CD_REQUIRE(model->context, photo);
    CD_REQUIRE(model->context, explanation);
    CD_API_TRY(model->context, cd_options_read(__func__, options, &own, sizeof own));
    /* The cast removes const. An explanation changes only the model's reference count. */
    return cd_api_result(model->context, cd_explanation_create((cnn_model_t *)(uintptr_t)model,
                                                               photo, &own, explanation));
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
                                  const cnn_explanation_draw_options_t *options,
                                  cnn_image_t **drawing)
{
    cnn_explanation_draw_options_t own;

    if (drawing)
        *drawing = NULL;
    CD_REQUIRE(NULL, explanation);
    CD_REQUIRE(explanation->context, photo);
    CD_REQUIRE(explanation->context, drawing);
    CD_API_TRY(explanation->context, cd_options_read(__func__, options, &own, sizeof own));
    if (!(own.opacity >= 0 && own.opacity <= 1)) /* true for NaN, too */
        return cd_api_result(explanation->context,
                             cd_error(CNN_ERROR_ARGUMENT, "%s: opacity %g is not from 0 to 1",
                                      __func__, (double)own.opacity));
    if (own.opacity == 0)
        own.opacity = DEFAULT_OPACITY;
    return cd_api_result(explanation->context,
                         cd_explanation_draw(explanation, photo, own.opacity, drawing));
}
