/* SPDX-License-Identifier: MIT
 *
 * A data set's pictures from a cache file, which is made if there is none that can be believed. */
#ifndef CD_DATA_CACHE_H
#define CD_DATA_CACHE_H

#include "data/decode_many.h"

/* Gives the pictures of all photos of the folder that the data set was opened from, the places
 * being their numbers, and what became of the data set's samples (outcomes: one for each, all
 * zero).
 *
 * A file that is not of these photos and settings, is damaged, or of another version or machine is
 * made anew: into a temporary file, which takes the name when it is complete. Two processes that do
 * so at once each have their own, and the last one's stays. Every picture's checksum is looked at
 * when a file is opened, on all threads: that reads it once, front to back, and puts it into the
 * system's cache, where the first epoch wants it in random order. A photo that could not be read
 * when the file was made is tried again then, as the failure may have been of a moment and have
 * left no trace in size and time; if it can be read, the file is made anew. A part of a split uses
 * what another part has mapped already.
 *
 * Errors: MEMORY, CANCELLED; IO: the file cannot be made; UNSUPPORTED: something
 * else has the name. */
cnn_status_t cd_cache_load(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                           const cnn_dataset_load_options_t *options, struct cd_pixels **pixels,
                           struct cd_outcome *outcomes);

#endif
