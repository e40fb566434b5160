/* SPDX-License-Identifier: MIT
 *
 * Calls cnn_dataset_create with the fields of cnn_pixels_t as arguments. */
#ifndef TESTS_SUPPORT_FROM_PIXELS_H
#define TESTS_SUPPORT_FROM_PIXELS_H

#include <catdog/catdog.h>

static inline cnn_status_t from_pixels(cnn_context_t *context, const uint8_t *rgb,
                                       const uint32_t *labels, size_t n, size_t height,
                                       size_t width, const char *const *classes, size_t n_classes,
                                       cnn_dataset_t **dataset)
{
    const cnn_pixels_t pixels = {.struct_size = sizeof pixels,
                                 .rgb = rgb,
                                 .labels = labels,
                                 .n_images = n,
                                 .height = height,
                                 .width = width,
                                 .classes = classes,
                                 .n_classes = n_classes};
    return cnn_dataset_create(context, &pixels, dataset);
}

#endif
