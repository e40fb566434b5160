/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Models: a network with its weights, classes and preprocessing.
 */
#ifndef CNN_MODEL_H
#define CNN_MODEL_H

#include <catdog/graph.h>
#include <catdog/image.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup model Model
 *  A network with its weights, its classes and its preprocessing.
 *
 *  Any number of threads may predict with a model at once. While a thread changes a model (trains
 *  it, calibrates it or sets parameters), no other thread may use it.
 *  @{
 */

/** A network with its weights, its classes and its preprocessing. */
typedef struct cnn_model cnn_model_t;

/** Options of cnn_model_create(). */
typedef struct cnn_model_options_t {
    size_t struct_size;         /**< Set by #CNN_INIT. */
    const char *const *classes; /**< Names in the order of the labels. NULL = "0", "1", ... */
    size_t n_classes;           /**< 2 for one output, otherwise the number of outputs. */
    /** How photos become the input. NULL = squashed to the input's size, pixels from 0 to 1. Height
     *  and width must be 0 or the input's. */
    const cnn_preprocess_t *preprocess;
    cnn_initializer_t initializer; /**< Initializer of layers with #CNN_INITIALIZER_DEFAULT. */
    uint64_t seed;                 /**< Seed of the initial weights. 0 = the context's. */
} cnn_model_options_t;

/** Creates a model with initial weights.
 *
 *  A model classifies photos if its input has 3 channels and its output is flat. Otherwise it has
 *  no classes, and only cnn_session_run() runs it. A classifier ends in sigmoid (one output) or
 *  softmax. A single output p is the probability of label 1; label 0 has the probability 1 - p.
 *  @param graph  The network. It is copied.
 *  @param options  NULL = defaults.
 *  @param[out] model  The model, to be freed with cnn_model_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, SHAPE.
 */
CNN_API cnn_status_t cnn_model_create(const cnn_graph_t *graph, const cnn_model_options_t *options,
                                      cnn_model_t **model);

/** Frees a model.
 *
 *  @param model  The model, or NULL.
 */
CNN_API void cnn_model_free(cnn_model_t *model);

/** Options of cnn_model_adapt(). */
typedef struct cnn_model_adapt_options_t {
    size_t struct_size;         /**< Set by #CNN_INIT. */
    const char *const *classes; /**< Names in label order, at least 2. NULL = the model's own. */
    size_t n_classes;           /**< Length of `classes`. */
    /** Initializer of the new head. Default: all weights are 0, so that every class is equally
     *  probable (Kolesnikov et al., "Big Transfer", 2020). */
    cnn_initializer_t initializer;
    uint64_t seed;  /**< Seed of the head's weights. 0 = the context's. */
    int fresh_head; /**< 1: a new head even if the classes are the model's own, in its order. */
    /** Height of the input in pixels. `height` and `width` are both 0 to keep the model's size.
     *  Another size needs a network with global pooling before its dense layers. A network that was
     *  trained on random crops may be more accurate on slightly larger photos (Touvron et al.,
     *  "Fixing the train-test resolution discrepancy", 2019). */
    uint32_t height;
    uint32_t width; /**< Width of the input in pixels. */
} cnn_model_adapt_options_t;

/** Creates a model for other classes, or for another input size, from a trained model.
 *
 *  All weights are copied. For other classes the head is replaced: the last dense layer and its
 *  activation become a new dense layer of the same name. It has one sigmoid output for two classes,
 *  and a softmax output for each of more classes. Fine-tuning then trains all layers of the model,
 *  or only its last layers (cnn_train_options_t::freeze). For another size every layer keeps its
 *  padding in pixels. The new model belongs to no preset. Metadata is copied; the entries that
 *  describe the origin of `from` become the JSON object "adapted_from".
 *  @param from  The trained model. It is not changed.
 *  @param options  NULL = defaults.
 *  @param[out] model  The new model, to be freed with cnn_model_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, SHAPE (`from` has no classes; it does not end in a dense
 *          layer; a layer does not fit the new size).
 */
CNN_API cnn_status_t cnn_model_adapt(const cnn_model_t *from,
                                     const cnn_model_adapt_options_t *options, cnn_model_t **model);

/** Loads a model file that cnn_model_save() wrote, in the safetensors format.
 *
 *  The file is checked completely. The message names the file and the invalid tensor.
 *  @param context  The context.
 *  @param path  The file.
 *  @param[out] model  The model, to be freed with cnn_model_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, IO, MODEL_FILE, UNSUPPORTED (a big-endian machine).
 */
CNN_API cnn_status_t cnn_model_load(cnn_context_t *context, const char *path, cnn_model_t **model);

/** Loads a model file from memory, as cnn_model_load() does.
 *
 *  @param context  The context.
 *  @param bytes  The file's bytes; not kept.
 *  @param size  Number of bytes.
 *  @param[out] model  The model, to be freed with cnn_model_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, MODEL_FILE, UNSUPPORTED.
 */
CNN_API cnn_status_t cnn_model_load_memory(cnn_context_t *context, const void *bytes, size_t size,
                                           cnn_model_t **model);

/** Loads the built-in model, which distinguishes cats (label 1) from dogs (label 0).
 *
 *  Its file is part of the library's read-only data. A library that was built with BUILTIN=no reads
 *  the file that was installed with it. Each call parses the file again, so a program should load
 *  the model once and create all sessions from it.
 *  @param context  The context.
 *  @param[out] model  The model, to be freed with cnn_model_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, MODEL_FILE, IO, UNSUPPORTED (there is no built-in model; a
 *          big-endian machine). Any thread may call this.
 */
CNN_API cnn_status_t cnn_model_load_builtin(cnn_context_t *context, cnn_model_t **model);

/** Precision of the weights in a model file. */
typedef enum cnn_precision_t {
    CNN_PRECISION_FLOAT = 0, /**< 32 bits: the weights are stored exactly. */
    /** 16 bits (IEEE 754 binary16, rounded to nearest even) for kernels, 32 bits for biases and
     *  batch normalisation. The file has half the size. A loaded model has 32-bit weights. */
    CNN_PRECISION_HALF = 1
} cnn_precision_t;

/** Options of cnn_model_save(). */
typedef struct cnn_model_save_options_t {
    size_t struct_size;        /**< Set by #CNN_INIT. */
    cnn_precision_t precision; /**< Precision of the weights in the file. */
} cnn_model_save_options_t;

/** Writes a model as a safetensors file. The model is not changed.
 *
 *  An existing file is replaced atomically (temporary file, fsync, rename). If the process is
 *  killed, the path holds the complete old file or the complete new file.
 *  @param model  The model.
 *  @param path  The file.
 *  @param options  NULL = defaults.
 *  @return CNN_OK, or ARGUMENT, MEMORY, IO, NAN (with #CNN_PRECISION_HALF: a weight is not finite
 *          or exceeds 65,504), UNSUPPORTED (a big-endian machine).
 */
CNN_API cnn_status_t cnn_model_save(const cnn_model_t *model, const char *path,
                                    const cnn_model_save_options_t *options);

/** Returns the graph of a model.
 *
 *  @param model  The model.
 *  @return The graph, which belongs to the model.
 */
CNN_API const cnn_graph_t *cnn_model_graph(const cnn_model_t *model);

/** Returns the number of classes.
 *
 *  @param model  The model.
 *  @return The number of classes; 0 if the model does not classify photos.
 */
CNN_API size_t cnn_model_class_count(const cnn_model_t *model);

/** Returns the name of a class.
 *
 *  @param model  The model.
 *  @param index  The label of the class.
 *  @return The name; NULL if the index is out of range.
 */
CNN_API const char *cnn_model_class_name(const cnn_model_t *model, size_t index);

/** Returns the preprocessing of a model, with all defaults filled in.
 *
 *  @param model  The model.
 *  @param[out] preprocess  The preprocessing.
 *  @return CNN_OK, or ARGUMENT, SHAPE (the model does not classify photos).
 */
CNN_API cnn_status_t cnn_model_preprocess(const cnn_model_t *model, cnn_preprocess_t *preprocess);

/** A parameter tensor: the kernel, the bias or a statistic of a layer. */
typedef struct cnn_parameter_info_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    const char *name;   /**< "conv2d/kernel", "conv2d/bias", "batch_norm/moving_mean", ... */
    uint32_t rank;      /**< Number of dimensions, 1 to 4. */
    /** The dimensions. A convolution's kernel: height x width x inputs x outputs. A dense kernel:
     *  inputs x outputs. */
    size_t dims[4];
    size_t n_values; /**< Number of values: the product of the dimensions. */
    int trainable;   /**< 1: trained weights. 0: a running statistic of batch normalisation. */
} cnn_parameter_info_t;

