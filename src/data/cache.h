/* SPDX-License-Identifier: MIT
 *
 * A dataset's images from a cache file. The file is made if there is none, or none that is
 * valid. */
#ifndef CD_DATA_CACHE_H
#define CD_DATA_CACHE_H

#include "data/decode_many.h"

/* Gives the images of all photos of the folder that the dataset was opened from; an image's place
 * is the photo's number. outcomes: one for each sample of the dataset, all zero; filled.
 *
A file is made again if it is damaged, has other photos or settings, or comes from another version
 * or byte order. The new file takes the name when it is complete. If two processes make the same
 * file at once, each makes its own and the last one stays. On opening, the checksums of all images
 * are verified on all threads. That reads the file once from front to back, so that the system has
 * it in memory when the first epoch reads it in random order. A photo that could not be read when
 * the file was made is tried again, because such a failure may leave no trace in size and time. If
 * it can be read now, the file is made again. Datasets split from one folder share one map.
 *
 * Errors: MEMORY, CANCELLED; IO: the file cannot be made; UNSUPPORTED: the name belongs to a file
 * that is no cache. */
cnn_status_t cd_cache_load(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                           const cnn_dataset_load_options_t *options, struct cd_pixels **pixels,
                           struct cd_outcome *outcomes);

#endif
