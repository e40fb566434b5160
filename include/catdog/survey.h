/* SPDX-License-Identifier: MIT */
/** @file
 *  @brief Surveys: properties of photos, determined before training.
 */
#ifndef CNN_SURVEY_H
#define CNN_SURVEY_H

#include <catdog/dataset.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @defgroup survey Survey
 *  Properties of photos, determined before training: sizes, colour spaces, orientations, damage,
 *  duplicates.
 *  @{
 */

/** The result of a survey. */
typedef struct cnn_survey cnn_survey_t;

/** Options of cnn_survey_create(). */
typedef struct cnn_survey_options_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    size_t max_photos;  /**< Number of photos to survey, from the first. 0 = all. */
    int headers_only;   /**< 1: only headers are read, and duplicates are not searched. */
    /** Two photos are near duplicates if at most this many of the 256 bits of their perceptual
     *  hashes differ; at most 63. 0 = 31; #CNN_NONE = near duplicates are not searched. */
    int32_t radius;
    cnn_progress_fn progress;   /**< Called after each photo, or NULL. */
    void *user;                 /**< Passed to `progress`. */
    const cnn_cancel_t *cancel; /**< Cancels the call; NULL = cannot be cancelled. */
} cnn_survey_options_t;

/** Surveys the photos of a dataset, on all threads of the context.
 *
 *  The photos are decoded, unless `headers_only` is set, but their pixels are not kept. The result
 *  is the same for every number of threads.
 *
 *  The perceptual hash is computed from a 64 x 64 greyscale image. It has one bit for each of the
 *  16 x 16 lowest frequencies of the cosine transform: 1 if the coefficient is above the median.
 *  The hash follows PDQ ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
 *  Algorithm", Facebook 2019), which uses the radius 31 for the same image, and pHash (Zauner,
 *  "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010). It is computed in
 *  integer arithmetic. Scaling, compression and small changes of colour hardly change the hash.
 *  Mirroring, rotation and cropping change it.
 *  @param dataset  The dataset, from a folder.
 *  @param options  NULL = defaults.
 *  @param[out] survey  The survey, to be freed with cnn_survey_free().
 *  @return CNN_OK, or ARGUMENT, MEMORY, CANCELLED, DATA (images from memory).
 */
CNN_API cnn_status_t cnn_survey_create(const cnn_dataset_t *dataset,
                                       const cnn_survey_options_t *options, cnn_survey_t **survey);

/** Frees a survey.
 *
 *  @param survey  The survey, or NULL.
 */
CNN_API void cnn_survey_free(cnn_survey_t *survey);

/** Width and height of photos, as stored: before any rotation. */
typedef struct cnn_survey_dimensions_t {
    size_t struct_size; /**< Set by #CNN_INIT. */
    uint32_t width;     /**< Width in pixels. */
    uint32_t height;    /**< Height in pixels. */
    size_t n_photos;    /**< Number of photos of this size. */
} cnn_survey_dimensions_t;

/** Returns the number of different dimensions.
 *
 *  @param survey  The survey.
 *  @return The number of valid indices of cnn_survey_dimensions().
 */
CNN_API size_t cnn_survey_dimensions_count(const cnn_survey_t *survey);

/** Returns one of the different dimensions of the photos, in descending order of the number of
 *  photos, then of width, then of height.
 *
 *  @param survey  The survey.
 *  @param index  Below cnn_survey_dimensions_count().
 *  @param[out] dimensions  The dimensions.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_survey_dimensions(const cnn_survey_t *survey, size_t index,
                                           cnn_survey_dimensions_t *dimensions);

/** The properties of a photo. If its header cannot be read, the fields from `width` on are 0. */
typedef struct cnn_survey_photo_t {
    size_t struct_size;            /**< Set by #CNN_INIT. */
    const char *path;              /**< The photo's file. */
    uint32_t label;                /**< The index of its class. */
    cnn_status_t status;           /**< CNN_OK, or why the photo cannot be used: IO, IMAGE. */
    const char *reason;            /**< The reason in words; "" if CNN_OK. */
    uint32_t width;                /**< Stored width in pixels. */
    uint32_t height;               /**< Stored height in pixels. */
    cnn_color_space_t color_space; /**< Stored colour space. */
    uint32_t orientation;          /**< EXIF orientation, 1 (upright) to 8. */
    uint32_t n_warnings;           /**< Number of decoder warnings; 0 with `headers_only`. */
    const char *warning;           /**< The first decoder warning; "" if there is none. */
} cnn_survey_photo_t;

/** Returns the number of photos in a survey.
 *
 *  @param survey  The survey.
 *  @return The number of photos, including unreadable ones.
 */
CNN_API size_t cnn_survey_photo_count(const cnn_survey_t *survey);

/** Returns the number of photos that cannot be used, because their header cannot be read or their
 *  pixels cannot be decoded.
 *
 *  @param survey  The survey.
 *  @return The number of photos.
 */
CNN_API size_t cnn_survey_unreadable_count(const cnn_survey_t *survey);

/** Describes a photo.
 *
 *  @param survey  The survey.
 *  @param index  The sample's index in the dataset, below cnn_survey_photo_count().
 *  @param[out] photo  The description.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_survey_photo(const cnn_survey_t *survey, size_t index,
                                      cnn_survey_photo_t *photo);

/** Kinds of duplicates. */
typedef enum cnn_duplicate_t {
    CNN_DUPLICATE_EXACT = 0, /**< Files of the same length whose bytes have the same 64-bit hash. */
    /** Photos of which each is within the radius of another photo of the group. At least two of the
     *  files differ. */
    CNN_DUPLICATE_NEAR = 1
} cnn_duplicate_t;

/** Photos that show the same image. */
typedef struct cnn_duplicate_group_t {
    size_t struct_size;   /**< Set by #CNN_INIT. */
    cnn_duplicate_t kind; /**< Exact or near. */
    size_t n_photos;      /**< Number of photos, at least 2. */
    const size_t *photos; /**< Indices of the photos for cnn_survey_photo(), ascending. */
    /** The smallest radius, in bits of the hash, that would still connect the group; 0 if exact. */
    uint32_t distance;
    int classes_differ; /**< 1: the photos have different labels, so that a label may be wrong. */
} cnn_duplicate_group_t;

/** Returns the number of groups of duplicates.
 *
 *  @param survey  The survey.
 *  @return The number of valid indices of cnn_survey_duplicate_group().
 */
CNN_API size_t cnn_survey_duplicate_group_count(const cnn_survey_t *survey);

/** Returns a group of duplicates.
 *
 *  Exact groups come first. Groups of a kind are sorted by the index of their first photo. A photo
 *  is in at most one group of each kind. Images without detail, such as a black image, are in no
 *  group of near duplicates.
 *  @param survey  The survey.
 *  @param index  Below cnn_survey_duplicate_group_count().
 *  @param[out] group  The group.
 *  @return CNN_OK, or ARGUMENT.
 */
CNN_API cnn_status_t cnn_survey_duplicate_group(const cnn_survey_t *survey, size_t index,
                                                cnn_duplicate_group_t *group);

/** @} */

#ifdef __cplusplus
}
#endif
#endif
