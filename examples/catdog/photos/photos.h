/* SPDX-License-Identifier: MIT
 *
 * Counts the photos of a dataset, loads them with a progress bar, and lists the photos that were
 * skipped. */
#ifndef CATDOG_PHOTOS_H
#define CATDOG_PHOTOS_H

#include <jansson.h>
#include <stdio.h>

#include "base/tool.h"

/* ---- classes ---- */

/* Returns the number of photos with the label. */
size_t photos_count(const cnn_dataset_t *dataset, uint32_t label);

/* Prints "LABEL: 200 photos, 2 classes: dog 100, cat 100". */
void photos_print_classes(FILE *stream, const char *label, const cnn_dataset_t *dataset);

/* Creates an object with the number of photos of each class, such as {"dog": 100, "cat": 100}.
 * Returns NULL if out of memory. */
json_t *photos_classes_json(const cnn_dataset_t *dataset);

/* Returns the imbalance: the number of photos in the largest class divided by the number of photos
 * in the smallest class. Classes without photos are ignored. */
double photos_imbalance(const cnn_dataset_t *dataset);

/* Prints the imbalance if it is above 1.5. */
void photos_print_imbalance(FILE *stream, const cnn_dataset_t *dataset);

/* ---- subsets ---- */

/* Sets marks[i] to `mark` for each photo i of `whole` that is in `subset`. `marks` has one element
 * for each photo of `whole`. */
void photos_mark(const cnn_dataset_t *whole, const cnn_dataset_t *subset, unsigned char *marks,
                 unsigned char mark);

/* ---- loading ---- */

/* Where decoded pixels are kept. If all fields are zero, they are kept in memory, as many as
 * fit. */
struct photos_store {
    const char *cache; /* cache file, or NULL */
    uint64_t memory;   /* limit for pixels in memory, in bytes; 0: no limit */
};

/* The rows of an option table that set a struct photos_store. */
#define PHOTOS_STORE_OPTIONS(store)                                                                \
    ARG_VALUE("cache", OPTION_TEXT, &(store)->cache, "FILE",                                       \
              "Keep the pixels of all photos of DIR in this file, and read them from it the next " \
              "time. A file that does not fit the photos is made anew."),                          \
        ARG_VALUE("memory", OPTION_BYTES, &(store)->memory, "SIZE",                                \
                  "Keep at most SIZE bytes of pixels in memory, such as 64M or 2G, and decode "    \
                  "the other photos each time. Default: no limit, or a quarter of the memory if "  \
                  "the pixels need more than half of it.")

/* Decodes and resizes all photos. label: the text before the progress bar. Returns the exit
 * status. */
int photos_load(const struct tool *tool, cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                const struct photos_store *store, const char *label);

/* ---- skipped photos ---- */

/* List the photos that were skipped in n datasets, each photo once. A dataset may be NULL. The
 * first function prints at most 20 photos with reasons on stderr and returns the number of all
 * skipped photos. The second function returns the array [{"path": ..., "reason": ...}], or NULL if
 * out of memory. */
size_t photos_print_skipped(cnn_dataset_t *const *datasets, size_t n);
json_t *photos_skipped_json(cnn_dataset_t *const *datasets, size_t n);

#endif
