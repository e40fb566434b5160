/* SPDX-License-Identifier: MIT */
#include "data/pixels.h"

#include "core/memory.h"
#include "core/size.h"

static cnn_status_t no_room(struct cd_pixels *pixels, size_t height, size_t width)
{
    const size_t count = pixels->held;

    cd_pixels_unref(pixels);
    return cd_error(CNN_ERROR_MEMORY, "out of memory for %zu images of %zu x %zu", count, height,
                    width);
}

static cnn_status_t make(cnn_context_t *context, size_t count, size_t image_size,
                         struct cd_pixels **out)
{
    struct cd_pixels *pixels = cd_alloc(context, 1, sizeof *pixels);

    *out = pixels;
    if (!pixels)
        return cd_error_memory();
    pixels->context = context;
    atomic_init(&pixels->users, 1);
    pixels->image_size = image_size;
    pixels->count = pixels->held = count;
    return CNN_OK;
}

cnn_status_t cd_pixels_create(cnn_context_t *context, size_t count, size_t height, size_t width,
                              uint64_t limit, struct cd_pixels **out)
{
    const size_t image_size = cd_product(cd_product(height, width), 3);
    struct cd_pixels *pixels;

    *out = NULL;
    CD_TRY(make(context, count, image_size, &pixels));
    if (limit != 0 && count > limit / image_size)
        pixels->held = (size_t)(limit / image_size);
    pixels->bytes = pixels->block = cd_alloc_unset(context, pixels->held, image_size);
    if (!pixels->block)
        return no_room(pixels, height, width);
    if (pixels->held < count) {
        pixels->hashes = cd_alloc(context, count, sizeof *pixels->hashes);
        pixels->unreadable = cd_alloc(context, count, sizeof *pixels->unreadable);
        if (!pixels->hashes || !pixels->unreadable)
            return no_room(pixels, height, width);
    }
    *out = pixels;
    return CNN_OK;
}

cnn_status_t cd_pixels_from_map(cnn_context_t *context, struct cd_file_map map, size_t first,
                                size_t count, size_t image_size, struct cd_pixels **out)
{
    cnn_status_t rc = make(context, count, image_size, out);

    if (rc != CNN_OK) {
        cd_file_unmap(&map);
        return rc;
    }
    (*out)->map = map;
    (*out)->bytes = map.bytes + first;
    return CNN_OK;
}

struct cd_pixels *cd_pixels_ref(struct cd_pixels *pixels)
{
    if (pixels)
        atomic_fetch_add_explicit(&pixels->users, 1, memory_order_relaxed);
    return pixels;
}

void cd_pixels_unref(struct cd_pixels *pixels)
{
    if (!pixels || atomic_fetch_sub_explicit(&pixels->users, 1, memory_order_acq_rel) != 1)
        return;
    cd_free(pixels->context, pixels->block);
    cd_file_unmap(&pixels->map);
    cd_free(pixels->context, pixels->hashes);
    cd_free(pixels->context, pixels->unreadable);
    cd_free(pixels->context, pixels);
}
