/* SPDX-License-Identifier: MIT
 *
 * A data set: an ordered list of samples (source and label), class names, and, once loaded, the
 * pixels of every sample as the network will see them (uint8), or what it takes to have them. */
#ifndef CD_DATA_DATASET_H
#define CD_DATA_DATASET_H

#include "data/paths.h"
#include "data/pixels.h"

struct cd_sample {
    const char *path; /* in paths; "" for a sample from memory */
    uint32_t label;
    uint32_t number; /* in paths' files, or of the picture in source_block */
    uint32_t place;  /* of its picture in pixel_block */
};

struct cd_skipped {
    const char *path; /* in paths */
    cnn_status_t status;
    char *reason;
};

struct cnn_dataset {
    cnn_context_t *context;
    int strict;
    cnn_image_options_t limits; /* complete */
    char **classes;
    size_t n_classes;
    struct cd_sample *samples;
    size_t count;
    struct cd_skipped *skipped; /* in order of path */
    size_t n_skipped;
    struct cd_paths *paths; /* NULL for samples from memory */
    int loaded;                  /* every sample has a place in pixel_block */
    cnn_preprocess_t preprocess; /* complete; counts while loaded */
    struct cd_pixels *pixel_block;  /* also that of samples from memory that are not loaded */
    struct cd_pixels *source_block; /* NULL if the samples are files */
    size_t source_height, source_width;
};

/* Where the pixels of a sample are held, or NULL: it is not loaded, or streamed. */
const uint8_t *cd_dataset_held(const cnn_dataset_t *dataset, size_t index);

/* The pixels of a sample of a loaded data set: where they are held, or decoded into scratch (a
 * picture). Fails if the photo has gone since it was loaded, cannot be read any more, or
 * has other pixels. Any thread. Errors: MEMORY, IO, IMAGE. */
cnn_status_t cd_dataset_pixels(const cnn_dataset_t *dataset, size_t index, uint8_t *scratch,
                               const uint8_t **pixels);

/* What cd_hash_bytes (from 0) says of a sample's picture; the data set is loaded. */
uint64_t cd_dataset_hash(const cnn_dataset_t *dataset, size_t index);

/* Without samples; classes copied. Errors: MEMORY. */
cnn_status_t cd_dataset_create(cnn_context_t *context, const char *const *classes,
                               size_t n_classes, cnn_dataset_t **dataset);

/* As the public functions of the same names, after their arguments were checked. options and
 * preprocess: complete. */
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
