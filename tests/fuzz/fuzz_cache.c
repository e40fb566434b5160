/* SPDX-License-Identifier: MIT
 *
 * Fuzzes the reader of cache files. The first byte of the input selects the key, and whether a
 * valid header with correct checksums is added. Without it the reader would refuse almost every
 * input at the header. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "data/cache_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Offsets of the header's fields in bytes (docs/reference/file-formats.md). */
enum {
    FILE_SIZE = 16,
    SETTINGS = 24,
    FILES = 32,
    COUNT = 40,
    SIDES = 48,
    LIST_HASH = 56,
    HEAD_HASH = 64
};

static void put(uint8_t *file, size_t at, uint64_t value)
{
    memcpy(file + at, &value, sizeof value);
}

/* Writes a header that is valid for the key and the rest of the file. */
static void make_header(uint8_t *file, size_t size, const struct cd_cache_key *key)
{
    static const uint32_t order_version[2] = {0x01020304, 1};
    const uint64_t at = cd_cache_entries_at(key);
    const uint64_t list = key->count * sizeof(struct cd_cache_entry);

    memcpy(file, "CATDOGPX", 8);
    memcpy(file + 8, order_version, sizeof order_version);
    put(file, FILE_SIZE, size);
    put(file, SETTINGS, key->settings);
    put(file, FILES, key->files);
    put(file, COUNT, key->count);
    memcpy(file + SIDES, &key->height, 4);
    memcpy(file + SIDES + 4, &key->width, 4);
    if (at != 0 && at <= size && list <= size - at)
        put(file, LIST_HASH,
            cd_hash_bytes(cd_hash_bytes(0, file + at, (size_t)list), file + at + list,
                          (size_t)(size - at - list)));
    put(file, HEAD_HASH, cd_hash_bytes(0, file, HEAD_HASH));
}

/* Accesses all data that the library would access through the view. */
static size_t use(const struct cd_cache_view *view)
{
    size_t sum = 0, reason = 0;

    for (size_t i = 0; i < view->count; i++) {
        const struct cd_cache_entry entry = cd_cache_entry(view, i);
        sum += (size_t)cd_cache_image_intact(view, i);
        for (size_t r = 0; r < entry.reason_bytes; r++)
            sum += (size_t)view->reasons[reason++];
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    const int mode = data[0];
    struct cd_cache_key key = {.settings = 1, .files = 2, .height = 1 + (mode >> 1 & 3),
                               .width = 1 + (mode >> 3 & 1), .count = (uint64_t)(mode >> 4)};
    const size_t length = size - 1 + (mode & 1 ? CD_CACHE_HEADER : 0);
    uint8_t *file = calloc(length + 1, 1);
    struct cd_cache_view view;

    if (!file)
        return 0;
    /* Copied to a block of exactly this size, so that the sanitizer finds reads beyond its end. */
    uint8_t *exact = length ? malloc(length) : NULL;
    memcpy(file + (length - (size - 1)), data + 1, size - 1);
    if (mode & 1)
        make_header(file, length, &key);
    if (exact)
        memcpy(exact, file, length);
    if (exact && cd_cache_read(exact, length, &key, &view) == CNN_OK) {
        static volatile size_t seen; /* keeps the compiler from removing the accesses */
        seen = use(&view);
        (void)seen;
    }
    free(exact);
    free(file);
    return 0;
}
