/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Datasets: labelled photos.
 */
#ifndef CNN_DATASET_H
#define CNN_DATASET_H

#include <catdog/image.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup dataset Dataset
 *  Labelled photos from a folder or from memory.
 *
 *  A label is the index of a class: 0 for the first class, 1 for the second, and so on. Classes
 *  that are found in a folder are ordered by the bytes of their names, ascending, as Keras and
 *  torchvision order them. There is one exception, for the article's data: if the two classes are
 *  "cat" or "cats" and "dog" or "dogs", in any case, then dogs have label 0 and cats have label 1.
 *  cnn_dataset_open_options_t::classes sets another order. A network with a single output returns
 *  the probability of label 1.
 *  @{
 */

/** Samples: photos with their labels. */
typedef struct cnn_dataset cnn_dataset_t;

/** How the folder of a dataset is arranged. */
typedef enum cnn_layout_t {
    CNN_LAYOUT_AUTO = 0,   /**< FOLDERS if two or more subfolders hold photos, otherwise PREFIX. */
    CNN_LAYOUT_PREFIX = 1, /**< The class precedes the first dot of the file name: cat.0.jpg. */
    CNN_LAYOUT_FOLDERS = 2 /**< One folder for each class: cats/any.jpg, dogs/any.jpg. */
} cnn_layout_t;

/** Options of cnn_dataset_open(). */
typedef struct cnn_dataset_open_options_t {
    size_t struct_size;  /**< Set by #CNN_INIT. */
    cnn_layout_t layout; /**< How the folder is arranged. */
    int strict;          /**< 1: a photo that cannot be used is an error. 0: it is skipped. */
    /** Names of the classes in the order of their labels. NULL = the names in the folder. Each name
     *  selects the class folder with exactly this name, else the one whose name differs only in
     *  ASCII case, else the one whose name differs only by an added or removed final "s": "cat"
     *  also selects "Cat" or "cats". */
    const char *const *classes;
    size_t n_classes;                 /**< Length of `classes`. */
    const cnn_image_options_t *image; /**< Limits for each photo; NULL = defaults. */
} cnn_dataset_open_options_t;

/** Lists the photos of a folder and their classes. Nothing is decoded yet.
 *
 *  Photos are files that end in .jpg or .jpeg, in any case. They are listed in the byte order of
 *  their paths. A photo that belongs to no class is skipped; cnn_dataset_skipped() describes it.
 *  @param context  The context.
 *  @param folder  The folder.
 *  @param options  NULL = defaults.
 *  @param[out] dataset  The dataset, to be freed with cnn_dataset_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, IO, DATA (no photos; fewer than two classes in the folder
 *          and `classes` is NULL; a skipped photo with `strict`).
 */
CNN_API cnn_status_t cnn_dataset_open(cnn_context_t *context, const char *folder,
                                      const cnn_dataset_open_options_t *options,
                                      cnn_dataset_t **dataset);

/** Images in memory, all of one size, with their labels. */
typedef struct cnn_pixels_t {
    size_t struct_size;         /**< Set by #CNN_INIT. */
    const uint8_t *rgb;         /**< n_images x height x width x 3 bytes. */
    const uint32_t *labels;     /**< One label below n_classes for each image. */
    size_t n_images;            /**< Number of images, at least 1. */
    uint32_t height;            /**< Height of each image, 1 to 65,535 pixels. */
    uint32_t width;             /**< Width of each image, 1 to 65,535 pixels. */
    const char *const *classes; /**< Names of the classes in the order of their labels. */
    size_t n_classes;           /**< Length of `classes`, at least 2. */
} cnn_pixels_t;

/** Creates a dataset from images in memory.
 *
 *  @param context  The context.
 *  @param pixels  Images, labels and classes. All are copied.
 *  @param[out] dataset  The dataset, to be freed with cnn_dataset_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY.
 */
CNN_API cnn_status_t cnn_dataset_create(cnn_context_t *context, const cnn_pixels_t *pixels,
                                        cnn_dataset_t **dataset);

/** Frees a dataset.
 *
 *  @param dataset  The dataset, or NULL.
 */
CNN_API void cnn_dataset_free(cnn_dataset_t *dataset);

/** Returns the number of classes.
 *
 *  @param dataset  The dataset.
 *  @return The number of classes.
 */
CNN_API size_t cnn_dataset_class_count(const cnn_dataset_t *dataset);

/** Returns the name of a class.
 *
 *  @param dataset  The dataset.
 *  @param index  The class' label.
 *  @return The name; NULL if the index is out of range.
 */
CNN_API const char *cnn_dataset_class_name(const cnn_dataset_t *dataset, size_t index);

/** A sample: a photo with its label. */
typedef struct cnn_sample_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    const char *path;   /**< The photo's file; "" for an image from memory. */
    uint32_t label;     /**< The index of its class. */
    /** RGB pixels, height x width x 3 bytes; NULL if the dataset is not loaded or does not hold
     *  this photo's pixels in memory. */
    const uint8_t *pixels;
    uint32_t height; /**< Height of `pixels`; 0 if NULL. */
    uint32_t width;  /**< Width of `pixels`; 0 if NULL. */
} cnn_sample_t;

