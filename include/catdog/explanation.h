/* SPDX-License-Identifier: MIT
 *
 * Explanations: where in a photo a network sees its class. */
#ifndef CNN_EXPLANATION_H
#define CNN_EXPLANATION_H

#include <catdog/image.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cnn_explanation_options {
    size_t struct_size;
    const char *class_name; /* NULL = the class with the largest probability */
    const char *layer; /* NULL = the last on the way to the output whose map is larger than 1 x 1 */
} cnn_explanation_options_t;

/* A class activation map: how much each place of a layer's map speaks for a class, by Grad-CAM
 * (Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based
 * localization", 2017). The layer's channels are added up, each times the mean over all places of
 * the gradient of the class's score by it; sums below 0 become 0, and all are divided by the
 * largest. The score is what enters the output's sigmoid or softmax, or the output if it has
 * neither; a single output's is that of class 1, and minus that the one of class 0. It is the
 * gradient of a prediction: nothing is dropped, batch normalisation uses its running statistics.
 * photo: preprocessed as the model says (resized from all its pixels, whatever the model's decode);
 * it is not kept. The map has the same bits for any number of threads. As with sessions, any number
 * of threads may explain with one model at once, but the model must not be trained meanwhile. The
 * explanation keeps the model alive.
 * Errors: ARGUMENT (a class or layer that the model does not have), MEMORY, SHAPE (the model sees
 * no photos; the layer is flat, the input, or nothing that the output depends on), NAN (the layer's
 * values or gradients are not finite). */
CNN_API cnn_status_t cnn_explanation_create(const cnn_model_t *model, const cnn_image_t *photo,
                                            const cnn_explanation_options_t *options,
                                            cnn_explanation_t **explanation);
CNN_API void cnn_explanation_free(cnn_explanation_t *explanation);

typedef struct cnn_explanation_info {
    size_t struct_size;     /* set by the caller */
    uint32_t label;         /* the class that is explained */
    const char *class_name; /* its name */
    float probability;      /* what the network says of it */
    const char *layer;      /* whose map it is */
    uint32_t height, width; /* of the map, as of the layer's */
} cnn_explanation_info_t;

/* Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_explanation_info(const cnn_explanation_t *explanation,
                                          cnn_explanation_info_t *info);

/* height x width values from 0 to 1, all 0 where nothing speaks for the class. Lives as long as the
 * explanation. */
CNN_API const float *cnn_explanation_heatmap(const cnn_explanation_t *explanation);

typedef struct cnn_draw_options {
    size_t struct_size;
    float opacity; /* of the colours; 0 = 0.5; above 0, at most 1 */
} cnn_explanation_draw_options_t;

/* A new picture of the photo's size: the photo in grey, with colours over it from black (0) over
 * violet, red and orange to a light yellow (1). The map is spread evenly over what the network
 * sees, between its places linearly. What the model's fit crops away stays as it is in the photo;
 * of bars that it adds nothing is shown. photo: the explained one, which may have another size but
 * for CNN_FIT_CROP and LETTERBOX not other proportions, else the colours do not lie where they
 * belong. Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_explanation_draw(const cnn_explanation_t *explanation,
                                          const cnn_image_t *photo,
                                          const cnn_explanation_draw_options_t *options, cnn_image_t **drawing);

/* The values of any layer, also of the output, when the model predicts a photo: height x width x
 * channels of cnn_graph_layer, and count is their product. photo and threads: as for
 * cnn_explanation_create. Errors: ARGUMENT (unknown layer, count), MEMORY, SHAPE (the model sees no
 * photos). */
CNN_API cnn_status_t cnn_model_layer_output(const cnn_model_t *model, const cnn_image_t *photo,
                                            const char *layer, float *values, size_t count);

#ifdef __cplusplus
}
#endif
#endif
