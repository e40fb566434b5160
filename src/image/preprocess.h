/* SPDX-License-Identifier: MIT
 *
 * Preprocessing: the only path from an image to the network's input. */
#ifndef CD_IMAGE_PREPROCESS_H
#define CD_IMAGE_PREPROCESS_H

#include "core/enum_names.h"
#include "image/resize.h"

/* Names of cnn_fit_t ("squash", "crop", "letterbox") and cnn_decode_t ("full", "scaled"). */
extern const struct cd_enum_names cd_fit_names;
extern const struct cd_enum_names cd_decode_names;

/* Reads a caller's settings, fills in the defaults (height, width, std) and checks the ranges.
 * Errors: ARGUMENT. */
cnn_status_t cd_preprocess_complete(const cnn_preprocess_t *given, cnn_preprocess_t *complete);

/* 1 if both give the same pixels. mean and std do not count, as they are applied later. */
int cd_preprocess_same_pixels(const cnn_preprocess_t *a, const cnn_preprocess_t *b);

/* A hash that is equal if the pixels are equal. It covers what cd_preprocess_same_pixels compares,
 * the version of the library, and the decoders. */
uint64_t cd_preprocess_pixels_hash(const cnn_preprocess_t *preprocess);

/* The part of an upright image that is shown, and the part of the network's input that it fills, in
 * pixels. */
struct cd_preprocess_place {
    size_t y, x, height, width;             /* part of the image */
    size_t to_y, to_x, to_height, to_width; /* part of the input */
};

/* Computes the place for an image of height x width. */
struct cd_preprocess_place cd_preprocess_place(const cnn_preprocess_t *preprocess, size_t height,
                                               size_t width);

/* The part of an upright image that is shown, with the target as pixels in memory. */
struct cd_preprocess_frame {
    size_t y, x, height, width;
    struct cd_resize_target target;
};

/* Computes the frame for an image of height x width. out: preprocess->height x width x 3 bytes, of
 * which only the bars are filled. */
void cd_preprocess_frame(const cnn_preprocess_t *preprocess, size_t height, size_t width,
                         uint8_t *out, struct cd_preprocess_frame *frame);

/* Resizes an upright image into out, preprocess->height x width x 3 bytes. rgb: height rows of
 * width pixels, stride bytes apart. Errors: MEMORY. */
cnn_status_t cd_preprocess_pixels(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                                  const uint8_t *rgb, size_t height, size_t width, size_t stride,
                                  uint8_t *out);

/* Fills the table of normalised values: table[c][v] = (v / 255 - mean[c]) / std[c]. */
void cd_preprocess_table(const cnn_preprocess_t *preprocess, float table[3][256]);

/* Normalises pixels x 3 bytes to pixels x 3 floats by such a table. */
void cd_preprocess_to_float(const float table[3][256], const uint8_t *rgb, size_t pixels,
                            float *out);

#endif
