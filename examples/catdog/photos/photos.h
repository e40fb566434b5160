/* SPDX-License-Identifier: MIT
 *
 * Folders of photos as the commands use them: opened, counted, loaded with progress; what had to
 * be left out is listed. */
#ifndef CATDOG_PHOTOS_H
#define CATDOG_PHOTOS_H

#include <jansson.h>
#include <stdio.h>

#include "base/tool.h"

#define PHOTOS_MAX_PARTS 3

/* Prints "2 classes: dog 100, cat 100". */
void photos_print_classes(FILE *stream, const char *label, const cnn_dataset_t *dataset);

/* A line if the classes that have photos differ by more than a factor of 1.5. */
void photos_print_imbalance(FILE *stream, const cnn_dataset_t *dataset);

/* Photos of the largest class for each one of the smallest that has any; 1 of one class alone. */
double photos_imbalance(const cnn_dataset_t *dataset);

/* Photos with the label. */
size_t photos_count(const cnn_dataset_t *dataset, uint32_t label);

/* Marks the photos of a part in the whole that it was drawn from: both keep the same order. marks:
 * one a photo of the whole. */
void photos_mark(const cnn_dataset_t *whole, const cnn_dataset_t *part, unsigned char *marks,
                 unsigned char mark);

/* {"dog": 100, "cat": 100}; NULL without memory. */
json_t *photos_classes_json(const cnn_dataset_t *dataset);

/* Where the pixels are to be; zeroed: in memory, a part of them if they would take most of it. */
struct photos_store {
    const char *cache; /* a file, or NULL */
    uint64_t memory;   /* bytes to hold at most; 0 = all that memory allows */
};

/* Rows of an option table for a struct photos_store. */
#define PHOTOS_STORE_OPTIONS(store)                                                                \
    ARG_TEXT("cache", &(store)->cache, "FILE",                                                     \
             "keep the pixels of all photos of DIR in this file; made if it is not there or\n"     \
             "does not fit, else used instead of decoding"),                                       \
        ARG_NUMBER("memory", OPTION_BYTES, &(store)->memory, "SIZE",                               \
                   "hold at most so many bytes of pixels (64M, 2G) and decode the others again\n"  \
                   "when they are needed; default: no limit, or a quarter of the memory where\n"  \
                   "they would take more than half of it",                                         \
                   0, 0)

/* Decodes and resizes with a progress bar, or a line at the end. Returns the exit status. */
int photos_load(const struct tool *tool, cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                const struct photos_store *store, const char *label);

/* What n data sets (at most PHOTOS_MAX_PARTS; NULL ones are passed over) left out, each photo
 * once: on stderr, 20 of them with reasons and the number of the others. Returns how many. */
size_t photos_print_skipped(cnn_dataset_t *const *datasets, size_t n);

/* The same as [{"path": ..., "reason": ...}]; NULL without memory. */
json_t *photos_skipped_json(cnn_dataset_t *const *datasets, size_t n);

#endif
