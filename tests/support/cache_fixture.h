/* SPDX-License-Identifier: MIT
 *
 * The fixture of the tests of cache files: a folder of photos, another folder for the cache file,
 * and a context that keeps its log. Any failure ends the test. */
#ifndef TESTS_SUPPORT_CACHE_FIXTURE_H
#define TESTS_SUPPORT_CACHE_FIXTURE_H

#include <sys/types.h>

#include "support/photo_folder.h"
#include "support/test_context.h"

enum { HEIGHT = 12, WIDTH = 14, IMAGE_SIZE = HEIGHT * WIDTH * 3, PHOTOS = 24 };

/* Preprocessing to HEIGHT x WIDTH, with defaults for all other settings. */
extern const cnn_preprocess_t cache_photos_size;

struct cache_fixture {
    struct photo_folder photos; /* PHOTOS good ones, and cat.99.jpg, which is cut short */
    struct photo_folder other;
    struct test_context test;
    char cache[600]; /* the path of a file in other, which does not exist yet */
};

extern struct cache_fixture cache_fixture;

void cache_fixture_setup(void);
void cache_fixture_teardown(void);

cnn_dataset_t *cache_photos_open(cnn_context_t *context, int strict);

/* Opens and loads the photos. file: the cache, or NULL; memory: the limit, or 0. */
cnn_dataset_t *cache_photos_load(cnn_context_t *context, const char *file, uint64_t memory);

/* Checks that both datasets have the same samples, pixels and skipped photos. */
void cache_same_pixels(const cnn_dataset_t *a, const cnn_dataset_t *b);

/* The inode of the cache file, which changes when the file is made again. */
ino_t cache_inode(void);

/* The number of files in the other folder. */
size_t cache_files(void);

/* Checks that a warning contains this text. */
void cache_warned(const char *text);

#endif
