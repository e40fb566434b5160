/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Training of a model on a dataset.
 */
#ifndef CNN_TRAIN_H
#define CNN_TRAIN_H

#include <catdog/dataset.h>
#include <catdog/history.h>
#include <catdog/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup train Training
 *  Training of a model on a dataset.
 *  @{
 */

/** Losses. */
typedef enum cnn_loss_t {
    CNN_LOSS_MSE = 0,                  /**< Mean squared error. */
    CNN_LOSS_BINARY_CROSS_ENTROPY = 1, /**< Cross entropy for one sigmoid output. */
    CNN_LOSS_CROSS_ENTROPY = 2         /**< Cross entropy for softmax outputs. */
} cnn_loss_t;

/** Optimizers. */
typedef enum cnn_optimizer_t {
    /** Adam (Kingma and Ba 2015, algorithm 1). With weight decay: AdamW (Loshchilov and Hutter
     *  2019). */
    CNN_OPTIMIZER_ADAM = 0,
    /** Stochastic gradient descent: v = momentum * v - rate * g; w = w + v. */
    CNN_OPTIMIZER_SGD = 1
} cnn_optimizer_t;

/** The weight of each class in the training loss. */
typedef enum cnn_class_weight_t {
    CNN_CLASS_WEIGHT_NONE = 0, /**< Every class has the weight 1. */
    /** Every class has the same total weight. The weight of a class is samples / (classes * samples
     *  of the class), as for "balanced" in scikit-learn. */
    CNN_CLASS_WEIGHT_AUTO = 1,
    CNN_CLASS_WEIGHT_VALUES = 2 /**< The values of cnn_train_options_t::class_weights. */
} cnn_class_weight_t;

/** Value of cnn_train_options_t::freeze that freezes all layers before the last dense layer. */
#define CNN_FREEZE_ALL_BUT_HEAD "*"

/** The progress of the current epoch. */
typedef struct cnn_train_progress_t {
    size_t struct_size;       /**< Set by the library. */
    uint32_t epoch;           /**< Number of the epoch, from 1. */
    uint32_t epochs;          /**< Number of epochs of the training. */
    size_t n_images;          /**< Number of images trained on in this epoch so far. */
    size_t n_images_total;    /**< Number of images of the whole epoch. */
    double loss;              /**< Mean loss of the images so far. */
    double seconds;           /**< Time since the epoch began. */
    double images_per_second; /**< Throughput since the epoch began. */
} cnn_train_progress_t;

/** Receives the progress after each batch and may stop the training.
 *
 *  @param progress  The progress, valid during the call.
 *  @param user  cnn_train_options_t::user.
 *  @return 0 to go on; any other value stops the training with CNN_ERROR_CANCELLED. The current
 *          epoch then counts as not finished.
 */
typedef int (*cnn_batch_fn)(const cnn_train_progress_t *progress, void *user);

/** Receives the metrics and times after each epoch and may stop the training.
 *
 *  @param epoch  The metrics and times, valid during the call.
 *  @param user  cnn_train_options_t::user.
 *  @return 0 to go on; any other value stops the training with CNN_ERROR_CANCELLED. The current
 *          epoch counts as finished and is in the checkpoint.
 */
typedef int (*cnn_epoch_fn)(const cnn_epoch_t *epoch, void *user);

/** Options of cnn_model_train(). "The preset's" default comes from cnn_preset_info(). It applies to
 *  a model whose graph was created by cnn_graph_create_preset(). */
typedef struct cnn_train_options_t {
    size_t struct_size; /**< Set by #CNN_INIT. */

    /** @name Steps
     *  @{ */
    uint32_t epochs;     /**< Number of epochs. 0 = the preset's, else 10. */
    /** Number of images in a batch; the last batch may have fewer. 0 = the preset's, else 32. */
    uint32_t batch_size;
    /** Number of successive epochs without a lower validation loss after which training stops. 0 =
     *  training never stops early. Needs a validation set. */
    uint32_t patience;
    /** Seed of shuffling, augmentation, mixing and dropout. 0 = the context's. */
    uint64_t seed;
    /** @} */

    /** @name Loss and optimizer
     *  @{ */
    cnn_loss_t loss;           /**< The loss. */
    cnn_optimizer_t optimizer; /**< The optimizer. */
    float learning_rate;       /**< The learning rate, above 0. 0 = the preset's, else 0.001. */
    float beta1;               /**< Adam's first decay, below 1. 0 = 0.9. */
    float beta2;               /**< Adam's second decay, below 1. 0 = 0.999. */
    float epsilon;             /**< Adam's epsilon, above 0. 0 = 1e-8. */
    float momentum;            /**< Momentum of SGD, 0 to below 1. 0 = none. */
    /** Decoupled weight decay of kernels: w -= rate * weight_decay * w. 0 = the preset's, else
     *  none; #CNN_NONE = none. */
    float weight_decay;
    /** The largest norm of all gradients together. Larger gradients are scaled down to this norm
     *  (Pascanu et al. 2013). 0 = no limit. */
    float clip_norm;
    /** @} */

    /** @name Learning-rate schedule
     *  @{ */
    cnn_schedule_t schedule; /**< The schedule. */
    /** Epochs of linear warm-up from 0, before the schedule begins (Goyal et al. 2017, arXiv
     *  1706.02677). 0 = the preset's, else none; #CNN_NONE = none. */
    int32_t warmup_epochs;
    uint32_t step_epochs; /**< #CNN_SCHEDULE_STEP: epochs between two changes. 0 = 10. */
    float step_factor;    /**< #CNN_SCHEDULE_STEP: the factor of each change. 0 = 0.1. */
    /** @} */

    /** @name Regularisation
     *  @{ */
    /** Share of each target that is distributed evenly among the classes, 0 to 0.9 (Szegedy et al.
     *  2016). It does not affect the validation loss. */
    float label_smoothing;
    /** Decay of an exponential moving average of weights and statistics (Polyak and Juditsky 1992),
     *  at most 0.999999. 0 = none. After each step the average a of a weight w becomes
     *  d * a + (1 - d) * w, where d is the smaller of this field and (1 + steps) / (10 + steps).
     *  Validation and the trained model use the average. Common values are 0.999 to 0.9999. */
    float average_decay;
    /** The weights of the classes. The training loss of a sample is multiplied by the weight of its
     *  class, and the sum is divided by the number of samples, as in Keras. The validation loss is
     *  not weighted. */
    cnn_class_weight_t class_weight;
    /** For #CNN_CLASS_WEIGHT_VALUES: a weight for each class, finite, not negative, not all 0.
     *  Otherwise NULL. */
    const double *class_weights;
    size_t n_class_weights; /**< Length of `class_weights`. */
    /** Name of the last frozen layer, or #CNN_FREEZE_ALL_BUT_HEAD. Training does not change the
     *  parameters of this layer and of all layers that were added before it. Their batch
     *  normalisation and dropout work as in prediction. NULL = no layer is frozen. */
    const char *freeze;
    /** @} */

    /** @name Augmentation
     *  Random changes of each image. They are drawn anew in each epoch, from the seed, the epoch
     *  and the image's index. 0 switches a change off, except where noted. Where rotation or shear
     *  leaves no pixels, the pixels of the image's edge are repeated.
     *  @{ */
    /** 1: mirrored left to right with probability 1/2 (Krizhevsky et al. 2012). 0 = the preset's,
     *  else no; #CNN_NONE = no. */
    int mirror;
    /** The smallest area of a random crop, as a share of the image's area, at most 1. The share is
     *  uniform from this to 1 (Szegedy et al. 2015). */
    float crop_area;
    /** The largest factor by which the crop's aspect ratio differs from the image's, 1 to 10. 0 =
     *  4/3. */
    float crop_aspect;
    /** Factor by which training images are stored larger than the network's input, in height and in
     *  width, so that crops are sharp; 1 to 4. 0 = 1. Their memory grows with its square. */
    float crop_detail;
    float rotation;   /**< The largest angle of rotation, 0 to 180 degrees (Simard et al. 2003). */
    float shear;      /**< The largest angle of shear, 0 to 45 degrees (Simard et al. 2003). */
    /** Largest change of brightness b, 0 to 1: pixels are multiplied by 1 - b to 1 + b (Howard
     *  2013). */
    float brightness;
    /** Largest change of contrast c, 0 to 1: differences to middle grey are multiplied by 1 - c to
     *  1 + c. */
    float contrast;
    /** Largest change of saturation s, 0 to 1: differences to the pixel's grey are multiplied by
     *  1 - s to 1 + s. */
    float saturation;
    float hue; /**< The largest rotation of hue, 0 to 180 degrees. */
    /** Probability, 0 to 1, that a random rectangle of 2 to 40 % of the image's area becomes noise
     *  (Zhong et al. 2017). */
    float erase;
    /** @} */

    /** @name Mixing
     *  Images of a batch are mixed in pairs, and so are their targets. Each field is the value of
     *  both parameters of the Beta distribution from which the shares are drawn, at most 100. 0 =
     *  no mixing. If both fields are set, one method is drawn for each pair. Training metrics count
     *  a mixed image as the class of its larger share.
     *  @{ */
    float mixup;  /**< Mixup: pixels are weighted means of both images (Zhang et al. 2018). */
    float cutmix; /**< CutMix: a rectangle shows the other image (Yun et al. 2019). */
    /** @} */

    /** @name Callbacks
     *  @{ */
    cnn_batch_fn on_batch; /**< Called after each batch, or NULL. */
    cnn_epoch_fn on_epoch; /**< Called after each epoch, or NULL. */
    void *user;            /**< Passed to `on_batch` and `on_epoch`. */
    /** Cancels training after the current batch; NULL = cannot be cancelled. */
    const cnn_cancel_t *cancel;
    /** @} */

    /** @name Checkpoint
     *  @{ */
    const char *checkpoint; /**< A file that is written atomically after each epoch, or NULL. */
    /** 1: training continues from the checkpoint if its file exists. The result has the same bits
     *  as a training without interruption. The call fails with MODEL_FILE if the model, the dataset
     *  or the options differ; only `epochs` may be larger, with a constant or step schedule. */
    int resume;
    /** @} */
} cnn_train_options_t;

/** Types of training options. */
typedef enum cnn_option_kind_t {
    CNN_OPTION_INTEGER = 0, /**< A whole number. */
    CNN_OPTION_REAL = 1,    /**< A floating-point number. */
    CNN_OPTION_SWITCH = 2,  /**< True or false. */
    CNN_OPTION_CHOICE = 3   /**< A name of cnn_train_option_choice(). */
} cnn_option_kind_t;

/** A field of cnn_train_options_t and its bounds. All strings are in static storage. */
typedef struct cnn_train_option_info_t {
    size_t struct_size;      /**< Set by #CNN_INIT. */
    const char *name;        /**< Name of the field, and its key in a recipe. */
    cnn_option_kind_t kind;  /**< Type of its values. */
    double minimum;          /**< The smallest value; 0 for a choice. */
    double maximum;          /**< The largest value, or the number of the last choice. */
    double default_value;    /**< The default without a preset; the number of a choice. */
    int has_preset;          /**< 1: presets have their own defaults. */
    const char *unit;        /**< Unit of the value, in the plural; "" if there is none. */
    const char *description; /**< The effect of the field: one line without a full stop. */
} cnn_train_option_info_t;

/** Returns the number of training options that determine the result of a training and are a number,
 *  a switch or a choice. Callbacks, files, class weights and `freeze` are not counted.
 *
 *  @return The number of valid indices of cnn_train_option(). Any thread may call this.
 */
CNN_API size_t cnn_train_option_count(void);

/** Describes a training option. Options are grouped by their purpose.
 *
 *  @param index  Below cnn_train_option_count().
 *  @param[out] info  The description.
 *  @return CNN_OK, or ARGUMENT. Any thread may call this.
 */
CNN_API cnn_status_t cnn_train_option(size_t index, cnn_train_option_info_t *info);

/** Returns the name of a choice of a training option.
 *
 *  @param index  The option's index.
 *  @param choice  Number of the choice, from 0.
 *  @return The name, in static storage; NULL if there is no such choice. Any thread may call this.
 */
CNN_API const char *cnn_train_option_choice(size_t index, size_t choice);

/** Sets a training option by its name.
 *
 *  @param[in,out] options  The options, with `struct_size` set. Unchanged on failure.
 *  @param name  Name of the option.
 *  @param value  The value as in a recipe, without quotes: a number with a decimal point in every
 *                locale, "true" or "false", or the name of a choice. For weight_decay,
 *                warmup_epochs and mirror, 0 or "false" also switches off the preset's default.
 *  @return CNN_OK, or ARGUMENT; the message names the option and its valid values.
 */
CNN_API cnn_status_t cnn_train_option_set(cnn_train_options_t *options, const char *name,
                                          const char *value);

/** Returns the preprocessing of training images: the model's, enlarged by crop_detail.
 *
 *  A program that loads the training set before training passes the result to cnn_dataset_load().
 *  @param context  The context.
 *  @param preprocess  The model's preprocessing; NULL = defaults.
 *  @param options  The training's options; NULL = defaults.
 *  @param[out] training  The preprocessing.
 *  @return CNN_OK, or ARGUMENT (also if a side exceeds 65,535). Any thread may call this.
 */
CNN_API cnn_status_t cnn_train_preprocess(cnn_context_t *context,
                                          const cnn_preprocess_t *preprocess,
                                          const cnn_train_options_t *options,
                                          cnn_preprocess_t *training);

/** Trains a model.
 *
 *  The validation set is evaluated after each epoch. The datasets are loaded if they are not loaded
 *  yet. Their classes must be the model's, in the same order; ASCII case does not matter.
 *
 *  Whatever status the call returns, the model then has the weights of the epoch with the lowest
 *  validation loss. Without a validation set, or before the first epoch is finished, it has the
 *  last finite weights. A training that a callback or a cancel flag stops returns CANCELLED, and
 *  its model can be used.
 *  @param model  The model. No other thread may use it.
 *  @param train  The training set.
 *  @param validation  The validation set, or NULL.
 *  @param options  NULL = defaults.
 *  @param[out] history  The finished epochs, to be freed with cnn_history_free(); may be NULL. It
 *                       is also set if the call fails after an epoch has begun.
 *  @return CNN_OK, or ARGUMENT (also for a layer to freeze that does not exist), MEMORY, SHAPE,
 *          DATA, IO, IMAGE, MODEL_FILE, CANCELLED, NAN.
 */
CNN_API cnn_status_t cnn_model_train(cnn_model_t *model, cnn_dataset_t *train,
                                     cnn_dataset_t *validation, const cnn_train_options_t *options,
                                     cnn_history_t **history);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
