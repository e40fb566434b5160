/* SPDX-License-Identifier: MIT
 *
 * Surveys: what can be known of photos before training. */
#ifndef CNN_SURVEY_H
#define CNN_SURVEY_H

#include <catdog/dataset.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cnn_survey_options {
    size_t struct_size;
    size_t max_photos; /* the first so many; 0 = all */
    int headers_only;  /* 1: nothing is decoded, and duplicates are not looked for */
    int32_t radius; /* near duplicates: at most so many of the 256 bits of two photos' perceptual
                       hashes differ; 0 = 31, at most 63; below 0: none are looked for */
    cnn_progress_fn progress;
    void *user;
    const cnn_cancel_t *cancel;
} cnn_survey_options_t;

/* Looks at all that can be known of photos before training: sizes, colour spaces, orientations,
 * warnings, which cannot be decoded and why, which are there twice. Decodes on the context's
 * threads; pixels are not kept. The result is the same for any number of threads. Perceptual hash:
 * the signs of 16 x 16 low frequencies of the cosine transform of the 64 x 64 grey picture against
 * their median, as in PDQ ("The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing
 * Algorithm", Facebook 2019, whose radius for "the same picture" is 31), but with this library's
 * resize and integer arithmetic; after pHash (Zauner, "Implementation and Benchmarking of
 * Perceptual Image Hash Functions", 2010). It forgives scaling, compression and small changes of
 * colour, not mirroring, turning or cropping.
 * Errors: ARGUMENT, MEMORY, CANCELLED, DATA (samples from memory). */
CNN_API cnn_status_t cnn_survey_create(const cnn_dataset_t *dataset,
                                       const cnn_survey_options_t *options, cnn_survey_t **survey);
CNN_API void cnn_survey_free(cnn_survey_t *survey);

typedef struct cnn_survey_dimensions {
    size_t struct_size; /* set by the caller */
    uint32_t width;
    uint32_t height;
    size_t count;
} cnn_survey_dimensions_t;

/* Number of different sizes; entries come most common first (ties: wider, then higher first).
 * Errors: ARGUMENT (also if there is none of that index). */
CNN_API size_t cnn_survey_dimensions_count(const cnn_survey_t *survey);
CNN_API cnn_status_t cnn_survey_dimensions(const cnn_survey_t *survey, size_t index,
                                      cnn_survey_dimensions_t *entry);

/* Photos looked at, and those of them that could not be used: whose header could not be read or, if
 * they were decoded, that could not be decoded. */
CNN_API size_t cnn_survey_photo_count(const cnn_survey_t *survey);
CNN_API size_t cnn_survey_unreadable_count(const cnn_survey_t *survey);

/* What is known of a photo. width to orientation are 0 (UNKNOWN) if its header could not be
 * read. */
typedef struct cnn_survey_photo {
    size_t struct_size; /* set by the caller */
    const char *path;
    uint32_t label;
    cnn_status_t status; /* CNN_OK, or why it cannot be used (IO, IMAGE) */
    const char *reason;  /* the same in words; "" */
    uint32_t width, height; /* as stored */
    cnn_color_space_t color_space;
    uint32_t orientation; /* EXIF's, 1 (upright) to 8 */
    uint32_t warnings;    /* of the decoder; 0 with headers_only */
    const char *warning;  /* the first of them; "" */
} cnn_survey_photo_t;

/* index: the sample's in the data set, below cnn_survey_photo_count. Errors: ARGUMENT. */
CNN_API cnn_status_t cnn_survey_photo(const cnn_survey_t *survey, size_t index,
                                      cnn_survey_photo_t *photo);

typedef enum cnn_duplicate {
    CNN_DUPLICATE_EXACT = 0, /* files of the same bytes (by a 64-bit hash and the length) */
    CNN_DUPLICATE_NEAR = 1   /* each is within radius of another of them; not all the same bytes */
} cnn_duplicate_t;

/* Photos that show the same. */
typedef struct cnn_duplicates {
    size_t struct_size; /* set by the caller */
    cnn_duplicate_t kind;
    size_t n;             /* of photos: two or more */
    const size_t *photos; /* as cnn_survey_photo takes them, ascending; the survey's */
    /* bits: the most between two neighbours that the group needs; 0 if exact */
    uint32_t distance;
    int classes_differ;   /* 1: not all have the same label; one label may be wrong */
} cnn_duplicate_group_t;

/* Groups, the exact ones first, each kind in order of its first photo. A photo is in at most one
 * group of each kind. Pictures without detail (a black one) are in no near group. Errors: ARGUMENT
 * (index out of range). */
CNN_API size_t cnn_survey_duplicate_group_count(const cnn_survey_t *survey);
CNN_API cnn_status_t cnn_survey_duplicate_group(const cnn_survey_t *survey, size_t index,
                                           cnn_duplicate_group_t *duplicates);

#ifdef __cplusplus
}
#endif
#endif
