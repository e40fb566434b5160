/* SPDX-License-Identifier: MIT */
#include "data/cache_file.h"

#include <string.h>

#include "core/hash.h"

#define MAGIC "CATDOGPX"
enum { VERSION = 1, BYTE_ORDER = 0x01020304 };

/* The first bytes of the file, in the byte order of the machine that wrote it. */
struct header {
    char magic[8];
    uint32_t byte_order;
    uint32_t version;
    uint64_t file_size;
    uint64_t settings, files, count;
    uint32_t height, width;
    uint64_t entries_hash; /* hash of entries and reasons */
    uint64_t header_hash;  /* hash of all fields above */
};

static uint64_t header_hash(const struct header *header)
{
    return cd_hash_bytes(0, header, offsetof(struct header, header_hash));
}

static uint64_t entries_hash(const void *entries, uint64_t count, const char *reasons, size_t size)
{
    const uint64_t hash = cd_hash_bytes(0, entries, (size_t)count * sizeof(struct cd_cache_entry));
    return cd_hash_bytes(hash, reasons, size);
}

uint64_t cd_cache_entries_at(const struct cd_cache_key *key)
{
    const uint64_t image_size = (uint64_t)key->height * key->width * 3;
    const uint64_t most = (uint64_t)INT64_MAX / 2 - CD_CACHE_HEADER;

    if (image_size == 0 || key->count > UINT32_MAX || key->count > most / image_size)
        return 0;
    return CD_CACHE_HEADER + (key->count * image_size + 7) / 8 * 8;
}

static cnn_status_t refuse(const char *why)
{
    return cd_error(CNN_ERROR_DATA, "%s", why);
}

static cnn_status_t check_header(const struct header *header, size_t size,
                                 const struct cd_cache_key *key)
{
    if (header->byte_order != BYTE_ORDER)
        return refuse("made on a machine of another byte order");
    if (header->version != VERSION)
        return refuse("made by another version of the library");
    if (header->header_hash != header_hash(header))
        return refuse("its header is damaged");
    if (header->file_size != size)
        return refuse("cut short, or longer than it was");
    if (header->settings != key->settings || header->height != key->height ||
        header->width != key->width)
        return refuse("made with other settings, or by another version of the library");
    if (header->files != key->files || header->count != key->count)
        return refuse("the photos have changed since it was made");
    return CNN_OK;
}

struct cd_cache_entry cd_cache_entry(const struct cd_cache_view *view, size_t index)
{
    struct cd_cache_entry entry;

    memcpy(&entry, view->entries + index * sizeof entry, sizeof entry);
    return entry;
}

/* Checks that every photo has a valid status and either an image or a reason. */
static cnn_status_t check_entries(const struct cd_cache_view *view, uint64_t reasons_size)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < view->count; i++) {
        const struct cd_cache_entry entry = cd_cache_entry(view, i);
        if (entry.status != CNN_OK && entry.status != CNN_ERROR_IO &&
            entry.status != CNN_ERROR_IMAGE && entry.status != CNN_ERROR_UNSUPPORTED)
            return refuse("it has a status that no photo can have");
        if ((entry.status == CNN_OK) != (entry.reason_bytes == 0))
            return refuse("its reasons do not fit its photos");
        sum += entry.reason_bytes;
    }
    if (sum != reasons_size || (sum > 0 && memchr(view->reasons, '\0', (size_t)sum)))
        return refuse("its reasons are not texts");
    return CNN_OK;
}

cnn_status_t cd_cache_read(const uint8_t *bytes, size_t size, const struct cd_cache_key *key,
                           struct cd_cache_view *view)
{
    const uint64_t entries_at = cd_cache_entries_at(key);
    const uint64_t entries_size = key->count * sizeof(struct cd_cache_entry);
    struct header header;

    memset(view, 0, sizeof *view);
    if (size < sizeof header.magic || memcmp(bytes, MAGIC, sizeof header.magic) != 0)
        return cd_error(CNN_ERROR_UNSUPPORTED, "not a cache of images");
    if (size < CD_CACHE_HEADER)
        return refuse("cut short");
    memcpy(&header, bytes, sizeof header);
    CD_TRY(check_header(&header, size, key));
    if (entries_at == 0 || entries_at > size || entries_size > size - entries_at)
        return refuse("too short for its images");
    view->images = bytes + CD_CACHE_HEADER;
    view->entries = bytes + entries_at;
    view->reasons = (const char *)view->entries + entries_size;
    view->count = key->count;
    view->image_size = (uint64_t)key->height * key->width * 3;
    const size_t reasons_size = (size_t)(size - entries_at - entries_size);
    if (header.entries_hash !=
        entries_hash(view->entries, view->count, view->reasons, reasons_size))
        return refuse("its list of photos is damaged");
    return check_entries(view, reasons_size);
}

int cd_cache_image_intact(const struct cd_cache_view *view, size_t index)
{
    const struct cd_cache_entry entry = cd_cache_entry(view, index);
    const size_t image_size = (size_t)view->image_size;

    return entry.status != CNN_OK ||
           cd_hash_bytes(0, view->images + index * image_size, image_size) == entry.hash;
}

void cd_cache_header(const struct cd_cache_key *key, const struct cd_cache_entry *entries,
                     const char *reasons, size_t reasons_size, uint8_t out[CD_CACHE_HEADER])
{
    struct header header = {
        .magic = MAGIC,
        .byte_order = BYTE_ORDER,
        .version = VERSION,
        .settings = key->settings,
        .files = key->files,
        .count = key->count,
        .height = key->height,
        .width = key->width,
    };

    header.file_size =
        cd_cache_entries_at(key) + key->count * sizeof *entries + reasons_size;
    header.entries_hash = entries_hash(entries, key->count, reasons, reasons_size);
    header.header_hash = header_hash(&header);
    memset(out, 0, CD_CACHE_HEADER);
    memcpy(out, &header, sizeof header);
}
