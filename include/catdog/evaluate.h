/* SPDX-License-Identifier: MIT
 *
 * Evaluation of a model on a dataset, and calibration of its probabilities. */
#ifndef CNN_EVALUATE_H
#define CNN_EVALUATE_H

#include <catdog/dataset.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CNN_THRESHOLDS 10

/* Two classes: figures of the probability p of class 1 against the label 0 or 1. More classes:
 * mse, pearson over all outputs against the one-hot labels; cross entropy of the labelled class;
 * auc, precision, recall averaged over the classes (one against the rest); the threshold figures
 * are NaN. A figure that is not defined (a class is missing, nothing varies) is NaN. */
typedef struct cnn_metrics {
    size_t struct_size; /* set by the caller */
    size_t photos;
    double mse;
    double binary_cross_entropy; /* natural logarithm; probabilities clipped to 1e-7 .. 1 - 1e-7 */
    double pearson;
    double auc;      /* area under the ROC curve, ties counted half */
    double accuracy; /* two classes: at threshold 0.5 */
    double balanced_accuracy;
    double precision; /* at 0.5, of class 1 */
    double recall;
    double best_threshold; /* the lowest of the ten with the best accuracy */
    double best_accuracy;
    double thresholds[CNN_THRESHOLDS]; /* 0.0, 0.1 .. 0.9 */
    double threshold_accuracy[CNN_THRESHOLDS]; /* class 1 if p > threshold */
    /* Expected calibration error (Guo et al. 2017): how far confidence and accuracy are apart, on
     * average over the photos, in bins of the confidence (cnn_evaluation_reliability). NaN if an
     * output is no probability. */
    double calibration_error;
    double accuracy_low; /* where the accuracy on all photos of this kind may be: an interval that
                            holds it in 95 of 100 such data sets (Wilson 1927) */
    double accuracy_high;
} cnn_metrics_t;

typedef struct cnn_evaluate_options {
    size_t struct_size;
    uint32_t batch_size; /* pictures run at a time, 0 = 32. Memory grows with it; results do not
                            depend on it, but for the last bits with the kernels "blas" */
    cnn_progress_fn progress;
    void *user;
    const cnn_cancel_t *cancel;
    int mirror; /* 1: each photo is run as it is and mirrored left to right, and the mean of the two
                   outputs counts (as Krizhevsky et al. 2012); twice the time */
} cnn_evaluate_options_t;

/* Runs the model over a data set (loaded with the model's preprocess if it is not yet; classes as
 * in cnn_model_train).
 * Errors: ARGUMENT, MEMORY, SHAPE, DATA, IO, IMAGE, CANCELLED. */
CNN_API cnn_status_t cnn_model_evaluate(const cnn_model_t *model, cnn_dataset_t *dataset,
                                        const cnn_evaluate_options_t *options,
                                        cnn_evaluation_t **evaluation);
CNN_API void cnn_evaluation_free(cnn_evaluation_t *evaluation);

/* The figures over all photos. Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_evaluation_metrics(const cnn_evaluation_t *evaluation,
                                            cnn_metrics_t *metrics);

/* Photos of class actual that were taken for class predicted. 0 if out of range. */
CNN_API size_t cnn_evaluation_confusion(const cnn_evaluation_t *evaluation, size_t actual,
                                        size_t predicted);

/* The probability of each class for sample index of the data set, in its order; NULL if out of
 * range. Two classes: [1 - p, p]. */
CNN_API const float *cnn_evaluation_probabilities(const cnn_evaluation_t *evaluation, size_t index);

#define CNN_RELIABILITY_BINS 15

/* The photos of an evaluation whose confidence, the probability of the class that is told, is
 * within bounds. */
typedef struct cnn_reliability {
    size_t struct_size; /* set by the caller */
    double low, high;   /* above low, at most high; the first bin also has 0 */
    size_t photos;
    double confidence; /* their mean; NaN of no photos */
    double accuracy;   /* their share that is told right; NaN of no photos */
} cnn_reliability_t;

/* bin: below CNN_RELIABILITY_BINS; they share 0 to 1 out evenly. A photo whose confidence is no
 * number from 0 to 1 is in none. Errors: ARGUMENT (bin out of range). */
CNN_API cnn_status_t cnn_evaluation_reliability(const cnn_evaluation_t *evaluation, size_t bin,
                                                cnn_reliability_t *reliability);

typedef struct cnn_calibration {
    size_t struct_size; /* set by the caller */
    size_t photos;
    double temperature;          /* above 1: the model was too sure of itself */
    double cross_entropy_before; /* of the labelled class, natural logarithm, not clipped */
    double cross_entropy_after;
    double calibration_error_before; /* as cnn_metrics_t's */
    double calibration_error_after;
} cnn_calibration_t;

/* Temperature scaling (Guo et al. 2017, "On Calibration of Modern Neural Networks"): finds the
 * temperature by which what enters the last sigmoid or softmax is to be divided for the lowest
 * cross entropy on a data set, which the model should not have been trained on (the validation
 * part), and divides kernel and bias of the last dense layer by it. Probabilities change; which
 * class is told stays as it is (but for rounding at a tie, and, of three classes or more, where two
 * looks of mirror differ). Nothing else needs to know. The model keeps the result as the metadata
 * "calibration", a JSON object, until it is trained on. The last layer is dense with one sigmoid or
 * several softmax outputs, or such an activation behind a dense layer without one; else SHAPE.
 * options (NULL: defaults): as of cnn_model_evaluate. With mirror the temperature is the one that
 * fits predictions with mirror; progress is called for each photo once. The model must not be in
 * use by another thread; sessions see the new values. On failure it is as before.
 * Errors: ARGUMENT, MEMORY, SHAPE, DATA (also if no temperature from 0.01 to 100 is best: every
 * photo is told right, or nothing is told better than by chance), IO, IMAGE, NAN (an output),
 * CANCELLED. */
CNN_API cnn_status_t cnn_model_calibrate(cnn_model_t *model, cnn_dataset_t *dataset,
                                         const cnn_evaluate_options_t *options,
                                         cnn_calibration_t *calibration);

#ifdef __cplusplus
}
#endif
#endif
