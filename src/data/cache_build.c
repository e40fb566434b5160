/* SPDX-License-Identifier: MIT */
#include "data/cache_build.h"

#include <string.h>

#include "core/file_writer.h"
#include "core/log.h"
#include "core/memory.h"
#include "core/pool.h"
#include "core/text.h"
#include "data/decode_many.h"

enum { RANGE_BYTES = 8 << 20 }; /* bytes of images that are collected before they are written */

/* The state while a cache file is made. The photos are decoded in ranges; each range is written
 * before the next one is decoded. */
struct build {
    cnn_context_t *context;
    struct cd_decode_many many;
    const struct cd_cache_key *key;
    size_t image_size; /* bytes of an image */
    size_t range;      /* images in a range */
    uint8_t *pixels;   /* pixels, hashes and outcomes of the current range */
    uint64_t *hashes;
    struct cd_outcome *outcomes;
    struct cd_cache_entry *entries; /* one for each photo */
    struct cd_text reasons;         /* the reasons of all photos so far, one after the other */
    struct cd_file_writer writer;
};

static cnn_status_t make_buffers(struct build *b)
{
    const size_t threads = cd_pool_threads(b->context->pool);

    b->range = RANGE_BYTES / b->image_size;
    if (b->range < 2 * threads)
        b->range = 2 * threads;
    if (b->range > b->key->count)
        b->range = (size_t)b->key->count;
    b->pixels = cd_alloc_unset(b->context, b->range, b->image_size);
    b->hashes = cd_alloc(b->context, b->range, sizeof *b->hashes);
    b->outcomes = cd_alloc(b->context, b->range, sizeof *b->outcomes);
    b->entries = cd_alloc(b->context, (size_t)b->key->count, sizeof *b->entries);
    return b->pixels && b->hashes && b->outcomes && b->entries ? CNN_OK : cd_error_memory();
}

/* Fills the entry of photo `index` from outcome i of the current range. Appends the reason, if any,
 * to b->reasons, and clears the outcome. */
static void enter(struct build *b, size_t index, size_t i)
{
    struct cd_cache_entry *entry = &b->entries[index];
    struct cd_outcome *outcome = &b->outcomes[i];

    if (outcome->status == CNN_OK) {
        entry->hash = b->hashes[i];
        return;
    }
    entry->status = outcome->status;
    entry->reason_bytes = (uint32_t)strlen(outcome->reason);
    cd_text_append(&b->reasons, "%s", outcome->reason);
    memset(b->pixels + i * b->image_size, 0, b->image_size);
    cd_free(b->context, outcome->reason);
    *outcome = (struct cd_outcome){.status = CNN_OK};
}

static cnn_status_t write_range(struct build *b, size_t first)
{
    const size_t left = (size_t)b->key->count - first, n = left < b->range ? left : b->range;
    const struct cd_decode_range range = {.first = first,
                                          .n = n,
                                          .pixels = b->pixels,
                                          .held = n,
                                          .hashes = b->hashes,
                                          .outcomes = b->outcomes};

    CD_TRY(cd_decode_many(&b->many, &range));
    for (size_t i = 0; i < n; i++)
        enter(b, first + i, i);
    return cd_file_writer_write(&b->writer, b->pixels, n * b->image_size);
}

static cnn_status_t write_all(struct build *b)
{
    const size_t count = (size_t)b->key->count;
    const size_t pad =
        (size_t)(cd_cache_entries_at(b->key) - CD_CACHE_HEADER) - count * b->image_size;
    /* First a zero header. The valid one is written last, so that an incomplete file is never used
     * as a cache. */
    uint8_t header[CD_CACHE_HEADER] = {0};

    CD_TRY(cd_file_writer_write(&b->writer, header, sizeof header));
    for (size_t first = 0; first < count; first += b->range)
        CD_TRY(write_range(b, first));
    if (b->reasons.failed)
        return cd_error_memory();
    CD_TRY(cd_file_writer_write(&b->writer, header, pad));
    CD_TRY(cd_file_writer_write(&b->writer, b->entries, count * sizeof *b->entries));
    CD_TRY(cd_file_writer_write(&b->writer, b->reasons.bytes, b->reasons.length));
    cd_cache_header(b->key, b->entries, b->reasons.length ? b->reasons.bytes : "",
                    b->reasons.length, header);
    return cd_file_writer_rewrite(&b->writer, header, sizeof header);
}

static void release(struct build *b)
{
    cd_text_free(&b->reasons);
    cd_free(b->context, b->entries);
    cd_outcomes_free(b->context, b->outcomes, b->range);
    cd_free(b->context, b->hashes);
    cd_free(b->context, b->pixels);
}

cnn_status_t cd_cache_build(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                            const cnn_dataset_load_options_t *options,
                            const struct cd_cache_key *key, struct cd_file_map *map)
{
    struct build b = {
        .context = dataset->context,
        .key = key,
        .image_size = (size_t)preprocess->height * preprocess->width * 3,
        .reasons = {.context = dataset->context},
        .many = {.dataset = dataset,
                 .files = dataset->paths->files,
                 .total = dataset->paths->count,
                 .preprocess = preprocess,
                 .options = options},
    };
    cnn_status_t rc;

    memset(map, 0, sizeof *map);
    if (cd_cache_entries_at(key) == 0)
        return cd_error(CNN_ERROR_IO, "%s: no file holds %zu images of %u x %u", options->cache,
                        dataset->paths->count, (unsigned)key->height, (unsigned)key->width);
    cd_info(b.context, "%s: making a cache of %zu photos", options->cache, dataset->paths->count);
    CD_TRY(cd_file_writer_open(b.context, options->cache, &b.writer));
    CD_TRY_FAIL(make_buffers(&b));
    CD_TRY_FAIL(write_all(&b));
    CD_TRY_FAIL(cd_file_writer_map(&b.writer, map));
    CD_TRY_FAIL(cd_file_writer_commit(&b.writer));
    release(&b);
    return CNN_OK;
fail:
    cd_file_unmap(map);
    cd_file_writer_discard(&b.writer);
    release(&b);
    return rc;
}
