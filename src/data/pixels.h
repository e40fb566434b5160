/* SPDX-License-Identifier: MIT
 *
 * Where the pixels of a loaded data set live. Each picture has a place, a number; the pictures lie
 * one behind the other, and the first ones are held:
 *
 *   in memory     all, in one block
 *   cache file    all, in a file that is mapped
 *   streamed      as many as the limit lets us hold in a block; the others are decoded whenever
 *   they
 *                 are wanted
 *
 * An epoch wants every picture once, in an order that is drawn anew. Whatever share of them is
 * held, that share is found, so a fixed part is as good as any rule that replaces the least
 * recently used, and needs no lock. */
#ifndef CD_DATA_PIXELS_H
#define CD_DATA_PIXELS_H

#include "core/context.h"
#include "core/file_map.h"

/* Shared by all data sets whose samples have their places in it. */
struct cd_pixels {
    cnn_context_t *context;
    atomic_size_t users;
    size_t picture;       /* bytes of one */
    size_t count;         /* places */
    size_t held;          /* of them with pixels at bytes + place * picture */
    const uint8_t *bytes;
    uint8_t *block;       /* owned: bytes, in memory */
    struct cd_file_map map; /* or where bytes are in */
    /* Of streamed ones, by place: what cd_hash_bytes said of the picture when the data set was
     * loaded, and whether it could not be had again since. */
    uint64_t *hashes;
    atomic_uchar *lost;
};

/* Room for count pictures, not set, of which as many as fit into limit bytes (0: all) are held; if
 * not all are, hashes and lost are there, all zero. users is 1. Errors: MEMORY. */
cnn_status_t cd_pixels_create(cnn_context_t *context, size_t count, size_t height, size_t width,
                              uint64_t limit, struct cd_pixels **pixels);

/* Pictures in a mapped file, first bytes behind its beginning. Takes map over, also on failure.
 * Errors: MEMORY. */
cnn_status_t cd_pixels_from_map(cnn_context_t *context, struct cd_file_map map, size_t first,
                                size_t count, size_t picture, struct cd_pixels **pixels);

/* One user more, one less; NULL is fine. */
struct cd_pixels *cd_pixels_ref(struct cd_pixels *pixels);
void cd_pixels_unref(struct cd_pixels *pixels);

#endif
