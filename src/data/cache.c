/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "data/cache.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/file.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/pool.h"
#include "core/size.h"
#include "data/cache_build.h"
#include "data/cache_file.h"
#include "image/preprocess.h"

/* ---- the key ---- */

enum { STAT_FILES = 256 }; /* files hashed by one work item */

struct listing {
    const struct cd_paths *paths;
    uint64_t *hashes; /* for each file: hash of its name, size, modification time, permissions */
};

/* Hashes the name, size, permissions and modification time of a file, not its contents. The name is
 * relative to the folder, so that the cache stays valid if the folder is moved. */
static uint64_t hash_file(const struct cd_paths *paths, size_t index)
{
    const char *path = paths->files[index];
    uint64_t hash = cd_hash_text(0, path + paths->folder_length);
    struct stat about;

    if (stat(path, &about) != 0)
        return cd_hash_number(hash, (uint64_t)errno);
    hash = cd_hash_number(hash, (uint64_t)about.st_size);
    hash = cd_hash_number(hash, (uint64_t)about.st_mode);
    hash = cd_hash_number(hash, (uint64_t)about.st_mtim.tv_sec);
    return cd_hash_number(hash, (uint64_t)about.st_mtim.tv_nsec);
}

static void hash_files(void *argument, size_t task, size_t worker)
{
    const struct listing *listing = argument;
    const size_t end = (task + 1) * STAT_FILES;

    (void)worker;
    for (size_t i = task * STAT_FILES; i < end && i < listing->paths->count; i++)
        listing->hashes[i] = hash_file(listing->paths, i);
}

static cnn_status_t make_key(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                             struct cd_cache_key *key)
{
    cnn_context_t *context = dataset->context;
    const size_t count = dataset->paths->count;
    struct listing listing = {dataset->paths, cd_alloc(context, count, sizeof(uint64_t))};

    if (!listing.hashes)
        return cd_error_memory();
    cd_parallel_for(context, cd_divide_up(count, STAT_FILES), hash_files, &listing);
    *key = (struct cd_cache_key){.settings = cd_preprocess_pixels_hash(preprocess),
                                 .count = count,
                                 .height = preprocess->height,
                                 .width = preprocess->width};
    key->files = cd_hash_bytes(0, listing.hashes, count * sizeof *listing.hashes);
    key->settings = cd_hash_number(key->settings, dataset->limits.max_bytes);
    key->settings = cd_hash_number(key->settings, dataset->limits.max_pixels);
    cd_free(context, listing.hashes);
    return CNN_OK;
}

/* ---- opening ---- */

struct check {
    const struct cd_cache_view *view;
    const cnn_cancel_t *cancel;
    atomic_int wrong;
};

/* Returns 1 if a photo that was unreadable when the cache was made is readable now. */
static int unreadable_is_readable(const char *const *files, const struct cd_cache_view *view)
{
    for (size_t i = 0; i < view->count; i++)
        if (cd_cache_entry(view, i).status == CNN_ERROR_IO && cd_file_readable(files[i]))
            return 1;
    return 0;
}

static void check_image(void *argument, size_t index, size_t worker)
{
    struct check *check = argument;

    (void)worker;
    if (!cd_cancelled(check->cancel) &&
        !atomic_load_explicit(&check->wrong, memory_order_relaxed) &&
        !cd_cache_image_intact(check->view, index))
        atomic_store_explicit(&check->wrong, 1, memory_order_relaxed);
}

/* Maps the cache file if it is valid. Errors: CANCELLED; IO, DATA or UNSUPPORTED if the file is not
 * valid (the error message says why). */
static cnn_status_t open_cache(const cnn_dataset_t *dataset, const struct cd_cache_key *key,
                               const cnn_dataset_load_options_t *options, struct cd_file_map *map)
{
    cnn_context_t *context = dataset->context;
    struct cd_cache_view view;
    struct check check = {.view = &view, .cancel = options->cancel};

    CD_TRY(cd_file_map(options->cache, map));
    cnn_status_t rc = cd_cache_read(map->bytes, map->size, key, &view);
    if (rc == CNN_OK) {
        atomic_init(&check.wrong, 0);
        cd_parallel_for(context, (size_t)view.count, check_image, &check);
        if (atomic_load(&check.wrong))
            rc = cd_error(CNN_ERROR_DATA, "an image in it is damaged");
        else if (unreadable_is_readable(dataset->paths->files, &view))
            rc = cd_error(CNN_ERROR_DATA, "a photo that could not be read then can be now");
        if (cd_cancelled(options->cancel))
            rc = cd_error(CNN_ERROR_CANCELLED, "loading the dataset was cancelled");
    }
    if (rc != CNN_OK)
        cd_file_unmap(map);
    return rc;
}

