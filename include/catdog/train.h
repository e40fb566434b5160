/* SPDX-License-Identifier: MIT
 *
 * Training of a model on a dataset. */
#ifndef CNN_TRAIN_H
#define CNN_TRAIN_H

#include <catdog/dataset.h>
#include <catdog/graph.h>
#include <catdog/history.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cnn_loss {
    CNN_LOSS_MSE = 0, /* mean squared error: the article's */
    CNN_LOSS_BINARY_CROSS_ENTROPY = 1, /* needs one sigmoid output */
    CNN_LOSS_CROSS_ENTROPY = 2         /* needs softmax outputs */
} cnn_loss_t;

typedef enum cnn_optimizer {
    CNN_OPTIMIZER_ADAM = 0, /* Kingma and Ba 2015, algorithm 1; with weight_decay decoupled:
                               AdamW, Loshchilov and Hutter 2019 */
    CNN_OPTIMIZER_SGD = 1   /* with momentum: v = momentum * v - rate * g; w = w + v */
} cnn_optimizer_t;

typedef enum cnn_class_weight {
    CNN_CLASS_WEIGHT_NONE = 0,  /* every photo counts 1 */
    CNN_CLASS_WEIGHT_AUTO = 1,  /* photos / (classes * photos of the class), as scikit-learn's
                                   "balanced": each class counts as much as any other */
    CNN_CLASS_WEIGHT_VALUES = 2 /* cnn_train_options_t.class_weights */
} cnn_class_weight_t;

/* For cnn_train_options_t.freeze: everything before the head, which is the last dense layer. */
#define CNN_FREEZE_ALL_BUT_HEAD "*"

/* What a callback is told. All figures are of the current epoch so far. */
typedef struct cnn_train_progress {
    size_t struct_size; /* set by the library */
    uint32_t epoch;     /* 1 .. epochs */
    uint32_t epochs;
    size_t images; /* trained on in this epoch so far */
    size_t images_total;
    double loss; /* mean over those images */
    double seconds;
    double images_per_second;
} cnn_train_progress_t;

typedef struct cnn_train_options {
    size_t struct_size;
    uint32_t epochs;     /* 0 = the preset's, else 10 */
    uint32_t batch_size; /* 0 = the preset's, else 32; the last batch of an epoch may be smaller */
    cnn_loss_t loss;
    cnn_optimizer_t optimizer;
    float learning_rate; /* 0 = the preset's, else 0.001 */
    float beta1;         /* Adam: 0 = 0.9 */
    float beta2;         /* Adam: 0 = 0.999 */
    float epsilon;       /* Adam: 0 = 1e-8 */
    float momentum;      /* SGD: 0 = none */
    float weight_decay;  /* decoupled: w -= rate * weight_decay * w, kernels only. 0 = the preset's,
                            else none; below 0 = none */
    cnn_schedule_t schedule;
    /* linear from 0, before the schedule, which then begins (Goyal et al. 2017, arXiv 1706.02677);
     * 0 = the preset's, else none; below 0 = none */
    int32_t warmup_epochs;
    uint32_t step_epochs;  /* CNN_SCHEDULE_STEP: 0 = 10 */
    float step_factor;     /* CNN_SCHEDULE_STEP: 0 = 0.1 */
    uint32_t patience; /* stop after so many epochs without a better validation loss; 0 = never.
                          Needs validation data */
    int mirror; /* 1: each time a photo is trained on, it is mirrored left to right with probability
                   1/2 (Krizhevsky et al. 2012); 0 = the preset's, else off; below 0 = off */
    uint64_t seed; /* of shuffling, augmentation (mirroring, too), mixing and dropout; 0 = the
                      context's */
    /* After a batch, after an epoch; return nonzero to stop: the fit ends well with what it has. */
    int (*on_batch)(const cnn_train_progress_t *progress, void *user);
    int (*on_epoch)(const cnn_epoch_t *epoch, void *user);
    void *user;
    const cnn_cancel_t *cancel; /* when requested: the batch is finished, then CANCELLED */
    const char *checkpoint;     /* NULL, or a file written atomically after each epoch */
    int resume; /* 1: go on from checkpoint if the file exists. The result has the same bits as
                   training without a stop. Model, data and options must be those it was made with
                   (MODEL_FILE if not); only epochs may grow, with a constant or step schedule. */
    /* Augmentation: what happens to a photo, beside mirror, each time it is trained on. It is drawn
     * by seed, epoch and the photo's place in the data. 0 = not done. Where a picture is turned or
     * sheared beyond its edge, the edge's pixels go on. */
    float crop_area;   /* train on a random part of the photo (Krizhevsky et al. 2012), enlarged:
                          its share of the area is uniform from this to 1 (Szegedy et al. 2015); at
                          most 1 */
    float crop_aspect; /* of that part: width over height is the photo's times a factor from the
                          inverse of this to this; 0 = 4/3; 1 to 10 */
    /* Turned and sheared: Simard et al. 2003. Colours: Howard 2013, arXiv 1312.5402. */
    float rotation;    /* degrees at most, either way; 0 to 180 */
    float shear;       /* degrees at most, either way; 0 to 45 */
    float brightness;  /* times 1 - this to 1 + this; 0 to 1, as the next two */
    float contrast;    /* the distance to the middle grey, times 1 - this to 1 + this */
    float saturation;  /* the distance to the grey of the same luma, times 1 - this to 1 + this */
    float hue;         /* degrees at most, either way; 0 to 180 */
    /* with this probability a random rectangle of 2 to 40 % of the picture becomes noise (Zhong et
     * al. 2017); 0 to 1 */
    float erase;
    /* Pictures of a batch are mixed in pairs, and trained towards both labels. The share is drawn
     * from a Beta distribution whose two parameters are this; 0 = not done; at most 100. With both,
     * a coin is tossed for each pair. Figures of the training epoch are by the label of the larger
     * share. */
    float mixup;  /* pictures are added (Zhang et al. 2018) */
    float cutmix; /* a rectangle of the one is put into the other (Yun et al. 2019) */
    /* so much of each target is shared out evenly among the classes (Szegedy et al. 2016); 0 to
     * 0.9. Not in the validation loss */
    float label_smoothing;
    /* 0 = none. Else validation, the best epoch and the model that is left are of an exponential
     * moving average of the weights (Polyak and Juditsky 1992) and of batch normalisation's
     * statistics: a = d a + (1 - d) w after each step, where d is the smaller of this and (1 +
     * steps) / (10 + steps). 0.999 to 0.9999 are common; at most 0.999999 */
    float average_decay;
    /* 0 = none. Else gradients whose norm, over all parameters, is larger are scaled down to this
     * (Pascanu et al. 2013) */
    float clip_norm;
    /* How much a photo counts in the training loss, by its class: its term is multiplied by this
     * (and the sum divided by the number of photos, as Keras does). Validation counts each photo
     * 1. */
    cnn_class_weight_t class_weight;
    const double *class_weights; /* CNN_CLASS_WEIGHT_VALUES: one a class, finite, not negative, not
                                    all 0; otherwise NULL */
    size_t n_class_weights;
    /* NULL, or the name of a layer (or CNN_FREEZE_ALL_BUT_HEAD): it and all layers before it in the
     * graph's order stay as they are, every weight with all its bits. Batch normalisation among
     * them works as in prediction and leaves its statistics as they are; dropout drops nothing.
     * ARGUMENT if there is no such layer, or nothing is left to be trained. */
    const char *freeze;
    float crop_detail; /* training photos are held at so many times the height and width of what the
                          network sees, so that a part that crop_area cuts out is sharp and not an
                          enlargement; 0 = 1, at most 4. Their pixels take the square of it */
} cnn_train_options_t;

