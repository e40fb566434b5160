/* SPDX-License-Identifier: MIT
 *
 * Datasets: labelled photos. */
#ifndef CNN_DATASET_H
#define CNN_DATASET_H

#include <catdog/image.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cnn_layout {
    CNN_LAYOUT_AUTO = 0,   /* folders if the folder has two or more with photos, else prefix */
    CNN_LAYOUT_PREFIX = 1, /* Kaggle's: the class is the file name up to the first dot: cat.0.jpg */
    CNN_LAYOUT_FOLDERS = 2 /* one folder a class: cats/any.jpg, dogs/any.jpg */
} cnn_layout_t;

typedef struct cnn_dataset_options {
    size_t struct_size;
    cnn_layout_t layout;
    int strict; /* 1: the first photo that cannot be used is an error instead of a skipped one */
    /* The classes in the order of their labels. NULL: the classes found, in ascending byte order,
     * as in Keras and torchvision. The only exception is the article's pair of classes: if the two
     * classes found are "cat" or "cats" and "dog" or "dogs", in any ASCII case, dog is 0 and cat
     * is 1, so that a single sigmoid output is the probability of the cat. A class given here
     * matches a class found exactly, else without regard to ASCII case, else without regard to a
     * final "s": the class "cat" also takes "Cat" and "cats". */
    const char *const *classes;
    size_t n_classes;
    const cnn_image_options_t *image; /* limits for each photo; NULL = defaults */
} cnn_dataset_open_options_t;

/* Lists a folder's photos (.jpg, .jpeg in any case, in byte order of their paths) and finds the
 * classes; nothing is decoded yet. A photo whose class cannot be told is skipped and listed.
 * Errors: ARGUMENT, MEMORY, IO, DATA (no photos; fewer than two classes and none given; strict). */
CNN_API cnn_status_t cnn_dataset_open(cnn_context_t *context, const char *folder,
                                      const cnn_dataset_open_options_t *options,
                                      cnn_dataset_t **dataset);

/* Pictures that the program already has, all of one size. */
typedef struct cnn_pixels {
    size_t struct_size;
    const uint8_t *rgb;     /* n x height x width x 3 bytes */
    const uint32_t *labels; /* n values below n_classes */
    size_t n;
    size_t height; /* 1..65,535 */
    size_t width;
    const char *const *classes; /* n_classes names in label order, at least two */
    size_t n_classes;
} cnn_pixels_t;

/* A data set of such pictures. All of pixels is copied. Errors: ARGUMENT, MEMORY. */
CNN_API cnn_status_t cnn_dataset_create(cnn_context_t *context, const cnn_pixels_t *pixels,
                                             cnn_dataset_t **dataset);

CNN_API void cnn_dataset_free(cnn_dataset_t *dataset);
CNN_API size_t cnn_dataset_sample_count(const cnn_dataset_t *dataset);
CNN_API size_t cnn_dataset_class_count(const cnn_dataset_t *dataset);

/* NULL if index is out of range. */
CNN_API const char *cnn_dataset_class_name(const cnn_dataset_t *dataset, size_t index);

typedef struct cnn_sample {
    size_t struct_size; /* set by the caller */
    const char *path;   /* "" for a sample from memory */
    uint32_t label;
    const uint8_t *pixels; /* height x width x 3, or NULL while not loaded, or not held in memory */
    uint32_t height, width; /* of pixels; 0 without */
} cnn_sample_t;

/* Errors: ARGUMENT (index out of range). */
CNN_API cnn_status_t cnn_dataset_sample(const cnn_dataset_t *dataset, size_t index,
                                        cnn_sample_t *sample);

typedef struct cnn_skipped {
    size_t struct_size; /* set by the caller */
    const char *path;
    cnn_status_t status;
    const char *reason;
} cnn_skipped_t;

/* The photos left out so far, by cnn_dataset_open or cnn_dataset_load, in order of path. path and
 * reason are the data set's, until it is loaded again or freed. Errors: ARGUMENT (also if there is
 * none of that index). */
CNN_API size_t cnn_dataset_skipped_count(const cnn_dataset_t *dataset);
CNN_API cnn_status_t cnn_dataset_skipped(const cnn_dataset_t *dataset, size_t index,
                                         cnn_skipped_t *skipped);

typedef struct cnn_split_options {
    size_t struct_size;
    size_t train;               /* photos in the first part; 0 = all that the second leaves */
    size_t validation;          /* photos in the second part; 0 = by fraction */
    double validation_fraction; /* 0 = 0.2; below 1 */
    uint64_t seed;              /* 0 = the context's */
} cnn_dataset_split_options_t;