/** Returns the number of samples.
 *
 *  @param dataset  The dataset.
 *  @return The number of samples.
 */
CNN_API size_t cnn_dataset_sample_count(const cnn_dataset_t *dataset);

/** Describes a sample.
 *
 *  @param dataset  The dataset.
 *  @param index  Below cnn_dataset_sample_count().
 *  @param[out] sample  The sample.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_dataset_sample(const cnn_dataset_t *dataset, size_t index,
                                        cnn_sample_t *sample);

/** A photo that was left out of a dataset. */
typedef struct cnn_skipped_t {
    size_t struct_size;  /**< Set by #CNN_INIT. */
    const char *path;    /**< The photo's file. */
    cnn_status_t status; /**< The reason as a status code. */
    const char *reason;  /**< The reason in words. */
} cnn_skipped_t;

/** Returns the number of photos that cnn_dataset_open() and cnn_dataset_load() left out.
 *
 *  @param dataset  The dataset.
 *  @return The number of photos.
 */
CNN_API size_t cnn_dataset_skipped_count(const cnn_dataset_t *dataset);

/** Describes a photo that was left out. Photos are in the order of their paths.
 *
 *  @param dataset  The dataset.
 *  @param index  Below cnn_dataset_skipped_count().
 *  @param[out] skipped  The photo. Its strings are valid until the dataset is loaded again.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_dataset_skipped(const cnn_dataset_t *dataset, size_t index,
                                         cnn_skipped_t *skipped);

/** Options of cnn_dataset_split(). */
typedef struct cnn_dataset_split_options_t {
    size_t struct_size;  /**< Set by #CNN_INIT. */
    size_t n_train;      /**< Size of the training set. 0 = all samples not used for validation. */
    size_t n_validation; /**< Size of the validation set. 0 = set by validation_fraction. */
    double validation_fraction; /**< Share of the validation set, below 1. 0 = 0.2. */
    uint64_t seed;              /**< Seed of the random split. 0 = the context's. */
} cnn_dataset_split_options_t;

/** Splits a dataset at random into a training set and a validation set.
 *
 *  No sample is in both sets. The split is stratified: each set has the class proportions of the
 *  whole dataset, rounded by largest remainders. Samples keep their order. The split depends only
 *  on the list of photos and the seed. Loaded pixels are shared, not copied. The whole dataset may
 *  be freed.
 *  @param dataset  The whole dataset.
 *  @param options  NULL = defaults.
 *  @param[out] train  The training set, to be freed with cnn_dataset_free().
 *  @param[out] validation  The validation set, to be freed with cnn_dataset_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, DATA (too few photos; a set would be empty).
 */
CNN_API cnn_status_t cnn_dataset_split(const cnn_dataset_t *dataset,
                                       const cnn_dataset_split_options_t *options,
                                       cnn_dataset_t **train, cnn_dataset_t **validation);

/** Creates a dataset of selected samples, in the order of the whole dataset.
 *
 *  Loaded pixels are shared, not copied. The whole dataset may be freed.
 *  @param dataset  The whole dataset.
 *  @param indices  Indices of the samples, in any order, each at most once.
 *  @param n_indices  Length of `indices`, at least 1.
 *  @param[out] subset  The dataset, to be freed with cnn_dataset_free().
 *  @return CNN_OK, or ARGUMENT (also for an index that is given twice), MEMORY.
 */