/** The kinds of a training option's value. */
typedef enum cnn_option_kind {
    CNN_OPTION_INTEGER = 0, /**< a whole number */
    CNN_OPTION_REAL = 1,    /**< a float */
    CNN_OPTION_SWITCH = 2,  /**< true or false */
    CNN_OPTION_CHOICE = 3   /**< one of the names of cnn_train_option_choice() */
} cnn_option_kind_t;

/** What a field of cnn_train_options_t can hold. All texts have static storage. */
typedef struct cnn_train_option_info {
    size_t struct_size;       /**< set by the caller */
    const char *name;         /**< of the field; also its key in a recipe */
    cnn_option_kind_t kind;   /**< which values it has */
    double minimum;           /**< the smallest value; CHOICE: 0 */
    double maximum;           /**< the largest value; CHOICE: the number of the last choice */
    double standard;          /**< the default without a preset; CHOICE: the number of a choice */
    int has_preset;           /**< 1: the graph of a preset brings a default of its own */
    const char *unit;         /**< of the value, in the plural; "" if it has none */
    const char *description;  /**< what it does, in one line without a full stop */
} cnn_train_option_info_t;

/** Counts the training options: the fields of cnn_train_options_t that have a number, a switch or a
 * choice and determine the result of a training. Callbacks, files, class weights and freeze are not
 * among them. Any thread. */
CNN_API size_t cnn_train_option_count(void);

/** Describes option number index, in the order of the struct. Errors: ARGUMENT. Any thread. */
CNN_API cnn_status_t cnn_train_option(size_t index, cnn_train_option_info_t *info);

/** Returns the name of choice number `choice` of option number index, NULL if there is no such
 * choice. Static storage. Any thread. */
CNN_API const char *cnn_train_option_choice(size_t index, size_t choice);

/** Sets an option by its name. value is written as in a recipe, without quotes: a number with a
 * decimal point whatever the locale is, "true" or "false", or the name of a choice. options: its
 * struct_size is set; unchanged on failure. A weight_decay, warmup_epochs or mirror of 0 or false
 * switches the preset's off.
 * Errors: ARGUMENT; the message names the option and says what it must be. */
CNN_API cnn_status_t cnn_train_option_set(cnn_train_options_t *options, const char *name,
                                          const char *value);

/* How cnn_model_train loads its training photos for a model with this preprocess: the same, but
 * higher and wider by options' crop_detail. options and preprocess may be NULL. training: its
 * struct_size is set by the caller. For a program that loads a data set itself. Errors: ARGUMENT
 * (also for sides beyond 65,535). Any thread. */
CNN_API cnn_status_t cnn_train_preprocess(cnn_context_t *context,
                                          const cnn_preprocess_t *preprocess,
                                          const cnn_train_options_t *options,
                                          cnn_preprocess_t *training);

/* Trains the model on data, with a look at validation (may be NULL) after each epoch. Data sets
 * that are not loaded with the model's preprocess yet (data: with that of cnn_train_preprocess) are
 * loaded with it; their classes must be the model's, in its order (ASCII case does not matter).
 * However it ends (also CANCELLED and NAN), the model then has the weights of the epoch with the
 * lowest validation loss (without validation data, or before any epoch ended: the last finite
 * ones). history may be NULL; otherwise, once an epoch was begun, *history tells the epochs that
 * were ended, whatever the status. Errors: ARGUMENT, MEMORY, SHAPE, DATA, IO, IMAGE, MODEL_FILE,
 * CANCELLED, NAN. */
CNN_API cnn_status_t cnn_model_train(cnn_model_t *model, cnn_dataset_t *data,
                                   cnn_dataset_t *validation, const cnn_train_options_t *options,
                                   cnn_history_t **history);

#ifdef __cplusplus
}
#endif
#endif
