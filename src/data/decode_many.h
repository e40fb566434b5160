/* SPDX-License-Identifier: MIT
 *
 * Decodes many photos on all threads, with progress reports and an outcome for each photo. */
#ifndef CD_DATA_DECODE_MANY_H
#define CD_DATA_DECODE_MANY_H

#include "data/dataset.h"

/* The outcome of decoding one photo. */
struct cd_outcome {
    cnn_status_t status;
    char *reason; /* why the photo cannot be used; owned; NULL if status is CNN_OK or MEMORY */
};

/* A load: its photos are decoded in one or more ranges, with one cd_decode_many() call each. */
struct cd_decode_many {
    const cnn_dataset_t *dataset; /* the dataset whose samples or folder are decoded */
    const char *const *files;     /* paths of the photos to decode; NULL: the dataset's samples */
    size_t total;                 /* number of photos in all ranges, for progress reports */
    int strict;                   /* 1: the first photo that cannot be used ends the load */
    const cnn_preprocess_t *preprocess;
    const cnn_dataset_load_options_t *options;
    size_t done; /* number of photos decoded so far; initially 0 */
};

/* A range: n photos from number `first` on. hashes and outcomes have n elements. */
struct cd_decode_range {
    size_t first, n;
    uint8_t *pixels; /* receives the first `held` images; the others are hashed and dropped */
    size_t held;
    uint64_t *hashes;            /* receives cd_hash_bytes(0, ...) of each image; or NULL */
    struct cd_outcome *outcomes; /* all zero before the call */
};

/* Decodes and resizes the photos of a range. A photo that cannot be used gets an outcome with the
 * reason, and neither an image nor a hash. Errors: CANCELLED, MEMORY; if many->strict, the status
 * of the first photo (lowest index) that cannot be used. */
cnn_status_t cd_decode_many(struct cd_decode_many *many, const struct cd_decode_range *range);

/* Frees an array of n outcomes and their reasons. outcomes may be NULL. */
void cd_outcomes_free(cnn_context_t *context, struct cd_outcome *outcomes, size_t n);

#endif
