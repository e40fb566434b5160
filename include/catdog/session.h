/* SPDX-License-Identifier: MIT
 *
 * Sessions: prediction. Each thread that predicts has its own session; any number of sessions
 * share a model at once, without locks between them. A session sees the current weights of its model,
 * so the model must not be trained while its sessions run. A session owns its feature maps. The model
 * owns the weights and the kernels of convolutions in the form that the algorithms need, which are
 * larger: the first session to run makes these while the others wait, and sessions whose layers use
 * the same algorithms share them. They are freed with the last session. */
#ifndef CNN_SESSION_H
#define CNN_SESSION_H

#include <catdog/model.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cnn_session_options {
    size_t struct_size;
    uint32_t batch_size; /* pictures run at a time, at most 65,536; 0 = 32. Memory grows with it. */
    const cnn_image_options_t *image; /* limits for each photo; NULL = defaults */
    int mirror; /* 1: photos are run as cnn_evaluate_options_t's mirror says; cnn_session_run is not
                   changed by it */
} cnn_session_options_t;

/* Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_session_create(const cnn_model_t *model,
                                        const cnn_session_options_t *options,
                                        cnn_session_t **session);
CNN_API void cnn_session_free(cnn_session_t *session);

typedef struct cnn_prediction {
    size_t struct_size;   /* set by the caller */
    float *probabilities; /* set by the caller: NULL, or room for one value a class */
    cnn_status_t status;  /* of this photo; the fields below count if it is CNN_OK */
    uint32_t label;       /* the class with the largest probability */
    const char *class_name; /* its name, owned by the model */
    float probability;      /* its probability: 0..1, if the network ends in sigmoid or softmax */
} cnn_prediction_t;

/* One photo, from a file, from JPEG bytes, or from RGB pixels whose rows begin stride bytes apart
 * (0 = 3 * width). The model needs classes. Errors: ARGUMENT, MEMORY, IO, IMAGE, SHAPE. */
CNN_API cnn_status_t cnn_session_predict_file(cnn_session_t *session, const char *path,
                                              cnn_prediction_t *prediction);
CNN_API cnn_status_t cnn_session_predict_memory(cnn_session_t *session, const void *bytes,
                                              size_t size, cnn_prediction_t *prediction);
CNN_API cnn_status_t cnn_session_predict_rgb(cnn_session_t *session, const uint8_t *rgb,
                                             size_t height, size_t width, size_t stride,
                                             cnn_prediction_t *prediction);

/* n photos in batches. predictions: n structs, all with the struct_size of the first. A photo that
 * fails has its own status and the others go on; the call returns CNN_OK, or the status of the
 * first photo that failed: cnn_error_message tells of that one, warnings in the log of the others.
 * A NULL entry of paths or images is CNN_ERROR_ARGUMENT for that photo. */
CNN_API cnn_status_t cnn_session_predict_files(cnn_session_t *session, const char *const *paths,
                                               size_t n, cnn_prediction_t *predictions);
CNN_API cnn_status_t cnn_session_predict_images(cnn_session_t *session,
                                                const cnn_image_t *const *images, size_t n,
                                                cnn_prediction_t *predictions);

/* The bare network: x is n x height x width x channels floats as the input layer is shaped, already
 * normalised; y receives n x outputs floats (the output layer's height x width x channels).
 * Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_session_run(cnn_session_t *session, const float *x, size_t n, float *y);

#ifdef __cplusplus
}
#endif
#endif
