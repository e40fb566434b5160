/* SPDX-License-Identifier: MIT
 *
 * The cache file: the pixels of all photos of a folder, and the reasons why some photos have none.
 * docs/reference/file-formats.md describes the layout. The file is a copy that can always be made
 * again, and is made anew in any doubt. */
#ifndef CD_DATA_CACHE_FILE_H
#define CD_DATA_CACHE_FILE_H

#include "core/context.h"

enum { CD_CACHE_HEADER = 4096 }; /* bytes before the first picture; a page */

/* What a cache is of. Two keys are the same exactly if they would give the same file. */
struct cd_cache_key {
    uint64_t settings; /* how photos become pictures, and which are refused */
    uint64_t files;    /* names, sizes and times of all files */
    uint64_t count;    /* of files; at most UINT32_MAX */
    uint32_t height, width;
};

/* Of each file, in their order. */
struct cd_cache_entry {
    uint64_t hash;         /* of its picture, as cd_hash_bytes from 0; 0 if it has none */
    int32_t status;        /* a cnn_status_t */
    uint32_t reason_bytes; /* why it has none, without NUL */
};

/* A cache file as it lies in memory. */
struct cd_cache_view {
    const uint8_t *pictures; /* count, one behind the other; of a file without one, zeros */
    const uint8_t *entries;  /* count of struct cd_cache_entry, perhaps not aligned */
    const char *reasons;     /* one behind the other */
    uint64_t count, picture;
};

/* Checks everything but the pictures. The message says what is wrong without naming the file.
 * Errors: DATA; UNSUPPORTED, if it is something else than a cache. */
cnn_status_t cd_cache_read(const uint8_t *bytes, size_t size, const struct cd_cache_key *key,
                           struct cd_cache_view *view);

struct cd_cache_entry cd_cache_entry(const struct cd_cache_view *view, size_t index);

/* 1 if the picture of a file is as it was written, or it has none. */
int cd_cache_picture_right(const struct cd_cache_view *view, size_t index);

/* Where the entries begin, behind the pictures; 0 if no file can be so large. */
uint64_t cd_cache_entries_at(const struct cd_cache_key *key);

/* Fills the header of a file with these entries and reasons. */
void cd_cache_header(const struct cd_cache_key *key, const struct cd_cache_entry *entries,
                     const char *reasons, size_t reasons_size, uint8_t header[CD_CACHE_HEADER]);

#endif
