/* SPDX-License-Identifier: MIT
 *
 * The cache file: the pixels of all photos of a folder, and the reasons why some photos have none.
 * docs/reference/file-formats.md describes the layout. The file can always be made again from the
 * photos, so it is made again whenever a check fails. */
#ifndef CD_DATA_CACHE_FILE_H
#define CD_DATA_CACHE_FILE_H

#include "core/context.h"

enum { CD_CACHE_HEADER = 4096 }; /* bytes before the first image; one page */

/* Identifies what a cache is made from. A cache is used only if its key equals the dataset's. */
struct cd_cache_key {
    uint64_t settings; /* hash of the preprocessing and the decoding limits */
    uint64_t files;    /* hash of the names, sizes, times and permissions of all photos */
    uint64_t count;    /* number of photos, at most UINT32_MAX */
    uint32_t height, width; /* size of the images in pixels */
};

/* The entry of one photo. Entries are in the order of the photos' numbers. */
struct cd_cache_entry {
    uint64_t hash;         /* hash of the image, cd_hash_bytes(0, ...); 0 if there is no image */
    int32_t status;        /* CNN_OK, or the status (cnn_status_t) of the failed decoding */
    uint32_t reason_bytes; /* length of the reason in bytes, without NUL; 0 if there is an image */
};

/* Pointers into a cache file in memory. */
struct cd_cache_view {
    const uint8_t *images;  /* the images of all photos; all zero if a photo has no image */
    const uint8_t *entries; /* one struct cd_cache_entry for each photo, possibly unaligned */
    const char *reasons;    /* the reasons of all photos, one after the other, without NUL */
    uint64_t count;         /* number of photos */
    uint64_t image_size;    /* bytes of an image */
};

/* Checks a cache file against the key, except the images, and fills *view. The error messages do
 * not name the file. Errors: DATA: the file is damaged or has another key; UNSUPPORTED: the file is
 * not a cache. */
cnn_status_t cd_cache_read(const uint8_t *bytes, size_t size, const struct cd_cache_key *key,
                           struct cd_cache_view *view);

/* Returns the entry of photo `index`. */
struct cd_cache_entry cd_cache_entry(const struct cd_cache_view *view, size_t index);

/* Returns 1 if the image of photo `index` matches its hash, or if the photo has no image. */
int cd_cache_image_intact(const struct cd_cache_view *view, size_t index);

/* Returns the offset of the entries in the file, or 0 if the images are too large for a file. */
uint64_t cd_cache_entries_at(const struct cd_cache_key *key);

/* Fills in the header of a file with this key, these entries and these reasons. */
void cd_cache_header(const struct cd_cache_key *key, const struct cd_cache_entry *entries,
                     const char *reasons, size_t reasons_size, uint8_t header[CD_CACHE_HEADER]);

#endif
