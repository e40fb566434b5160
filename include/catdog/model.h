/* SPDX-License-Identifier: MIT
 *
 * Models: a graph, its weights, its classes and its preprocessing. */
#ifndef CNN_MODEL_H
#define CNN_MODEL_H

#include <catdog/graph.h>
#include <catdog/image.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cnn_model_options {
    size_t struct_size;
    const char *const *classes; /* in label order; NULL = "0", "1", ... */
    size_t n_classes;           /* must fit the output: 1 output = 2 classes, else as many */
    const cnn_preprocess_t *preprocess; /* NULL = squash to the input's size, scale to [0,1]. Its
                                           height and width, unless 0, must be the input's. */
    cnn_initializer_t initializer;      /* for layers whose own is DEFAULT */
    uint64_t seed;                      /* of the initial weights; 0 = the context's */
} cnn_model_options_t;

/* Makes a model with fresh weights. graph is copied and may be freed. Only graphs whose output is
 * flat and whose input has 3 channels can have classes and see photos; others run through
 * cnn_session_run. Class names are UTF-8 and differ. Probabilities are the outputs as they are (one
 * output p: 1 - p and p), so the last layer of a classifier is sigmoid (one output) or softmax.
 * Errors: ARGUMENT, MEMORY, SHAPE. */
CNN_API cnn_status_t cnn_model_create(const cnn_graph_t *graph, const cnn_model_options_t *options,
                                      cnn_model_t **model);
CNN_API void cnn_model_free(cnn_model_t *model);

typedef struct cnn_adapt_options {
    size_t struct_size;
    const char *const *classes; /* in label order, at least two; NULL = the model's own */
    size_t n_classes;
    cnn_initializer_t initializer; /* of the new head; DEFAULT: all 0, so that it begins without an
                                      opinion (Kolesnikov et al. 2020) */
    uint64_t seed;                 /* of its weights; 0 = the context's */
    /* 1: a new head even if the classes are the model's own, in its order (ASCII case does not
     * matter); 0: then the head stays */
    int fresh_head;
    /* Of the input, in pixels; both 0 = the model's own. Only for networks whose kernels do not
     * depend on it: those with global pooling before their dense layers. A network trained on
     * random parts of photos may do better on whole ones that are held a little larger (Touvron et
     * al. 2019, "Fixing the train-test resolution discrepancy"). */
    uint32_t height, width;
} cnn_model_adapt_options_t;

/* Makes a model for other classes, or for photos of another size, out of one that has learned
 * something. All of it is copied but, for other classes, the head, the last dense layer with its
 * activation: that is a fresh dense layer of the same name, with one sigmoid output for two
 * classes, else softmax. Fine-tuning trains such a model, as a whole or in part
 * (cnn_train_options_t.freeze). For another size all layers keep their padding in numbers, and
 * global pooling takes the whole map. The new graph is no preset's, so that cnn_model_train's
 * defaults are the general ones. Metadata is copied; what tells how from was made (its records of
 * training and calibration, recipe, preset, classes, and what it began with itself) becomes the
 * JSON object "adapted_from". from is only read.
 * Errors: ARGUMENT, MEMORY, SHAPE (no photos are seen; there is no dense layer, or a layer other
 * than an activation lies behind the last one, or does not fit the other size: the message names
 * it). */
CNN_API cnn_status_t cnn_model_adapt(const cnn_model_t *from, const cnn_model_adapt_options_t *options,
                                     cnn_model_t **model);

/* Reads a safetensors file that cnn_model_save wrote. Every length is checked before it is
 * believed; holes, overlaps, wrong shapes or types, missing or surplus tensors, values that are
 * not finite and trailing bytes are refused, the message naming the file and the tensor.
 * Errors: ARGUMENT, MEMORY, IO, MODEL_FILE, UNSUPPORTED (a big-endian machine). */
CNN_API cnn_status_t cnn_model_load(cnn_context_t *context, const char *path, cnn_model_t **model);

/* The same from memory; bytes are not kept. */
CNN_API cnn_status_t cnn_model_load_memory(cnn_context_t *context, const void *bytes, size_t size,
                                           cnn_model_t **model);