/** Returns the number of parameters.
 *
 *  @param model  The model.
 *  @return The number of valid indices of cnn_model_parameter().
 */
CNN_API size_t cnn_model_parameter_count(const cnn_model_t *model);

/** Describes a parameter. Parameters are in the order of the layers.
 *
 *  @param model  The model.
 *  @param index  Below cnn_model_parameter_count().
 *  @param[out] info  The description.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_model_parameter(const cnn_model_t *model, size_t index,
                                         cnn_parameter_info_t *info);

/** Copies the values of a parameter.
 *
 *  @param model  The model.
 *  @param name  The parameter's name.
 *  @param n_values  The parameter's number of values.
 *  @param[out] values  n_values floats.
 *  @return CNN_OK, or ARGUMENT (also for an unknown name or another number of values).
 */
CNN_API cnn_status_t cnn_model_parameter_values(const cnn_model_t *model, const char *name,
                                                size_t n_values, float *values);

/** Sets the values of a parameter. Sessions of the model use the new values.
 *
 *  @param model  The model.
 *  @param name  The parameter's name.
 *  @param values  n_values finite floats.
 *  @param n_values  The parameter's number of values.
 *  @return CNN_OK, or ARGUMENT, NAN (a value is not finite; nothing is changed).
 */
CNN_API cnn_status_t cnn_model_set_parameter_values(cnn_model_t *model, const char *name,
                                                    const float *values, size_t n_values);

