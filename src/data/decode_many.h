/* SPDX-License-Identifier: MIT
 *
 * Decoding many photos on all threads, with progress and an outcome for each photo. */
#ifndef CD_DATA_DECODE_MANY_H
#define CD_DATA_DECODE_MANY_H

#include "data/dataset.h"

/* The outcome of one photo. */
struct cd_outcome {
    cnn_status_t status;
    char *reason; /* owned; NULL while status is CNN_OK or MEMORY */
};

/* One load, in one or several ranges of photos. */
struct cd_decode_many {
    const cnn_dataset_t *dataset; /* its samples are decoded, unless files is set */
    const char *const *files;
    size_t total; /* photos of all ranges, for progress */
    int strict;   /* 1: the first photo that cannot be used ends the load */
    const cnn_preprocess_t *preprocess;
    const cnn_dataset_load_options_t *options;
    size_t done; /* photos so far; 0 at the beginning */
};

/* The photos first .. first+n-1. The arrays have one entry for each of them. */
struct cd_decode_range {
    size_t first, n;
    uint8_t *pixels; /* pixels of the first `held` images; others are hashed and dropped */
    size_t held;
    uint64_t *hashes;            /* hash of each image (cd_hash_bytes from 0); or NULL */
    struct cd_outcome *outcomes; /* all zero before the call */
};

/* Decodes and resizes a range. A photo that cannot be used gets an outcome with its reason, and no
 * image or hash. Errors: CANCELLED, MEMORY; if strict, the status of the first photo, in their
 * order, that cannot be used. */
cnn_status_t cd_decode_many(struct cd_decode_many *many, const struct cd_decode_range *range);

/* Frees n outcomes. outcomes may be NULL. */
void cd_outcomes_free(cnn_context_t *context, struct cd_outcome *outcomes, size_t n);

#endif