/* ---- using ---- */

/* Copies the outcomes of the dataset's samples from the cache, which has one for each photo of the
 * folder. Samples are sorted by number, so one pass over the reasons suffices. */
static cnn_status_t take_outcomes(const cnn_dataset_t *dataset, const struct cd_cache_view *view,
                                  struct cd_outcome *outcomes)
{
    const char *reason = view->reasons;
    size_t number = 0;

    for (size_t i = 0; i < dataset->count; i++) {
        for (; number < dataset->samples[i].number; number++)
            reason += cd_cache_entry(view, number).reason_bytes;
        const struct cd_cache_entry entry = cd_cache_entry(view, number);
        if (entry.status == CNN_OK)
            continue;
        outcomes[i].status = (cnn_status_t)entry.status;
        outcomes[i].reason = cd_alloc(dataset->context, (size_t)entry.reason_bytes + 1, 1);
        if (!outcomes[i].reason)
            return cd_error_memory();
        memcpy(outcomes[i].reason, reason, entry.reason_bytes);
    }
    return CNN_OK;
}

/* Returns a new reference to the cache that another dataset of the same folder has mapped, or NULL
 * if there is none or it is not this file with this key. */
static struct cd_pixels *mapped_before(const cnn_dataset_t *dataset, const struct cd_cache_key *key,
                                       const char *file)
{
    struct cd_pixels *pixels =
        atomic_load_explicit(&dataset->paths->mapped, memory_order_acquire);
    struct cd_cache_view view;

    if (!pixels || !cd_file_map_is_of(&pixels->map, file) ||
        cd_cache_read(pixels->map.bytes, pixels->map.size, key, &view) != CNN_OK)
        return NULL;
    return cd_pixels_ref(pixels);
}

static void share(struct cd_paths *paths, struct cd_pixels *pixels)
{
    struct cd_pixels *none = NULL;

    cd_pixels_ref(pixels);
    if (!atomic_compare_exchange_strong_explicit(&paths->mapped, &none, pixels,
                                                 memory_order_acq_rel, memory_order_acquire))
        cd_pixels_unref(pixels);
}

/* Maps the cache file. If there is no valid one, makes it first. */
static cnn_status_t map_cache(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                              const cnn_dataset_load_options_t *options,
                              const struct cd_cache_key *key, struct cd_pixels **pixels)
{
    cnn_context_t *context = dataset->context;
    const size_t image_size = (size_t)key->height * key->width * 3;
    struct cd_file_map map;
    struct stat about;

    cnn_status_t rc = open_cache(dataset, key, options, &map);
    if (rc == CNN_ERROR_UNSUPPORTED || rc == CNN_ERROR_CANCELLED)
        return rc;
    if (rc == CNN_OK) {
        cd_info(context, "%s: %llu images from this cache", options->cache,
                (unsigned long long)key->count);
    } else {
        if (stat(options->cache, &about) == 0)
            cd_warn(context, "%s: %s: the cache is made anew", options->cache, cd_error_message());
        CD_TRY(cd_cache_build(dataset, preprocess, options, key, &map));
    }
    CD_TRY(
        cd_pixels_from_map(context, map, CD_CACHE_HEADER, (size_t)key->count, image_size, pixels));
    share(dataset->paths, *pixels);
    return CNN_OK;
}

cnn_status_t cd_cache_load(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                           const cnn_dataset_load_options_t *options, struct cd_pixels **pixels,
                           struct cd_outcome *outcomes)
{
    struct cd_cache_key key;
    struct cd_cache_view view;
    cnn_status_t rc;

    *pixels = NULL;
    CD_TRY(make_key(dataset, preprocess, &key));
    *pixels = mapped_before(dataset, &key, options->cache);
    if (!*pixels)
        CD_TRY(map_cache(dataset, preprocess, options, &key, pixels));
    CD_TRY_FAIL(cd_cache_read((*pixels)->map.bytes, (*pixels)->map.size, &key, &view));
    CD_TRY_FAIL(take_outcomes(dataset, &view, outcomes));
    return CNN_OK;
fail:
    cd_pixels_unref(*pixels);
    *pixels = NULL;
    return rc;
}
