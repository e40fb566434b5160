/* SPDX-License-Identifier: MIT */
#include "images/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "base/tool.h"

enum { GAP = 4, MOST_PIXELS = 200000000, LONGEST_SIDE = 65500 };

int tiles_open(struct tiles *tiles, size_t n, size_t height, size_t width, size_t least)
{
    const size_t longer = height > width ? height : width;
    size_t rows, high, wide;

    *tiles = (struct tiles){.n = n, .height = height, .width = width};
    tiles->zoom = longer < least ? least / longer : 1;
    while (tiles->columns * tiles->columns < n)
        tiles->columns++;
    rows = (n - 1) / tiles->columns + 1;
    high = height * tiles->zoom + GAP;
    wide = width * tiles->zoom + GAP;
    if (rows > LONGEST_SIDE / high || tiles->columns > LONGEST_SIDE / wide ||
        rows * high + GAP > MOST_PIXELS / (tiles->columns * wide + GAP)) {
        output_message("a sheet of %zu pictures of %zu x %zu would be too large", n, height, width);
        return EXIT_FAILURE;
    }
    tiles->sheet_height = GAP + rows * high;
    tiles->sheet_width = GAP + tiles->columns * wide;
    tiles->rgb = calloc(tiles->sheet_height, tiles->sheet_width * 3);
    if (!tiles->rgb) {
        output_message("out of memory");
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

void tiles_close(struct tiles *tiles)
{
    free(tiles->rgb);
    tiles->rgb = NULL;
}

void tiles_set(const struct tiles *tiles, size_t index, size_t y, size_t x, const uint8_t rgb[3])
{
    const size_t row = index / tiles->columns, column = index % tiles->columns, zoom = tiles->zoom;
    const size_t top = GAP + row * (tiles->height * zoom + GAP) + y * zoom;
    const size_t left = GAP + column * (tiles->width * zoom + GAP) + x * zoom;

    for (size_t i = top; i < top + zoom; i++)
        for (size_t j = left; j < left + zoom; j++)
            memcpy(tiles->rgb + (i * tiles->sheet_width + j) * 3, rgb, 3);
}

int tiles_save(const struct tiles *tiles, cnn_context_t *context, const char *path)
{
    cnn_image_t *image = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, cnn_image_create(context, tiles->sheet_height, tiles->sheet_width, 0, tiles->rgb,
                                  &image));
    TOOL_TRY(rc, cnn_image_save(image, path, 90));
done:
    cnn_image_free(image);
    return rc;
}
