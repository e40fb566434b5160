/* SPDX-License-Identifier: MIT */
#include "support/builtin_pictures.h"

enum { HEIGHT = 150, WIDTH = 200 };

/* Returns the value of a triangle wave at `place`: it rises from 0 to 255 and falls back to 0. */
static uint8_t wave(size_t place)
{
    const size_t at = place % 512;
    return (uint8_t)(at < 256 ? at : 511 - at);
}

static void draw(size_t index, uint8_t rgb[HEIGHT][WIDTH][3])
{
    for (size_t y = 0; y < HEIGHT; y++)
        for (size_t x = 0; x < WIDTH; x++) {
            const size_t round = (x * x + y * y) / (20 + 30 * index);
            rgb[y][x][0] = wave((3 + 5 * index) * x + 2 * y);
            rgb[y][x][1] = wave(round);
            rgb[y][x][2] = wave((7 + index) * y + round / 2);
        }
}

double builtin_picture_answer(cnn_session_t *session, size_t index)
{
    static uint8_t rgb[HEIGHT][WIDTH][3];
    float probabilities[2] = {0, 0};
    cnn_prediction_t prediction = {.struct_size = sizeof prediction,
                                   .probabilities = probabilities};

    draw(index, rgb);
    if (cnn_session_predict_rgb(session, &rgb[0][0][0], HEIGHT, WIDTH, 0, &prediction) != CNN_OK)
        return -1;
    return (double)probabilities[1];
}