/* Draws two disjoint parts by the seed, each with the classes in the proportion of the whole
 * (stratified; largest remainders). Membership depends on the list of photos and the seed alone.
 * Pixels already loaded are shared, not copied. Each part keeps the order of the whole. Both
 * parts are handles of their own; the whole may be freed. Errors: ARGUMENT, MEMORY, DATA (fewer
 * photos than asked for; a part without photos). */
CNN_API cnn_status_t cnn_dataset_split(const cnn_dataset_t *dataset,
                                       const cnn_dataset_split_options_t *options, cnn_dataset_t **train,
                                       cnn_dataset_t **validation);

/* A data set of the samples with these n indices, each once, in whatever order they are given: it
 * keeps the order of the whole. Pixels already loaded are shared, not copied. A handle of its own;
 * the whole may be freed. Errors: ARGUMENT (no index; one that is out of range, or twice),
 * MEMORY. */
CNN_API cnn_status_t cnn_dataset_subset(const cnn_dataset_t *dataset, const size_t *indices,
                                        size_t n, cnn_dataset_t **subset);

typedef struct cnn_load_options {
    size_t struct_size;
    cnn_progress_fn progress;
    void *user;
    const cnn_cancel_t *cancel;
    /* NULL, or a file to keep the pixels of all photos of the folder in, whichever part of them the
     * data set has: one file serves every split. The first load makes it (progress is then over all
     * these photos); later ones, of any process, map it and decode nothing. One that does not fit
     * photos and settings, is damaged, or lacks a photo that could not be read then and can be read
     * now, is made anew. It has count * height * width * 3 bytes and a little more. If it cannot be
     * made, or something else than a cache has the name, a warning is logged and the load goes on
     * without. It must not be shortened while it is used. Not for samples from memory. */
    const char *cache;
    /* The most bytes of pixels to hold in memory; 0 = no limit. If cnn_dataset_load_bytes is more,
     * and there is no cache, the photos that do not fit are decoded again whenever they are needed;
     * their samples have no pixels to show (cnn_dataset_sample). Not for samples from memory. */
    uint64_t memory;
} cnn_dataset_load_options_t;

/* Bytes of pixels that cnn_dataset_load will hold: count * height * width * 3; 0 if an argument is
 * not valid. */
CNN_API uint64_t cnn_dataset_load_bytes(const cnn_dataset_t *dataset,
                                        const cnn_preprocess_t *preprocess);

/* Decodes and resizes every photo, on all threads of the context, into memory or where options say.
 * The pixels are the same wherever they are. Photos that cannot be used move from the samples to
 * the skipped list (or, if strict, are the error). Loading again with the same preprocess does
 * nothing; samples from memory are resized if their size differs. On failure the data set is as
 * before. Errors: ARGUMENT, MEMORY, CANCELLED, DATA (no photo left), and if strict IO, IMAGE. */
CNN_API cnn_status_t cnn_dataset_load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                                      const cnn_dataset_load_options_t *options);

/* What cnn_dataset_batch is to give. */
typedef struct cnn_batch_options {
    size_t struct_size;
    size_t first;   /* the first picture's place in the order */
    int shuffle;    /* 1: the order in which an epoch trains on them; 0: that of the samples */
    /* 1: mirrored as training with cnn_train_options_t's mirror does it in the epoch */
    int mirror;
    uint32_t epoch; /* 0 = 1, the first */
    uint64_t seed;  /* the training's; 0 = the context's */
    /* NULL, or a training's: pictures are augmented, and mixed in batches of its batch_size, as it
     * does it; its mirror and seed count instead of those above. As no network is known, 0 means no
     * preset's value but the one without. Of the other fields only the ranges are looked at. */
    const struct cnn_train_options *training;
} cnn_dataset_batch_options_t;

/* n pictures of a loaded data set as a network sees them, through the function that fills
 * training's own batches: to look at, or for a training loop of one's own.
 * x: n x height x width x 3 floats (of the preprocess that it was loaded with; divided by
 * training's crop_detail), (pixel / 255 - mean) / std.
 * labels, samples: n each, or NULL: the class and the index of the sample; of a mixed picture, of
 * the one that has the larger share. Errors: ARGUMENT (first + n is beyond the last; a field of
 * training), MEMORY, DATA (not loaded), IO (a photo that is decoded again can no longer be
 * read). */
CNN_API cnn_status_t cnn_dataset_batch(const cnn_dataset_t *dataset,
                                       const cnn_dataset_batch_options_t *options, size_t n, float *x,
                                       uint32_t *labels, size_t *samples);

#ifdef __cplusplus
}
#endif
#endif
