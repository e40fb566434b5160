/* SPDX-License-Identifier: MIT
 *
 * Groups of duplicate photos, by their bytes and by their perceptual hashes. */
#ifndef CD_DATA_DUPLICATES_H
#define CD_DATA_DUPLICATES_H

#include "data/perceptual_hash.h"

/* The properties of a photo that are compared. */
struct cd_fingerprint {
    uint64_t bytes; /* the length of the file, and the hash of its contents */
    uint64_t hash;
    uint32_t label;
    int readable; /* 0: bytes and hash are unknown */
    int decoded;  /* 0: the perceptual hash is unknown */
    struct cd_perceptual_hash perceptual;
};

enum { CD_DUPLICATES_MAX_RADIUS = 63 };

struct cd_duplicates {
    cnn_context_t *context;
    cnn_duplicate_group_t *groups; /* their photos point into members */
    size_t n;
    size_t *members;
};

/* Finds the groups that cnn_duplicate_group_t describes. radius: the largest distance of near
 * duplicates, up to CD_DUPLICATES_MAX_RADIUS; below 0: exact duplicates only. duplicates: released
 * by the caller; on failure it holds nothing. Errors: MEMORY. */
cnn_status_t cd_duplicates_find(cnn_context_t *context, const struct cd_fingerprint *photos,
                                size_t n, int radius, struct cd_duplicates *duplicates);

/* Frees the groups of a struct, which may be all zero. */
void cd_duplicates_release(struct cd_duplicates *duplicates);

#endif
