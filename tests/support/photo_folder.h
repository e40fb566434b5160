/* SPDX-License-Identifier: MIT
 *
 * Creates temporary folders and their files. File names are relative to the folder. Any failure
 * fails the test. */
#ifndef TESTS_PHOTO_FOLDER_H
#define TESTS_PHOTO_FOLDER_H

#include <catdog/catdog.h>

enum { FOLDER_PATH_SIZE = 512 };

struct photo_folder {
    char path[FOLDER_PATH_SIZE];
};

/* folder_make creates a folder below $TMPDIR, or below /tmp if that is not set. folder_remove
 * removes the folder and its contents. */
void folder_make(struct photo_folder *folder);
void folder_remove(const struct photo_folder *folder);

/* Returns folder/name in a buffer that the next call overwrites. */
const char *folder_path(const struct photo_folder *folder, const char *name);

void folder_sub(const struct photo_folder *folder, const char *name);
void folder_file(const struct photo_folder *folder, const char *name, const void *bytes,
                 size_t size);
/* Creates an empty file, for tests that decode no photos. */
void folder_touch(const struct photo_folder *folder, const char *name);
void folder_copy(const struct photo_folder *folder, const char *from, const char *name);
void folder_link(const struct photo_folder *folder, const char *target, const char *name);

/* Writes a JPEG whose pixels depend only on height, width and shade. */
void folder_photo(const struct photo_folder *folder, const char *name, size_t height, size_t width,
                  unsigned shade);
/* Writes n different photos (n < 40): dog.0.jpg, cat.1.jpg, dog.2.jpg, ... */
void folder_cats_and_dogs(const struct photo_folder *folder, int n);
/* Writes a photo truncated to its first `keep` bytes. */
void folder_cut_photo(const struct photo_folder *folder, const char *name, size_t keep);

/* Returns a context with this number of threads. */
cnn_context_t *context_with_threads(uint32_t threads);

#endif
