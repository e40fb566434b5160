/* SPDX-License-Identifier: MIT
 *
 * Loads a dataset's images from a cache file. Makes the file first if it is missing or not
 * valid. */
#ifndef CD_DATA_CACHE_H
#define CD_DATA_CACHE_H

#include "data/decode_many.h"

/* Maps the cache file options->cache, or makes it first. *pixels receives the images of all photos
 * of the folder that the dataset was opened from; the place of an image is the number of its photo.
 * The caller owns a reference. outcomes has one element for each sample of the dataset; all are
 * zero before the call and are filled in.
 *
 * The file is made again if it is damaged, if it is from other photos, other settings or another
 * version of the library, or if the machine that wrote it has another byte order. The new file
 * gets its name when it is complete. If two processes make the same file at the same time, the file
 * that is completed last stays.
 *
 * When the file is opened, the checksums of all images are verified on all threads. This reads the
 * file from start to end, so the operating system has it in memory when the first epoch reads it in
 * random order. A photo that was unreadable when the file was made is tried again, because its size
 * and time may be the same when it becomes readable. If it is readable now, the file is made again.
 * Datasets split from one folder share one mapping.
 *
 * Errors: MEMORY, CANCELLED; IO: the file cannot be made; UNSUPPORTED: a file of this name exists
 * and is not a cache. It is left unchanged. */
cnn_status_t cd_cache_load(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                           const cnn_dataset_load_options_t *options, struct cd_pixels **pixels,
                           struct cd_outcome *outcomes);

#endif
