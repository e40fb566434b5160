/* SPDX-License-Identifier: MIT
 *
 * fuzz_seeds FOLDER: writes small JPEGs of every kind that the decoder supports, as the initial
 * corpus of `make fuzz`. */
#include <stdio.h>
#include <stdlib.h>

#include "support/make_jpeg.h"

static const struct make_jpeg seeds[] = {
    {.height = 24, .width = 40, .horizontal = 2, .vertical = 2},
    {.height = 40, .width = 24, .horizontal = 2, .vertical = 1, .orientation = 6},
    {.height = 40, .width = 24, .horizontal = 1, .vertical = 2, .restart_rows = 1},
    {.height = 24, .width = 40, .kind = MAKE_GREY, .orientation = 3},
    {.height = 24, .width = 24, .kind = MAKE_RGB},
    {.height = 24, .width = 24, .kind = MAKE_CMYK, .orientation = 8},
    {.height = 24, .width = 40, .kind = MAKE_YCCK, .horizontal = 2, .vertical = 2},
    {.height = 24, .width = 40, .progressive = 1, .horizontal = 2, .vertical = 2},
    {.height = 24, .width = 24, .progressive = 1, .kind = MAKE_GREY, .scans = 20},
    {.height = 24, .width = 24, .arithmetic = 1},
    {.height = 24, .width = 24, .arithmetic = 1, .progressive = 1},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < 6 * (sizeof seeds / sizeof *seeds); i++) {
        char path[4096];
        size_t size;
        struct make_jpeg how = seeds[i / 6];
        how.quality = 50;
        uint8_t *bytes = make_jpeg_smooth(&how, &size);
        snprintf(path, sizeof path, "%s/%02zu.jpg", argv[1], i);
        FILE *file = fopen(path, "wb");
        if (!file || fwrite(bytes, 1, size, file) != size || fputc((int)(i % 6), file) == EOF ||
            fputc((int)(i % 4), file) == EOF || fclose(file) != 0) {
            perror(path);
            return 1;
        }
        free(bytes);
    }
    if (argc != 2)
        fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return argc != 2;
}
