/* SPDX-License-Identifier: MIT
 *
 * Decoding many photos on all threads, with progress, and what became of each. */
#ifndef CD_DATA_DECODE_MANY_H
#define CD_DATA_DECODE_MANY_H

#include "data/dataset.h"

/* What became of one photo. */
struct cd_outcome {
    cnn_status_t status;
    char *reason; /* owned; NULL while status is CNN_OK or MEMORY */
};

/* One load, in one piece or several. */
struct cd_decode_many {
    const cnn_dataset_t *dataset; /* its samples are decoded, unless files are given */
    const char *const *files;
    size_t total; /* of all pieces, for progress */
    int strict;   /* the first photo that cannot be used ends it */
    const cnn_preprocess_t *preprocess;
    const cnn_dataset_load_options_t *options;
    size_t done; /* so far; 0 at the beginning */
};

/* A piece: photos first .. first+n-1. What follows has an entry for each of these. */
struct cd_decode_piece {
    size_t first, n;
    uint8_t *pixels; /* the pictures of the first `held`; the others' go after they are hashed */
    size_t held;
    uint64_t *hashes; /* cd_hash_bytes (from 0) of each picture; or NULL */
    struct cd_outcome *outcomes; /* all zero */
};

/* Decodes and resizes. A photo that cannot be used has an outcome that says so; its picture and
 * hash are not set. Errors, the first in the order of photos: MEMORY; if strict the failing photo's
 * own; CANCELLED. */
cnn_status_t cd_decode_many(struct cd_decode_many *many, const struct cd_decode_piece *piece);

void cd_outcomes_free(cnn_context_t *context, struct cd_outcome *outcomes, size_t n);

#endif
