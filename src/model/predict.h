/* SPDX-License-Identifier: MIT
 *
 * Prediction of any number of photos into the caller's cnn_prediction_t structs. */
#ifndef CD_MODEL_PREDICT_H
#define CD_MODEL_PREDICT_H

#include "image/image.h"
#include "model/session.h"

/* Where the photos come from. One member is set. */
struct cd_photo_source {
    const char *const *paths;         /* n files */
    const cnn_image_t *const *images; /* n images; NULL entries fail with CNN_ERROR_ARGUMENT */
    const struct cd_photo *photo;     /* a single photo */
};

/* Predicts n photos in batches of the session's size. predictions: n structs with the struct_size
 * of the first. A photo that fails has its own status, and the others go on. function: the public
 * function, for messages. Returns CNN_OK or the status of the first photo that failed, with its
 * message; logs a warning for each further one. Errors: ARGUMENT, MEMORY, IO, IMAGE, SHAPE. */
cnn_status_t cd_predict(cnn_session_t *session, const char *function,
                        const struct cd_photo_source *source, size_t n,
                        cnn_prediction_t *predictions);

#endif
