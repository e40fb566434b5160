/* SPDX-License-Identifier: MIT */
#include "model/layer_values.h"

#include <string.h>

#include "core/check.h"
#include "core/memory.h"
#include "model/model_input.h"
#include "plan/plan.h"

/* The layers up to this one form a smaller network with this layer as the output. Parameters are in
 * the order of the layers, so the model's weights fit. */
static cnn_status_t run(const cnn_model_t *model, size_t layer, const float *x, float *values)
{
    cnn_graph_t front = *model->graph;
    const struct cd_plan_options options = {.batch = 1};
    struct cd_plan *plan;

    front.n_nodes = layer + 1;
    CD_TRY(cd_plan_create(&front, &options, &plan));
    memcpy(values, cd_plan_predict(plan, model->weights, model->statistics, x, 1),
           cd_shape_size(front.nodes[layer].shape) * sizeof *values);
    cd_plan_free(plan);
    return CNN_OK;
}

cnn_status_t cd_layer_values(const cnn_model_t *model, const char *where, const cnn_image_t *image,
                             const char *layer, float *values, size_t count)
{
    const cnn_graph_t *graph = model->graph;
    size_t index;
    float *x;

    CD_TRY(cd_model_check_photos(model, where));
    CD_TRY(cd_graph_find_layer(graph, where, layer, &index));
    CD_TRY(cd_check_count(where, layer, cd_shape_size(graph->nodes[index].shape), count));
    CD_TRY(cd_model_input(model, image, &x));
    const cnn_status_t rc = run(model, index, x, values);
    cd_free(model->context, x);
    return rc;
}
