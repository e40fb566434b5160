/* SPDX-License-Identifier: MIT
 *
 * Temporary folders with photos. Any failure fails the test. Names are relative to the folder. */
#ifndef TESTS_PHOTO_FOLDER_H
#define TESTS_PHOTO_FOLDER_H

#include <catdog/catdog.h>

enum { FOLDER_PATH_SIZE = 512 };

struct photo_folder {
    char path[FOLDER_PATH_SIZE];
};

/* Makes a folder under $TMPDIR or /tmp; removes it with everything in it. */
void folder_make(struct photo_folder *folder);
void folder_remove(const struct photo_folder *folder);

/* Returns folder/name in a buffer that the next call overwrites. */
const char *folder_path(const struct photo_folder *folder, const char *name);

void folder_sub(const struct photo_folder *folder, const char *name);
void folder_file(const struct photo_folder *folder, const char *name, const void *bytes,
                 size_t size);
/* Makes an empty file, for tests that decode nothing. */
void folder_touch(const struct photo_folder *folder, const char *name);
void folder_copy(const struct photo_folder *folder, const char *from, const char *name);
void folder_link(const struct photo_folder *folder, const char *target, const char *name);

/* Makes a JPEG whose pixels depend only on its size and shade. */
void folder_photo(const struct photo_folder *folder, const char *name, size_t height, size_t width,
                  unsigned shade);
/* Makes n different photos: dog.0.jpg, cat.1.jpg, dog.2.jpg, ... n < 40. */
void folder_cats_and_dogs(const struct photo_folder *folder, int n);
/* Makes a truncated photo: only its first `keep` bytes. */
void folder_cut_photo(const struct photo_folder *folder, const char *name, size_t keep);

/* A context with this number of threads. */
cnn_context_t *context_with_threads(uint32_t threads);

#endif
