/* SPDX-License-Identifier: MIT
 *
 * A data set: an ordered list of samples (source and label), class names, and, once loaded, the
 * pixels of every sample as the network will see them (uint8). */
#ifndef CD_DATA_DATASET_H
#define CD_DATA_DATASET_H

#include "core/context.h"

/* One block of pictures, shared by all data sets whose samples point into it. */
struct cd_pixels {
    cnn_context_t *context;
    atomic_size_t users;
    uint8_t *bytes;
};

struct cd_sample {
    char *path;            /* owned; "" for a sample from memory */
    uint32_t label;
    const uint8_t *pixels; /* in pixel_block; a sample from memory also while it is not loaded;
                              else NULL */
    const uint8_t *source; /* of a sample from memory: the pixels as given, in source_block */
};

struct cd_skipped {
    char *path;
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
    int loaded;                  /* every sample has pixels of preprocess' height x width */
    cnn_preprocess_t preprocess; /* complete; counts while loaded */
    struct cd_pixels *pixel_block;
    struct cd_pixels *source_block; /* NULL if the samples are files */
    size_t source_height, source_width;
};

/* A block of count pictures, not set; users is 1. Errors: MEMORY. */
cnn_status_t cd_pixels_create(cnn_context_t *context, size_t count, size_t height, size_t width,
                              struct cd_pixels **pixels);
/* One user more, one less; NULL is fine. */
struct cd_pixels *cd_pixels_ref(struct cd_pixels *pixels);
void cd_pixels_unref(struct cd_pixels *pixels);

/* Without samples; classes copied. Errors: MEMORY. */
cnn_status_t cd_dataset_create(cnn_context_t *context, const char *const *classes,
                               size_t n_classes, cnn_dataset_t **dataset);

/* As the public functions of the same names, after their arguments were checked. options and
 * preprocess: complete. */
cnn_status_t cd_dataset_open(cnn_context_t *context, const char *folder,
                             const cnn_dataset_options_t *options, cnn_dataset_t **dataset);
cnn_status_t cd_dataset_from_pixels(cnn_context_t *context, const cnn_pixels_t *pixels,
                                    cnn_dataset_t **dataset);
void cd_dataset_free(cnn_dataset_t *dataset);
cnn_status_t cd_dataset_split(const cnn_dataset_t *dataset, const cnn_split_options_t *options,
                              cnn_dataset_t **train, cnn_dataset_t **validation);
cnn_status_t cd_dataset_load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                             const cnn_load_options_t *options);

#endif
