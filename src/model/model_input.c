/* SPDX-License-Identifier: MIT */
#include "model/model_input.h"

#include "core/memory.h"
#include "image/preprocess.h"

cnn_status_t cd_model_input(const cnn_model_t *model, const cnn_image_t *image, float **x)
{
    cnn_context_t *context = model->context;
    const cnn_preprocess_t *p = &model->preprocess;
    const size_t n_pixels = (size_t)p->height * p->width;
    uint8_t *rgb = cd_alloc_unset(context, n_pixels, 3);
    float table[3][256];
    cnn_status_t rc;

    *x = cd_alloc_unset(context, n_pixels, 3 * sizeof **x);
    if (!rgb || !*x) {
        rc = cd_error(CNN_ERROR_MEMORY, "out of memory for an image of %u x %u pixels", p->width,
                      p->height);
        goto fail;
    }
    CD_TRY_FAIL(cd_preprocess_pixels(context, p, image->pixels, image->height, image->width,
                                     3 * image->width, rgb));
    cd_preprocess_table(p, table);
    cd_preprocess_to_float((const float(*)[256])table, rgb, n_pixels, *x);
    cd_free(context, rgb);
    return CNN_OK;
fail:
    cd_free(context, rgb);
    cd_free(context, *x);
    *x = NULL;
    return rc;
}
