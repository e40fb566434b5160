/* SPDX-License-Identifier: MIT
 *
 * Makes cache files. */
#ifndef CD_DATA_CACHE_BUILD_H
#define CD_DATA_CACHE_BUILD_H

#include "core/file_map.h"
#include "data/cache_file.h"
#include "data/dataset.h"

/* Decodes all photos of the dataset's folder into the file options->cache, a few megabytes of
 * images at a time, and maps the file. A photo that cannot be used gets an entry with the reason.
 * On failure, an older file of this name is unchanged, and no temporary file is left. Errors:
 * MEMORY, CANCELLED, IO. */
cnn_status_t cd_cache_build(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                            const cnn_dataset_load_options_t *options,
                            const struct cd_cache_key *key, struct cd_file_map *map);

#endif
