/* SPDX-License-Identifier: MIT
 *
 * The pixels of a loaded dataset. Each image has a place, a number from 0. The images of the first
 * places are held:
 *
 *   in memory     all, in one block
 *   cache file    all, in a mapped file
 *   streamed      as many as the limit allows, in one block; the others are decoded each time they
 *                 are needed
 *
 * An epoch needs every image once, in a new random order. A fixed set of held images is therefore
 * as good as any rule of replacement, and needs no lock. */
#ifndef CD_DATA_PIXELS_H
#define CD_DATA_PIXELS_H

#include "core/context.h"
#include "core/file_map.h"

/* The pixels, shared by all datasets whose samples have places in them. */
struct cd_pixels {
    cnn_context_t *context;
    atomic_size_t users;
    size_t image_size;    /* bytes of an image */
    size_t count;         /* number of places */
    size_t held;          /* places with pixels, at bytes + place * image_size */
    const uint8_t *bytes;
    uint8_t *block;         /* owned: the bytes, if they are in memory */
    struct cd_file_map map; /* the map of the file, if they are in a cache file */
    /* For streamed images, by place: the hash (cd_hash_bytes from 0) of the image when the dataset
     * was loaded, and whether the photo has become unreadable since. Else NULL. */
    uint64_t *hashes;
    atomic_uchar *unreadable;
};

/* Makes room for count images with undefined pixels, of which as many are held as fit into limit
 * bytes (0: all). If not all are held, hashes and unreadable are allocated and zeroed. users is 1.
 * Errors: MEMORY. */
cnn_status_t cd_pixels_create(cnn_context_t *context, size_t count, size_t height, size_t width,
                              uint64_t limit, struct cd_pixels **pixels);

/* Makes the pixels of a mapped file, from offset `first` on. Takes over the map, also on failure.
 * users is 1.
 * Errors: MEMORY. */
cnn_status_t cd_pixels_from_map(cnn_context_t *context, struct cd_file_map map, size_t first,
                                size_t count, size_t image_size, struct cd_pixels **pixels);

/* Adds and removes a user; the last one frees the pixels. NULL is accepted. */
struct cd_pixels *cd_pixels_ref(struct cd_pixels *pixels);
void cd_pixels_unref(struct cd_pixels *pixels);

#endif
