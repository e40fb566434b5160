/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Sessions: prediction.
 */
#ifndef CNN_SESSION_H
#define CNN_SESSION_H

#include <catdog/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup session Session
 *  Prediction.
 *
 *  Each thread that predicts needs a separate session. Any number of sessions share a model without
 *  locks. A session uses the model's current weights, so the model must not be trained while its
 *  sessions run.
 *
 *  A session owns its feature maps. The model owns the weights and the prepared kernels:
 *  convolution kernels in the form that the selected algorithms need, which is larger. The first
 *  session that runs prepares the kernels while others wait. Sessions with the same algorithms
 *  share the prepared kernels. They are freed with the last session.
 *  @{
 */

/** A model and the buffers to predict with it, for one thread at a time. */
typedef struct cnn_session cnn_session_t;

/** Options of cnn_session_create(). */
typedef struct cnn_session_options_t {
    size_t struct_size;  /**< Set by #CNN_INIT. */
    uint32_t batch_size; /**< Number of images in a batch, at most 65,536. 0 = 32. */
    const cnn_image_options_t *image; /**< Limits for each photo; NULL = defaults. */
    /** 1: test-time mirroring. The network runs on each photo and on its mirror image (left to
     *  right), and the two outputs are averaged (Krizhevsky et al. 2012). This takes twice the time
     *  and does not affect cnn_session_run(). */
    int mirror;
} cnn_session_options_t;

/** Creates a session.
 *
 *  @param model  The model. It stays alive as long as the session.
 *  @param options  NULL = defaults.
 *  @param[out] session  The session, to be freed with cnn_session_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY. Any thread may call this.
 */
CNN_API cnn_status_t cnn_session_create(const cnn_model_t *model,
                                        const cnn_session_options_t *options,
                                        cnn_session_t **session);

/** Frees a session.
 *
 *  @param session  The session, or NULL.
 */
CNN_API void cnn_session_free(cnn_session_t *session);

/** The size of cnn_prediction_t::message in bytes. */
#define CNN_MESSAGE_SIZE 256

/** A model's prediction for a photo, or the reason why it failed. */
typedef struct cnn_prediction_t {
    size_t struct_size;     /**< Set by #CNN_INIT. */
    float *probabilities;   /**< Set by the caller: NULL, or an array of one float per class. */
    cnn_status_t status;    /**< CNN_OK, or the status of the failure. */
    uint32_t label;         /**< The class with the largest probability; 0 on failure. */
    const char *class_name; /**< The name of this class, owned by the model; NULL on failure. */
    float probability;      /**< The probability of this class; 0 on failure. */
    /** The error message of a photo that failed; "" if CNN_OK. If the message does not fit, "..."
     *  replaces its beginning. */
    char message[CNN_MESSAGE_SIZE];
} cnn_prediction_t;

/** Predicts the class of a photo from a JPEG file.
 *
 *  @param session  A session whose model has classes.
 *  @param path  The file.
 *  @param[out] prediction  The prediction.
 *  @return CNN_OK, or ARGUMENT, MEMORY, IO, IMAGE, SHAPE (the model has no classes).
 */
CNN_API cnn_status_t cnn_session_predict_file(cnn_session_t *session, const char *path,
                                              cnn_prediction_t *prediction);

/** Predicts the class of a photo from the bytes of a JPEG file.
 *
 *  @param session  A session whose model has classes.
 *  @param bytes  The encoded bytes; not kept.
 *  @param size  Number of bytes.
 *  @param[out] prediction  The prediction.
 *  @return CNN_OK, or ARGUMENT, MEMORY, IMAGE, SHAPE (the model has no classes).
 */
CNN_API cnn_status_t cnn_session_predict_memory(cnn_session_t *session, const void *bytes,
                                                size_t size, cnn_prediction_t *prediction);

/** Predicts the class of a photo from RGB pixels.
 *
 *  @param session  A session whose model has classes.
 *  @param rgb  `height` rows of `width` pixels of 3 bytes.
 *  @param height  1 to 65,535 pixels.
 *  @param width  1 to 65,535 pixels.
 *  @param stride  Bytes from the start of a row to the start of the next. 0 = 3 * width.
 *  @param[out] prediction  The prediction.
 *  @return CNN_OK, or ARGUMENT, MEMORY, SHAPE (the model has no classes).
 */
CNN_API cnn_status_t cnn_session_predict_rgb(cnn_session_t *session, const uint8_t *rgb,
                                             size_t height, size_t width, size_t stride,
                                             cnn_prediction_t *prediction);

/** Predicts the classes of many photos. All threads of the context decode; the network runs on
 *  batches.
 *
 *  If a photo fails, its prediction has the status and the message, and the other photos are still
 *  predicted. A path that is NULL has the status ARGUMENT.
 *  @param session  A session whose model has classes.
 *  @param paths  The files.
 *  @param n_paths  Number of files.
 *  @param[out] predictions  n_paths predictions, all with the same struct_size.
 *  @return CNN_OK if every photo was predicted, else the status of the first photo that failed:
 *          ARGUMENT, MEMORY, IO, IMAGE, SHAPE. Further failures are logged as warnings.
 */
CNN_API cnn_status_t cnn_session_predict_files(cnn_session_t *session, const char *const *paths,
                                               size_t n_paths, cnn_prediction_t *predictions);

/** Predicts the classes of many images, as cnn_session_predict_files() does for files.
 *
 *  @param session  A session whose model has classes.
 *  @param images  The images. An image that is NULL has the status ARGUMENT.
 *  @param n_images  Number of images.
 *  @param[out] predictions  n_images predictions, all with the same struct_size.
 *  @return As cnn_session_predict_files().
 */
CNN_API cnn_status_t cnn_session_predict_images(cnn_session_t *session,
                                                const cnn_image_t *const *images, size_t n_images,
                                                cnn_prediction_t *predictions);

/** Runs the network on floats, without preprocessing or classes.
 *
 *  @param session  The session.
 *  @param x  n_images inputs: each height x width x channels floats of the input layer.
 *  @param n_images  Number of inputs; it may exceed the batch size.
 *  @param[out] y  n_images outputs: each height x width x channels floats of the output layer.
 *  @return CNN_OK, or ARGUMENT, MEMORY.
 */
CNN_API cnn_status_t cnn_session_run(cnn_session_t *session, const float *x, size_t n_images,
                                     float *y);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
