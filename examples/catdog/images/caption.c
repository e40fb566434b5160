/* SPDX-License-Identifier: MIT */
#include "images/caption.h"

#include <string.h>

/* The font. A letter has CELLS_WIDE x CELLS_HIGH cells of SCALE x SCALE pixels. In `letters`, each
 * octal digit is a row of a letter, from top to bottom; a bit that is set is a white cell. Letters
 * are one cell apart. */
enum { SCALE = 2, CELLS_WIDE = 3, CELLS_HIGH = 5, ADVANCE = (CELLS_WIDE + 1) * SCALE };

static const char known[] = "abcdefghijklmnopqrstuvwxyz0123456789-_ ";
static const char letters[][CELLS_HIGH + 1] = {
    "25755", "65656", "34443", "65556", "74647", "74644", "34553", "55755", "72227", "11152",
    "55655", "44447", "57755", "65555", "25552", "65644", "25563", "65655", "34216", "72222",
    "55557", "55552", "55775", "55255", "55222", "71247", "75557", "26227", "71747", "71717",
    "55711", "74717", "74757", "71111", "75757", "75717", "00700", "00007", "00000"};
static const char dot[] = "00002";

static const char *letter(char c)
{
    const char small = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    const char *found = strchr(known, small);

    return found ? letters[found - known] : dot;
}

static void draw_letter(uint8_t *rgb, size_t stride, const char *rows)
{
    for (size_t y = 0; y < CELLS_HIGH * SCALE; y++)
        for (size_t x = 0; x < CELLS_WIDE * SCALE; x++)
            if ((rows[y / SCALE] - '0') >> (CELLS_WIDE - 1 - x / SCALE) & 1)
                memset(rgb + y * stride + x * 3, 255, 3);
}

void caption_draw(uint8_t *rgb, size_t stride, size_t width, const char *text)
{
    for (; *text && width >= ADVANCE; text++, rgb += ADVANCE * 3, width -= ADVANCE)
        draw_letter(rgb, stride, letter(*text));
}
