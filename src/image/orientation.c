/* SPDX-License-Identifier: MIT */
#include "image/orientation.h"

#include <limits.h>
#include <string.h>

#include <libexif/exif-data.h>

int cd_orientation_read(const uint8_t *exif, size_t size)
{
    int orientation = 1;

    if (size > UINT_MAX)
        return 1;
    ExifData *data = exif_data_new_from_data(exif, (unsigned)size);
    if (!data)
        return 0;
    const ExifEntry *entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
    if (entry && entry->data && entry->format == EXIF_FORMAT_SHORT && entry->components >= 1 &&
        entry->size >= 2)
        orientation = exif_get_short(entry->data, exif_data_get_byte_order(data));
    exif_data_unref(data);
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

/* EXIF 2.3, tag 0x0112, defines each orientation by the side of the upright image where the stored
 * row 0 lies, and the side where the stored column 0 lies:
 *          1 top, left      2 top, right     3 bottom, right  4 bottom, left
 *          5 left, top      6 right, top     7 right, bottom  8 left, bottom */
struct cd_orientation cd_orientation_of(int orientation)
{
    return (struct cd_orientation){
        .swaps = orientation >= 5,
        .from_last = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7,
        .backwards = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8};
}

/* The stored row becomes row or column `line` of the upright image. Its pixels are copied in their
 * order, or in reverse order if orientation->backwards is 1. */
void cd_orientation_place_row(const struct cd_orientation *orientation, const uint8_t *row,
                              size_t y, size_t height, size_t width, uint8_t *pixels, size_t stride)
{
    const size_t line = orientation->from_last ? height - 1 - y : y;
    const size_t step = orientation->swaps ? stride : 3;
    uint8_t *out = pixels + line * (orientation->swaps ? 3 : stride);

    if (!orientation->swaps && !orientation->backwards) {
        memcpy(out, row, 3 * width);
        return;
    }
    for (size_t x = 0; x < width; x++, row += 3)
        memcpy(out + (orientation->backwards ? width - 1 - x : x) * step, row, 3);
}