CNN_API cnn_status_t cnn_dataset_subset(const cnn_dataset_t *dataset, const size_t *indices,
                                        size_t n_indices, cnn_dataset_t **subset);

/** Options of cnn_dataset_load(). */
typedef struct cnn_dataset_load_options_t {
    size_t struct_size;         /**< Set by #CNN_INIT. */
    cnn_progress_fn progress;   /**< Called after each photo, or NULL. */
    void *user;                 /**< Passed to `progress`. */
    const cnn_cancel_t *cancel; /**< Cancels the call; NULL = cannot be cancelled. */
    /** Path of a cache file with the pixels of all photos of the folder; NULL = no cache. The first
     *  load writes the file, and its progress counts all photos of the folder. Later loads map the
     *  file and decode nothing, also in other processes and for other splits of the folder. A file
     *  that is damaged, that does not fit the photos or the preprocessing, or that lacks a photo
     *  that has become readable is written again. If the file cannot be written, or the path names
     *  a file that is not a cache, a warning is logged and the photos are loaded without it. The
     *  file must not be truncated while it is in use. Not for images from memory. */
    const char *cache;
    /** Limit of the pixels that are held in memory, in bytes. 0 = no limit. If
     *  cnn_dataset_load_bytes() exceeds the limit and there is no cache, the remaining photos are
     *  decoded each time they are needed, and cnn_dataset_sample() returns no pixels for them. Not
     *  for images from memory. */
    uint64_t max_bytes;
} cnn_dataset_load_options_t;

/** Returns the size of the pixels that cnn_dataset_load() will hold.
 *
 *  @param dataset  The dataset.
 *  @param preprocess  As for cnn_dataset_load().
 *  @return samples * height * width * 3 bytes; 0 if an argument is not valid.
 */
CNN_API uint64_t cnn_dataset_load_bytes(const cnn_dataset_t *dataset,
                                        const cnn_preprocess_t *preprocess);

/** Decodes and resizes every photo, on all threads of the context.
 *
 *  Photos that cannot be used are moved to the skipped photos. If the dataset is strict they are an
 *  error. Loading again with the same preprocessing does nothing. Images from memory are resized if
 *  they have another size. On failure the dataset is unchanged.
 *  @param dataset  The dataset.
 *  @param preprocess  Size, fit and decoding; NULL = defaults.
 *  @param options  NULL = defaults.
 *  @return CNN_OK, or ARGUMENT, MEMORY, CANCELLED, DATA (no photo is left); for a strict dataset
 *          also IO, IMAGE.
 */
CNN_API cnn_status_t cnn_dataset_load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                                      const cnn_dataset_load_options_t *options);

/** Options of cnn_dataset_batch(). */
typedef struct cnn_dataset_batch_options_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    size_t first;       /**< Position of the first image in the order that `shuffle` selects. */
    int shuffle;        /**< 1: the order of a training epoch. 0: the order of the samples. */
    uint32_t epoch;     /**< The training epoch, from 1. 0 = 1. */
    /** Training options whose augmentation, mixing and seed apply. NULL = no augmentation, no
     *  mixing, and the context's seed. Images are mixed within batches of its batch_size. A field
     *  that is 0 has its default without a preset. */
    const struct cnn_train_options_t *training;
} cnn_dataset_batch_options_t;

/** Returns images of a loaded dataset as a network receives them in training.
 *
 *  Use it to inspect augmented images or to write your own training loop.
 *  @param dataset  A loaded dataset.
 *  @param options  NULL = defaults.
 *  @param n_images  Number of images.
 *  @param[out] x  n_images x height x width x 3 floats, (pixel / 255 - mean) / std. The size is
 *                 the preprocessing's, divided by the training's crop_detail.
 *  @param[out] labels  n_images labels, or NULL. A mixed image has the label of its larger share.
 *  @param[out] samples  n_images indices of samples, or NULL. A mixed image has the index of the
 *                       sample with the larger share.
 *  @return CNN_OK, or ARGUMENT (also for a field of `training`), MEMORY, DATA (not loaded), IO (a
 *          photo that is decoded again has become unreadable).
 */
CNN_API cnn_status_t cnn_dataset_batch(const cnn_dataset_t *dataset,
                                       const cnn_dataset_batch_options_t *options, size_t n_images,
                                       float *x, uint32_t *labels, size_t *samples);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
