/* SPDX-License-Identifier: MIT
 *
 * A dataset: an ordered list of samples (photos with labels) and class names. A loaded dataset also
 * has the preprocessed pixels (uint8) of every sample, or decodes them when they are needed. */
#ifndef CD_DATA_DATASET_H
#define CD_DATA_DATASET_H

#include "data/paths.h"
#include "data/pixels.h"

struct cd_sample {
    const char *path; /* owned by paths; "" for a sample from memory */
    uint32_t label;
    uint32_t number; /* index of its file in paths->files, or of its image in source_block */
    uint32_t place;  /* index of its image in pixel_block */
};

/* A photo that was left out of the dataset, and why. */
struct cd_skipped {
    const char *path; /* owned by paths */
    cnn_status_t status;
    char *reason;
};

struct cnn_dataset {
    cnn_context_t *context;
    int strict;
    cnn_image_options_t limits; /* decoding limits, defaults filled in */
    char **classes;
    size_t n_classes;
    struct cd_sample *samples;
    size_t count;
    struct cd_skipped *skipped; /* sorted by path */
    size_t n_skipped;
    struct cd_paths *paths; /* NULL for samples from memory */
    int loaded;             /* 1 if every sample has a place in pixel_block */
    cnn_preprocess_t preprocess;    /* defaults filled in; valid only if loaded */
    struct cd_pixels *pixel_block;  /* preprocessed images; source_block or NULL before the load */
    struct cd_pixels *source_block; /* original images from memory; NULL if samples are photos */
    size_t source_height, source_width; /* size of an image in source_block */
};

/* Returns the pixels of a sample if they are in memory. Returns NULL if the dataset is not loaded,
 * or if the sample is decoded each time it is needed. */
const uint8_t *cd_dataset_held(const cnn_dataset_t *dataset, size_t index);

/* Sets *pixels to the pixels of a sample of a loaded dataset: either in the dataset's memory, or
 * decoded into scratch, which has room for one image. Fails if the photo has become unreadable or
 * its pixels have changed since the load. Thread-safe. Errors: MEMORY, IO, IMAGE. */
cnn_status_t cd_dataset_pixels(const cnn_dataset_t *dataset, size_t index, uint8_t *scratch,
                               const uint8_t **pixels);

/* Returns the hash of a sample's image, cd_hash_bytes(0, ...). The dataset must be loaded. */
uint64_t cd_dataset_hash(const cnn_dataset_t *dataset, size_t index);

/* Makes a dataset without samples. The class names are copied. Errors: MEMORY. */
cnn_status_t cd_dataset_create(cnn_context_t *context, const char *const *classes,
                               size_t n_classes, cnn_dataset_t **dataset);

/* The implementations of the public functions cnn_dataset_open() etc. The caller has checked the
 * arguments and filled in the defaults of options and preprocess. */
cnn_status_t cd_dataset_open(cnn_context_t *context, const char *folder,
                             const cnn_dataset_open_options_t *options, cnn_dataset_t **dataset);
cnn_status_t cd_dataset_from_pixels(cnn_context_t *context, const cnn_pixels_t *pixels,
                                    cnn_dataset_t **dataset);
void cd_dataset_free(cnn_dataset_t *dataset);
cnn_status_t cd_dataset_split(const cnn_dataset_t *dataset,
                              const cnn_dataset_split_options_t *options, cnn_dataset_t **train,
                              cnn_dataset_t **validation);
cnn_status_t cd_dataset_load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                             const cnn_dataset_load_options_t *options);

#endif