/* The graph, owned by the model. */
CNN_API const cnn_graph_t *cnn_model_graph(const cnn_model_t *model);

/* Classes in the order of their labels; 0 of a model that sees no photos. The name is the model's;
 * NULL if there is none of that index. */
CNN_API size_t cnn_model_class_count(const cnn_model_t *model);
CNN_API const char *cnn_model_class_name(const cnn_model_t *model, size_t index);
/* Fills in every field that the caller's struct_size covers. Errors: ARGUMENT, SHAPE (this model
 * sees no photos). */
CNN_API cnn_status_t cnn_model_preprocess(const cnn_model_t *model, cnn_preprocess_t *preprocess);

typedef struct cnn_parameter_info {
    size_t struct_size; /* set by the caller */
    const char *name;   /* "conv2d/kernel", "conv2d/bias", "batch_norm/moving_mean", ... */
    uint32_t rank;
    size_t dims[4]; /* kernel: conv2d height x width x inputs x outputs, dense inputs x outputs */
    size_t count;   /* product of dims */
    int trainable;
} cnn_parameter_info_t;

/* Parameters in the order of their layers. Errors: ARGUMENT (also if there is none of that
 * index). */
CNN_API size_t cnn_model_parameter_count(const cnn_model_t *model);
CNN_API cnn_status_t cnn_model_parameter(const cnn_model_t *model, size_t index,
                                         cnn_parameter_info_t *info);

/* Copies a whole parameter out or in; count must be its count. Setting while another thread uses
 * the model is not allowed; sessions see the new values. Errors: ARGUMENT (unknown name, count),
 * NAN (a value that is not finite; nothing is changed). */
CNN_API cnn_status_t cnn_model_parameter_values(const cnn_model_t *model, const char *name,
                                             float *values, size_t count);
CNN_API cnn_status_t cnn_model_set_parameter_values(cnn_model_t *model, const char *name,
                                             const float *values, size_t count);

/* Free text kept in the model file under a key (letters, digits, _ - . only, at most 63; at most
 * 1,024 keys). value NULL removes it. cnn_model_train writes "training", a JSON object of what it was
 * told and reached. The getter returns NULL for an unknown key, else the text, valid until the key
 * is set again. Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_model_set_metadata(cnn_model_t *model, const char *key, const char *value);
CNN_API const char *cnn_model_metadata(const cnn_model_t *model, const char *key);

typedef enum cnn_precision {
    CNN_PRECISION_FLOAT = 0, /* 32 bits: the weights as they are */
    /* kernels in 16 bits (IEEE 754's binary16), rounded to the nearest, ties to even; biases and
     * batch normalisation's vectors, which are few, in 32 */
    CNN_PRECISION_HALF = 1
} cnn_precision_t;

typedef struct cnn_save_options {
    size_t struct_size;
    cnn_precision_t precision;
} cnn_model_save_options_t;

/* Writes the model as safetensors (docs/reference/file-formats.md), atomically: temporary file in the
 * same folder, fsync, rename, fsync of the folder. options NULL: defaults. Only the file is in half precision:
 * loaded again, weights are floats, those that the file has. The model itself is not changed.
 * Errors: also NAN (a kernel has a value that is not finite or beyond half precision's range,
 * 65,504; the message names it; no file is touched). */
CNN_API cnn_status_t cnn_model_save(const cnn_model_t *model, const char *path,
                                       const cnn_model_save_options_t *options);

/* The trained model that comes with the library, which tells cats ("cat", class 1) from dogs
 * ("dog"): a model like any other, the caller's to free, to train further and to save. Its file is
 * part of the library's read-only data, which processes share; each call reads it anew, so a
 * program that needs several sessions makes them of one model. A library that was built without it
 * (make BUILTIN=no) reads the file where the build's DATADIR said that it would be installed.
 * Errors: ARGUMENT, MEMORY, MODEL_FILE (damaged), IO, UNSUPPORTED (built without, and no such file;
 * a big-endian machine). Any thread. */
CNN_API cnn_status_t cnn_model_load_builtin(cnn_context_t *context, cnn_model_t **model);

#ifdef __cplusplus
}
#endif
#endif
