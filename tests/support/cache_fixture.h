/* SPDX-License-Identifier: MIT
 *
 * Fixture for tests of cache files: a folder of photos, another folder for the cache file, and a
 * context that records its log. Any failure fails the test. */
#ifndef TESTS_SUPPORT_CACHE_FIXTURE_H
#define TESTS_SUPPORT_CACHE_FIXTURE_H

#include <sys/types.h>

#include "support/photo_folder.h"
#include "support/test_context.h"

enum { HEIGHT = 12, WIDTH = 14, IMAGE_SIZE = HEIGHT * WIDTH * 3, PHOTOS = 24 };

/* Preprocessing to HEIGHT x WIDTH, with defaults for all other settings. */
extern const cnn_preprocess_t cache_photos_size;

struct cache_fixture {
    struct photo_folder photos; /* PHOTOS valid photos and cat.99.jpg, which is truncated */
    struct photo_folder other; /* the folder of the cache file */
    struct test_context test;
    char cache[600]; /* path of the cache file, which the setup does not create */
};

extern struct cache_fixture cache_fixture;

void cache_fixture_setup(void);
void cache_fixture_teardown(void);

cnn_dataset_t *cache_photos_open(cnn_context_t *context, int strict);

/* Opens and loads the photos. file: path of the cache file, or NULL for no cache; memory: max_bytes
 * of cnn_dataset_load_options_t. */
cnn_dataset_t *cache_photos_load(cnn_context_t *context, const char *file, uint64_t memory);

/* Checks that both datasets have the same samples, pixels and skipped photos. */
void cache_same_pixels(const cnn_dataset_t *a, const cnn_dataset_t *b);

/* Returns the inode of the cache file. It changes when the library rewrites the file. */
ino_t cache_inode(void);

/* Returns the number of files in the folder `other`. */
size_t cache_files(void);

/* Checks that the logged warnings contain `text`. */
void cache_warned(const char *text);

#endif
