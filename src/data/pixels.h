/* SPDX-License-Identifier: MIT
 *
 * The pixels of a loaded dataset. Each image has a place: an index from 0. A dataset holds the
 * pixels of all images, or only of those in the first places:
 *
 *   in memory     all images are held, in one block
 *   cache file    all images are held, in a mapped file
 *   streamed      as many images as the limit allows are held, in one block; the others are decoded
 *                 each time they are needed
 *
 * An epoch uses every image once, in a new random order. A fixed set of held images is therefore as
 * good as a cache with a replacement policy, and needs no lock. */
#ifndef CD_DATA_PIXELS_H
#define CD_DATA_PIXELS_H

#include "core/context.h"
#include "core/file_map.h"

/* A set of images, shared by all datasets whose samples have places in it. */
struct cd_pixels {
    cnn_context_t *context;
    atomic_size_t users;    /* reference count */
    size_t image_size;      /* bytes of an image */
    size_t count;           /* number of places */
    size_t held;            /* number of images held: those in places 0 .. held-1 */
    const uint8_t *bytes;   /* the held images; the image of a place is at place * image_size */
    uint8_t *block;         /* owned memory behind bytes; NULL if they are in a cache file */
    struct cd_file_map map; /* mapping of the cache file; zero if there is none */
    /* Arrays indexed by place, NULL if all images are held. hashes: the hash of each image when the
     * dataset was loaded, cd_hash_bytes(0, ...). unreadable: 1 if the photo has become unreadable
     * since then. */
    uint64_t *hashes;
    atomic_uchar *unreadable;
};

/* Creates a set of `count` places, with one reference. It holds as many images as fit into `limit`
 * bytes, or all if limit is 0; their pixels are uninitialised. If not all images are held, hashes
 * and unreadable are allocated and zeroed. Errors: MEMORY, also if the total size overflows. */
cnn_status_t cd_pixels_create(cnn_context_t *context, size_t count, size_t height, size_t width,
                              uint64_t limit, struct cd_pixels **pixels);

/* Creates a set of `count` images in a mapped file, with one reference. The images begin at offset
 * `first` of the file. Takes ownership of map, on success and on failure. Errors: MEMORY. */
cnn_status_t cd_pixels_from_map(cnn_context_t *context, struct cd_file_map map, size_t first,
                                size_t count, size_t image_size, struct cd_pixels **pixels);

/* Adds or removes a reference. Removing the last one frees the pixels. pixels may be NULL. */
struct cd_pixels *cd_pixels_ref(struct cd_pixels *pixels);
void cd_pixels_unref(struct cd_pixels *pixels);

#endif
