/* SPDX-License-Identifier: MIT
 *
 * The cache file: the pixels of all photos of a folder, and the reasons why some photos have none.
 * docs/reference/file-formats.md describes the layout. The file is a copy that can always be made
 * again, and it is made again in any doubt. */
#ifndef CD_DATA_CACHE_FILE_H
#define CD_DATA_CACHE_FILE_H

#include "core/context.h"

enum { CD_CACHE_HEADER = 4096 }; /* bytes before the first image; a page */

/* The contents of a cache. Two keys are equal exactly if they give the same file. */
struct cd_cache_key {
    uint64_t settings; /* preprocessing and limits */
    uint64_t files;    /* names, sizes, times and permissions of all files */
    uint64_t count;    /* number of files, at most UINT32_MAX */
    uint32_t height, width;
};

/* The entry of one file. Entries have the order of the files. */
struct cd_cache_entry {
    uint64_t hash;         /* hash of the image: cd_hash_bytes from 0; 0 without an image */
    int32_t status;        /* a cnn_status_t */
    uint32_t reason_bytes; /* length of the reason, without NUL; 0 with an image */
};

/* A cache file in memory. */
struct cd_cache_view {
    const uint8_t *images;  /* count images, one after the other; zeros for a file without one */
    const uint8_t *entries; /* count of struct cd_cache_entry, not always aligned */
    const char *reasons;    /* the texts, one after the other */
    uint64_t count, image_size;
};

/* Checks everything except the images. The messages do not name the file. Errors: DATA;
 * UNSUPPORTED: the file is no cache. */
cnn_status_t cd_cache_read(const uint8_t *bytes, size_t size, const struct cd_cache_key *key,
                           struct cd_cache_view *view);

struct cd_cache_entry cd_cache_entry(const struct cd_cache_view *view, size_t index);

/* 1 if the image matches its checksum, or the photo has none. */
int cd_cache_image_intact(const struct cd_cache_view *view, size_t index);

/* The offset of the entries, which follow the images; 0 if no file can be that large. */
uint64_t cd_cache_entries_at(const struct cd_cache_key *key);

/* Makes the header of a file with these entries and reasons. */
void cd_cache_header(const struct cd_cache_key *key, const struct cd_cache_entry *entries,
                     const char *reasons, size_t reasons_size, uint8_t header[CD_CACHE_HEADER]);

#endif
