/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Histories: the figures of each epoch of a training.
 */
#ifndef CNN_HISTORY_H
#define CNN_HISTORY_H

#include <catdog/context.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup history History
 *  The figures of each epoch of a training.
 *  @{
 */

/** The finished epochs of a training. */
typedef struct cnn_history cnn_history_t;

/** The metrics and times of an epoch.
 *
 *  Training metrics are means over the epoch, during which the weights changed, as in Keras.
 *  Validation metrics are computed with the weights at the end of the epoch. They are NaN if there
 *  is no validation set. A correlation is NaN if the predictions or the labels are all equal. */
typedef struct cnn_epoch_t {
    size_t struct_size;   /**< Set by #CNN_INIT, or by the library for a callback. */
    uint32_t epoch;       /**< Number of the epoch, from 1. */
    double loss;          /**< Training loss. */
    double mse;           /**< Mean squared error on the training set. */
    double accuracy;      /**< Accuracy on the training set, 0 to 1. */
    double pearson;       /**< Pearson correlation on the training set, -1 to 1. */
    double val_loss;      /**< Loss on the validation set. */
    double val_mse;       /**< Mean squared error on the validation set. */
    double val_accuracy;  /**< Accuracy on the validation set, 0 to 1. */
    double val_pearson;   /**< Pearson correlation on the validation set, -1 to 1. */
    double learning_rate; /**< Learning rate of the last step. */
    double seconds;       /**< Time of training and validation. */
    double images_per_second; /**< Training throughput. */
    double data_wait_seconds; /**< Time that the training waited for images. */
} cnn_epoch_t;

/** Frees a history.
 *
 *  @param history  The history, or NULL.
 */
CNN_API void cnn_history_free(cnn_history_t *history);

/** Returns the number of finished epochs.
 *
 *  @param history  The history.
 *  @return The number of epochs.
 */
CNN_API size_t cnn_history_epoch_count(const cnn_history_t *history);

/** Returns the metrics and times of an epoch.
 *
 *  @param history  The history.
 *  @param index  Below cnn_history_epoch_count(); the first epoch has index 0.
 *  @param[out] epoch  The metrics and times.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_history_epoch(const cnn_history_t *history, size_t index,
                                       cnn_epoch_t *epoch);

/** Returns the epoch whose weights the model has: the epoch with the lowest validation loss, or the
 *  last epoch if there is no validation set.
 *
 *  @param history  The history.
 *  @return The epoch's number, from 1; 0 if no epoch was finished.
 */
CNN_API uint32_t cnn_history_best_epoch(const cnn_history_t *history);

/** Writes a history as a CSV file with a header line. An existing file is replaced atomically.
 *
 *  The columns are epoch, loss, mse, accuracy, pearson, val_loss, val_mse, val_accuracy,
 *  val_pearson, learning_rate, seconds, images_per_second and data_wait_s. NaN is an empty field.
 *  @param history  The history.
 *  @param path  The file.
 *  @return CNN_OK, or ARGUMENT, MEMORY, IO.
 */
CNN_API cnn_status_t cnn_history_save(const cnn_history_t *history, const char *path);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
