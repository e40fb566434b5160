/* SPDX-License-Identifier: MIT */
#include "images/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "base/tool.h"

/* GAP: pixels between cells; MAX_PIXELS: the size limit of a sheet; MAX_SIDE: the limit of its
 * height and width, libjpeg's JPEG_MAX_DIMENSION. */
enum { GAP = 4, MAX_PIXELS = 200000000, MAX_SIDE = 65500 };

static int is_too_large(size_t rows, size_t columns, size_t high, size_t wide)
{
    return rows > MAX_SIDE / high || columns > MAX_SIDE / wide ||
           rows * high + GAP > MAX_PIXELS / (columns * wide + GAP);
}

int sheet_open(struct sheet *sheet, size_t n, size_t columns, size_t cell_height, size_t cell_width)
{
    const size_t high = cell_height + GAP, wide = cell_width + GAP;
    size_t rows;

    *sheet =
        (struct sheet){.columns = columns, .cell_height = cell_height, .cell_width = cell_width};
    if (columns == 0)
        while (sheet->columns * sheet->columns < n)
            sheet->columns++;
    if (sheet->columns > n)
        sheet->columns = n;
    rows = (n - 1) / sheet->columns + 1;
    if (is_too_large(rows, sheet->columns, high, wide))
        return output_failure("a sheet of %zu images of %zu x %zu pixels is too large", n,
                              cell_height, cell_width);
    sheet->height = GAP + rows * high;
    sheet->width = GAP + sheet->columns * wide;
    sheet->stride = sheet->width * 3;
    sheet->rgb = calloc(sheet->height, sheet->stride);
    return sheet->rgb ? EXIT_SUCCESS : output_no_memory();
}

void sheet_close(struct sheet *sheet)
{
    free(sheet->rgb);
    sheet->rgb = NULL;
}

uint8_t *sheet_cell(const struct sheet *sheet, size_t index)
{
    const size_t top = GAP + index / sheet->columns * (sheet->cell_height + GAP);
    const size_t left = GAP + index % sheet->columns * (sheet->cell_width + GAP);

    return sheet->rgb + top * sheet->stride + left * 3;
}

void sheet_fill(const struct sheet *sheet, size_t index, size_t zoom, size_t y, size_t x,
                const uint8_t rgb[3])
{
    uint8_t *square = sheet_cell(sheet, index) + y * zoom * sheet->stride + x * zoom * 3;

    for (size_t i = 0; i < zoom; i++)
        for (size_t j = 0; j < zoom; j++)
            memcpy(square + i * sheet->stride + j * 3, rgb, 3);
}

int sheet_save(const struct sheet *sheet, cnn_context_t *context, const char *path)
{
    cnn_image_t *image = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, cnn_image_create(context, sheet->rgb, sheet->height, sheet->width, 0, &image));
    TOOL_TRY(rc, cnn_image_save(image, path, NULL));
done:
    cnn_image_free(image);
    return rc;
}
