/* SPDX-License-Identifier: MIT */
#include "model/layer_values.h"

#include <string.h>

#include "core/memory.h"
#include "image/preprocess.h"
#include "plan/plan.h"

cnn_status_t cd_model_input(const cnn_model_t *model, const cnn_image_t *photo, float **x)
{
    const cnn_preprocess_t *p = &model->preprocess;
    const size_t pixels = (size_t)p->height * p->width;
    uint8_t *rgb = cd_alloc_unset(model->context, pixels, 3);
    float table[3][256];
    cnn_status_t rc = CNN_ERROR_MEMORY;

    *x = cd_alloc_unset(model->context, pixels, 3 * sizeof **x);
    if (!rgb || !*x)
        cd_error(rc, "out of memory for a picture of %u x %u pixels", p->width, p->height);
    else
        rc = cd_preprocess_pixels(model->context, p, photo->pixels, photo->height, photo->width,
                                  3 * photo->width, rgb);
    if (rc == CNN_OK) {
        cd_preprocess_table(p, table);
        cd_preprocess_to_float((const float(*)[256])table, rgb, pixels, *x);
    } else {
        cd_free(model->context, *x);
        *x = NULL;
    }
    cd_free(model->context, rgb);
    return rc;
}

/* The layers up to this one are a network of their own, whose output it is; parameters are in order
 * of the layers, so the model's weights are its weights. */
cnn_status_t cd_layer_values(const cnn_model_t *model, size_t layer, const float *x, float *values)
{
    cnn_graph_t head = *model->graph;
    const struct cd_plan_options options = {.batch = 1};
    struct cd_plan *plan;

    head.n_nodes = layer + 1;
    CD_TRY(cd_plan_create_with(&head, &options, &plan));
    memcpy(values, cd_plan_predict(plan, model->weights, model->statistics, x, 1),
           cd_shape_size(head.nodes[layer].shape) * sizeof *values);
    cd_plan_free(plan);
    return CNN_OK;
}
