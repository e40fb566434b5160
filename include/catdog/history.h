/* SPDX-License-Identifier: MIT
 *
 * Histories: the figures of each epoch of a training. */
#ifndef CNN_HISTORY_H
#define CNN_HISTORY_H

#include <catdog/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One epoch's figures. Training figures are means over the epoch while the weights moved, as Keras
 * shows them; validation figures are of the weights at its end. Without validation data the val_
 * fields are NaN; pearson is NaN where one side does not vary. */
typedef struct cnn_epoch {
    size_t struct_size; /* set by the caller; in a callback by the library */
    uint32_t epoch;     /* from 1 */
    double loss, mse, accuracy, pearson;
    double val_loss, val_mse, val_accuracy, val_pearson;
    double learning_rate; /* of the last step */
    double seconds;       /* training and validation */
    double images_per_second; /* training alone */
    double data_wait_s;       /* of seconds, those in which nothing but pictures was waited for */
} cnn_epoch_t;

/* The epochs that were finished, the first with index 0. Errors: ARGUMENT (also if there is none of
 * that index). */
CNN_API void cnn_history_free(cnn_history_t *history);
CNN_API size_t cnn_history_epoch_count(const cnn_history_t *history);
CNN_API cnn_status_t cnn_history_epoch(const cnn_history_t *history, size_t index,
                                       cnn_epoch_t *epoch);

/* The epoch (from 1) whose weights the model has; 0 = none ended. (If it stopped inside an epoch
 * and there is no validation data, the last that ended.) */
CNN_API uint32_t cnn_history_best_epoch(const cnn_history_t *history);

/* Writes epoch,loss,mse,accuracy,pearson,val_loss,val_mse,val_accuracy,val_pearson,learning_rate,
 * seconds,images_per_second,data_wait_s as CSV with a header line, atomically; NaN as an empty
 * field. Errors: ARGUMENT, MEMORY, IO. */
CNN_API cnn_status_t cnn_history_save(const cnn_history_t *history, const char *path);

#ifdef __cplusplus
}
#endif
#endif
