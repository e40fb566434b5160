/* SPDX-License-Identifier: MIT
 *
 * Folders of photos: counted, loaded with a progress bar, and the photos that were skipped. */
#ifndef CATDOG_PHOTOS_H
#define CATDOG_PHOTOS_H

#include <jansson.h>
#include <stdio.h>

#include "base/tool.h"

/* ---- classes ---- */

/* Counts the photos with the label. */
size_t photos_count(const cnn_dataset_t *dataset, uint32_t label);

/* Prints "LABEL: 200 photos, 2 classes: dog 100, cat 100". */
void photos_print_classes(FILE *stream, const char *label, const cnn_dataset_t *dataset);

/* Makes {"dog": 100, "cat": 100}. Returns NULL without memory. */
json_t *photos_classes_json(const cnn_dataset_t *dataset);

/* Divides the size of the largest class by the size of the smallest class that has photos. */
double photos_imbalance(const cnn_dataset_t *dataset);

/* Prints a line if the imbalance is above 1.5. */
void photos_print_imbalance(FILE *stream, const cnn_dataset_t *dataset);

/* ---- subsets ---- */

/* Sets marks[i] = mark for each photo i of `whole` that is in `subset`. marks has an element for
 * each photo of whole. */
void photos_mark(const cnn_dataset_t *whole, const cnn_dataset_t *subset, unsigned char *marks,
                 unsigned char mark);

/* ---- loading ---- */

/* Where pixels are kept. All zero: in memory, as many as fit. */
struct photos_store {
    const char *cache; /* a cache file, or NULL */
    uint64_t memory;   /* the limit in bytes; 0: no limit */
};

/* Rows of an option table for a struct photos_store. */
#define PHOTOS_STORE_OPTIONS(store)                                                                \
    ARG_VALUE("cache", OPTION_TEXT, &(store)->cache, "FILE",                                       \
              "Keep the pixels of all photos of DIR in this file, and read them from it the next " \
              "time. A file that does not fit the photos is made anew."),                          \
        ARG_VALUE("memory", OPTION_BYTES, &(store)->memory, "SIZE",                                \
                  "Keep at most SIZE bytes of pixels in memory, such as 64M or 2G, and decode "    \
                  "the other photos each time. Default: no limit, or a quarter of the memory if "  \
                  "the pixels need more than half of it.")

/* Decodes and resizes all photos. label is what the progress bar shows. Returns the exit status. */
int photos_load(const struct tool *tool, cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                const struct photos_store *store, const char *label);

/* ---- skipped photos ---- */

/* Both list the photos that n datasets skipped, each photo once. A dataset may be NULL. The first
 * function prints 20 of them with reasons on stderr and returns the number of all. The second one
 * makes [{"path": ..., "reason": ...}], or returns NULL without memory. */
size_t photos_print_skipped(cnn_dataset_t *const *datasets, size_t n);
json_t *photos_skipped_json(cnn_dataset_t *const *datasets, size_t n);

#endif
