/* SPDX-License-Identifier: MIT
 *
 * Finds groups of duplicate photos: exact duplicates by their bytes, near duplicates by their
 * perceptual hashes. */
#ifndef CD_DATA_DUPLICATES_H
#define CD_DATA_DUPLICATES_H

#include "data/perceptual_hash.h"

/* The properties of a photo that are compared. */
struct cd_fingerprint {
    uint64_t bytes; /* length of the file */
    uint64_t hash;  /* hash of its contents */
    uint32_t label;
    int readable; /* 0: bytes and hash are unknown */
    int decoded;  /* 0: the perceptual hash is unknown */
    struct cd_perceptual_hash perceptual;
};

enum { CD_DUPLICATES_MAX_RADIUS = 63 };

struct cd_duplicates {
    cnn_context_t *context;
    cnn_duplicate_group_t *groups; /* the field photos of each group points into members */
    size_t n;
    size_t *members;
};

/* Finds the groups that cnn_duplicate_group_t describes. radius: the largest distance between near
 * duplicates, at most CD_DUPLICATES_MAX_RADIUS, or negative to find exact duplicates only. The
 * caller releases *duplicates after success; on failure it is empty. Errors: MEMORY. */
cnn_status_t cd_duplicates_find(cnn_context_t *context, const struct cd_fingerprint *photos,
                                size_t n, int radius, struct cd_duplicates *duplicates);

/* Frees the groups and zeroes the struct. The struct may be all zero. */
void cd_duplicates_release(struct cd_duplicates *duplicates);

#endif
