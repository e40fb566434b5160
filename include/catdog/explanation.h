/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Explanations: where in a photo a network sees a class.
 */
#ifndef CNN_EXPLANATION_H
#define CNN_EXPLANATION_H

#include <catdog/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup explanation Explanation
 *  Class activation maps: where in a photo a network sees a class.
 *  @{
 */

/** A class activation map. */
typedef struct cnn_explanation cnn_explanation_t;

/** Options of cnn_explanation_create(). */
typedef struct cnn_explanation_options_t {
    size_t struct_size;     /**< Set by #CNN_INIT. */
    const char *class_name; /**< The class to explain. NULL = the predicted class. */
    /** The layer whose feature map is used. NULL = the last layer whose feature map is larger than
     *  1 x 1. */
    const char *layer;
} cnn_explanation_options_t;

/** Computes how much each position of a layer's feature map supports a class, by Grad-CAM
 *  (Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based
 *  localization", 2017).
 *
 *  The heatmap is a weighted sum of the layer's channels. The weight of a channel is the mean
 *  gradient of the class score with respect to the channel. Negative sums become 0, and all sums
 *  are divided by the largest. The class score is the input of the last sigmoid or softmax, or the
 *  output if there is neither. With a single output, the score of label 0 is the negative of the
 *  score of label 1. The network runs as in prediction. The heatmap has the same bits for every
 *  number of threads. Any number of threads may call this with one model.
 *  @param model  A model with classes. It stays alive as long as the explanation.
 *  @param photo  The photo; not kept. It is preprocessed as the model requires.
 *  @param options  NULL = defaults.
 *  @param[out] explanation  The explanation, to be freed with cnn_explanation_free().
 *  @return CNN_OK, or ARGUMENT (also for an unknown class or layer), MEMORY, SHAPE (the model has
 *          no classes; the layer is the input, is flat, or does not affect the output), NAN (the
 *          layer's activations or gradients are not finite).
 */
CNN_API cnn_status_t cnn_explanation_create(const cnn_model_t *model, const cnn_image_t *photo,
                                            const cnn_explanation_options_t *options,
                                            cnn_explanation_t **explanation);

/** Frees an explanation.
 *
 *  @param explanation  The explanation, or NULL.
 */
CNN_API void cnn_explanation_free(cnn_explanation_t *explanation);

/** A description of an explanation: its class, its layer and the size of its heatmap. */
typedef struct cnn_explanation_info_t {
    size_t struct_size;     /**< Set by #CNN_INIT. */
    uint32_t label;         /**< The class that is explained. */
    const char *class_name; /**< The name of the class. */
    float probability;      /**< The predicted probability of the class. */
    const char *layer;      /**< The layer whose feature map is used. */
    uint32_t height;        /**< Height of the heatmap. */
    uint32_t width;         /**< Width of the heatmap. */
} cnn_explanation_info_t;

/** Describes an explanation.
 *
 *  @param explanation  The explanation.
 *  @param[out] info  The description.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_explanation_info(const cnn_explanation_t *explanation,
                                          cnn_explanation_info_t *info);

/** Returns the heatmap.
 *
 *  @param explanation  The explanation.
 *  @return cnn_explanation_info_t::height x width floats from 0 to 1; all 0 if no position supports
 *          the class.
 */
CNN_API const float *cnn_explanation_heatmap(const cnn_explanation_t *explanation);

/** Options of cnn_explanation_draw(). */
typedef struct cnn_explanation_draw_options_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    float opacity;      /**< Opacity of the colours, above 0, at most 1. 0 = 0.5. */
} cnn_explanation_draw_options_t;

/** Draws the heatmap over a grey copy of the photo. The colours range from black (0) through
 *  violet, red and orange to light yellow (1).
 *
 *  The heatmap is interpolated linearly. The part of the photo that the model's preprocessing
 *  crops away keeps its colours.
 *  @param explanation  The explanation.
 *  @param photo  The photo that was explained, in any size. Its aspect ratio must be the same,
 *                unless the model uses #CNN_FIT_SQUASH.
 *  @param options  NULL = defaults.
 *  @param[out] drawing  An image of the photo's size, to be freed with cnn_image_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY.
 */
CNN_API cnn_status_t cnn_explanation_draw(const cnn_explanation_t *explanation,
                                          const cnn_image_t *photo,
                                          const cnn_explanation_draw_options_t *options,
                                          cnn_image_t **drawing);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