/** Returns a metadata text. Metadata is saved in the model file. cnn_model_train() sets the text
 *  "training", a JSON object of its options and results.
 *
 *  @param model  The model.
 *  @param key  The text's key.
 *  @return The text, valid until the key is set again; NULL for an unknown key.
 */
CNN_API const char *cnn_model_metadata(const cnn_model_t *model, const char *key);

/** Sets a metadata text. Metadata is saved in the model file. A model has at most 1,024 keys.
 *
 *  @param model  The model.
 *  @param key  1 to 63 letters, digits, "_", "-" and ".".
 *  @param value  The text; it is copied. NULL removes the key.
 *  @return CNN_OK, or ARGUMENT, MEMORY.
 */
CNN_API cnn_status_t cnn_model_set_metadata(cnn_model_t *model, const char *key, const char *value);

/** Computes the output of a layer for a photo.
 *
 *  The photo is preprocessed as the model requires. The result has the same bits for every number
 *  of threads. Any number of threads may call this with one model.
 *  @param model  A model with classes.
 *  @param photo  The photo; not kept.
 *  @param layer  The layer's name.
 *  @param n_values  The layer's height * width * channels (cnn_layer_info_t).
 *  @param[out] values  n_values floats: height x width x channels.
 *  @return CNN_OK, or ARGUMENT (also for an unknown layer or another number of values), MEMORY,
 *          SHAPE (the model does not classify photos).
 */
CNN_API cnn_status_t cnn_model_layer_output(const cnn_model_t *model, const cnn_image_t *photo,
                                            const char *layer, size_t n_values, float *values);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
