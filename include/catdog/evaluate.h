/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Evaluation and calibration of a model on a dataset.
 */
#ifndef CNN_EVALUATE_H
#define CNN_EVALUATE_H

#include <catdog/dataset.h>
#include <catdog/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup evaluate Evaluation
 *  Metrics of a model on a dataset, and the calibration of its probabilities.
 *  @{
 */

/** The result of an evaluation. */
typedef struct cnn_evaluation cnn_evaluation_t;

/** Options of cnn_model_evaluate() and cnn_model_calibrate(). */
typedef struct cnn_evaluate_options_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    /** Number of images in a batch. 0 = 32. Larger batches need more memory. Results do not depend
     *  on the batch size, except for their last bits with the kernels "blas". */
    uint32_t batch_size;
    int mirror; /**< 1: test-time mirroring, as cnn_session_options_t::mirror. */
    cnn_progress_fn progress;   /**< Called after each batch, or NULL. */
    void *user;                 /**< Passed to `progress`. */
    const cnn_cancel_t *cancel; /**< Cancels the call; NULL = cannot be cancelled. */
} cnn_evaluate_options_t;

/** Evaluates a model on a dataset.
 *
 *  The dataset is loaded if it is not loaded yet. Its classes must be the model's, in the same
 *  order; ASCII case does not matter.
 *  @param model  A model with classes.
 *  @param dataset  The dataset.
 *  @param options  NULL = defaults.
 *  @param[out] evaluation  The result, to be freed with cnn_evaluation_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, SHAPE, DATA, IO, IMAGE, CANCELLED.
 */
CNN_API cnn_status_t cnn_model_evaluate(const cnn_model_t *model, cnn_dataset_t *dataset,
                                        const cnn_evaluate_options_t *options,
                                        cnn_evaluation_t **evaluation);

/** Frees an evaluation.
 *
 *  @param evaluation  The evaluation, or NULL.
 */
CNN_API void cnn_evaluation_free(cnn_evaluation_t *evaluation);

#define CNN_THRESHOLDS 10 /**< Number of thresholds of cnn_metrics_t: 0.0, 0.1, ... 0.9. */

/** The metrics of an evaluation.
 *
 *  For two classes, p is the probability of label 1. For more classes, mse and pearson compare all
 *  outputs with the one-hot labels; binary_cross_entropy is the categorical cross entropy; auc,
 *  precision and recall are means over the classes, each against the rest; and the fields about
 *  thresholds are NaN. A metric that is undefined is NaN, for example if a class has no samples or
 *  all predictions are equal. */
typedef struct cnn_metrics_t {
    size_t struct_size;          /**< Set by #CNN_INIT. */
    size_t n_samples;            /**< Number of samples. */
    double mse;                  /**< Mean squared error. */
    double binary_cross_entropy; /**< Cross entropy in nats; p is clipped to 1e-7 .. 1 - 1e-7. */
    double pearson;              /**< Pearson correlation, -1 to 1. */
    double auc;                  /**< Area under the ROC curve; ties count half. */
    double accuracy;             /**< Accuracy; for two classes at threshold 0.5. */
    double accuracy_low;         /**< Lower end of the accuracy's 95 % interval (Wilson 1927). */
    double accuracy_high;        /**< Upper end of the same interval. */
    double balanced_accuracy;    /**< Mean over the classes of the accuracy on each class. */
    double precision;            /**< Precision of label 1 at threshold 0.5. */
    double recall;               /**< Recall of label 1 at threshold 0.5. */
    double best_threshold;       /**< The lowest threshold with the best accuracy. */
    double best_accuracy;        /**< The best accuracy of all thresholds. */
    double thresholds[CNN_THRESHOLDS]; /**< The thresholds. */
    /** Accuracy for each threshold: label 1 is predicted if p is above it. */
    double threshold_accuracy[CNN_THRESHOLDS];
    /** Expected calibration error (Guo et al. 2017): the difference of mean confidence and accuracy
     *  in each bin of cnn_evaluation_reliability(), averaged over the samples. NaN if an output is
     *  not a probability. */
    double calibration_error;
} cnn_metrics_t;

