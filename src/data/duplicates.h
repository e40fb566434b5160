/* SPDX-License-Identifier: MIT
 *
 * Which photos show the same, by their bytes and by their perceptual hashes. */
#ifndef CD_DATA_DUPLICATES_H
#define CD_DATA_DUPLICATES_H

#include "data/perceptual_hash.h"

/* What is compared of a photo. */
struct cd_fingerprint {
    uint64_t bytes; /* the file's length and hash of contents */
    uint64_t hash;
    uint32_t label;
    int readable; /* 0: bytes and hash are not known */
    int decoded;  /* 0: the perceptual hash is not known */
    struct cd_perceptual_hash perceptual;
};

enum { CD_DUPLICATES_MAX_RADIUS = 63 };

struct cd_duplicates {
    cnn_context_t *context;
    cnn_duplicate_group_t *groups; /* their photos point into members */
    size_t n;
    size_t *members;
};

/* radius: 0 .. CD_DUPLICATES_MAX_RADIUS, or below 0: exact ones only. Groups are as the public
 * header says. On failure nothing is held. Errors: MEMORY. */
cnn_status_t cd_duplicates_find(cnn_context_t *context, const struct cd_fingerprint *photos,
                                size_t n, int radius, struct cd_duplicates *duplicates);

/* Copes with a zeroed one. */
void cd_duplicates_release(struct cd_duplicates *duplicates);

#endif
