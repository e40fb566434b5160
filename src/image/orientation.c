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

int cd_orientation_swaps(int orientation)
{
    return orientation >= 5;
}

/* EXIF 2.3, tag 0x0112, names the sides of the upright picture where the stored row 0 and column 0
 * lie:
 *          1 top, left      2 top, right     3 bottom, right  4 bottom, left
 *          5 left, top      6 right, top     7 right, bottom  8 left, bottom
 * Stored rows thus become rows (1..4) or columns (5..8), counted from that side, and each is
 * filled forwards or backwards. */
void cd_orientation_place_row(int orientation, const uint8_t *row, size_t y, size_t height,
                              size_t width, uint8_t *pixels)
{
    const int from_last = orientation == 3 || orientation == 4 || orientation == 6 ||
                          orientation == 7; /* row 0 lies at the bottom or on the right */
    const int backwards = orientation == 2 || orientation == 3 || orientation == 7 ||
                          orientation == 8; /* column 0 lies on the right or at the bottom */
    const size_t line = from_last ? height - 1 - y : y;
    const size_t line_step = cd_orientation_swaps(orientation) ? 3 : 3 * width;
    const size_t step = cd_orientation_swaps(orientation) ? 3 * height : 3;
    uint8_t *out = pixels + line * line_step;

    if (step == 3 && !backwards) {
        memcpy(out, row, 3 * width);
        return;
    }
    for (size_t x = 0; x < width; x++, row += 3)
        memcpy(out + (backwards ? width - 1 - x : x) * step, row, 3);
}