/** Returns the metrics of an evaluation.
 *
 *  @param evaluation  The evaluation.
 *  @param[out] metrics  The metrics.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_evaluation_metrics(const cnn_evaluation_t *evaluation,
                                            cnn_metrics_t *metrics);

/** Returns an entry of the confusion matrix.
 *
 *  @param evaluation  The evaluation.
 *  @param actual  The label in the dataset.
 *  @param predicted  The predicted label.
 *  @return The number of samples with these two labels; 0 if a label is out of range.
 */
CNN_API size_t cnn_evaluation_confusion(const cnn_evaluation_t *evaluation, size_t actual,
                                        size_t predicted);

/** Returns the probabilities of a sample.
 *
 *  @param evaluation  The evaluation.
 *  @param index  The sample's index in the dataset.
 *  @return A probability for each class, in the order of the labels; NULL if out of range.
 */
CNN_API const float *cnn_evaluation_probabilities(const cnn_evaluation_t *evaluation, size_t index);

#define CNN_RELIABILITY_BINS 15 /**< Number of bins of cnn_evaluation_reliability(). */

/** A bin of the reliability diagram: the samples whose confidence lies within its bounds. The
 *  confidence is the probability of the predicted class. */
typedef struct cnn_reliability_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    double low;         /**< Lower bound of the bin, exclusive; inclusive if it is 0. */
    double high;        /**< Upper bound of the bin, inclusive. */
    size_t n_samples;   /**< Number of samples. */
    double confidence;  /**< Mean confidence of the samples; NaN if there are none. */
    double accuracy;    /**< Share that is predicted correctly; NaN if there are none. */
} cnn_reliability_t;

/** Returns a bin of the reliability diagram. The bins divide the range 0 to 1 evenly. A sample
 *  whose confidence is outside this range or NaN is in no bin.
 *
 *  @param evaluation  The evaluation.
 *  @param bin  Below #CNN_RELIABILITY_BINS.
 *  @param[out] reliability  The bin.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_evaluation_reliability(const cnn_evaluation_t *evaluation, size_t bin,
                                                cnn_reliability_t *reliability);

/** The result of a calibration. */
typedef struct cnn_calibration_t {
    size_t struct_size;              /**< Set by #CNN_INIT. */
    size_t n_samples;                /**< Number of samples. */
    double temperature;              /**< Temperature; above 1 if the model was overconfident. */
    double cross_entropy_before;     /**< Cross entropy before the calibration, not clipped. */
    double cross_entropy_after;      /**< Cross entropy after the calibration, not clipped. */
    double calibration_error_before; /**< cnn_metrics_t::calibration_error before calibrating. */
    double calibration_error_after;  /**< Calibration error after the calibration. */
} cnn_calibration_t;

/** Calibrates the probabilities of a model by temperature scaling (Guo et al., "On Calibration of
 *  Modern Neural Networks", 2017).
 *
 *  The temperature is a number that divides the input of the last sigmoid or softmax. The function
 *  finds the temperature with the lowest cross entropy and divides the kernel and bias of the last
 *  dense layer by it. The predicted classes do not change, except at ties and, for three or more
 *  classes, with test-time mirroring. The metadata "calibration" holds the result as a JSON object
 *  until the model is trained again. On failure the model is unchanged.
 *  @param model  A model that ends in a dense layer with sigmoid or softmax. No other thread may
 *                use it.
 *  @param dataset  A dataset that the model was not trained on, such as the validation set. It is
 *                  loaded if it is not loaded yet.
 *  @param options  NULL = defaults. With `mirror` the temperature is fitted to predictions with
 *                  test-time mirroring.
 *  @param[out] calibration  The result.
 *  @return CNN_OK, or ARGUMENT, MEMORY, SHAPE, DATA (also if no temperature from 0.01 to 100 is
 *          optimal, because all samples are predicted correctly or the predictions are no better
 *          than chance), IO, IMAGE, NAN (an output is not finite), CANCELLED.
 */
CNN_API cnn_status_t cnn_model_calibrate(cnn_model_t *model, cnn_dataset_t *dataset,
                                         const cnn_evaluate_options_t *options,
                                         cnn_calibration_t *calibration);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
