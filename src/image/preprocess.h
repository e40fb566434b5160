/* SPDX-License-Identifier: MIT
 *
 * The one path from any picture to the network's input. */
#ifndef CD_IMAGE_PREPROCESS_H
#define CD_IMAGE_PREPROCESS_H

#include "core/enum_names.h"
#include "image/resize.h"

/* Of cnn_fit_t: "squash", "crop", "letterbox"; of cnn_decode_t: "full", "scaled". */
extern const struct cd_enum_names cd_fit_names;
extern const struct cd_enum_names cd_decode_names;

/* Reads a caller's settings, puts the defaults in (height, width, std) and checks the ranges.
 * Errors: ARGUMENT. */
cnn_status_t cd_preprocess_complete(const cnn_preprocess_t *given, cnn_preprocess_t *complete);

/* 1 if both give the same pixels (mean and std, which are applied later, do not count). */
int cd_preprocess_same_pixels(const cnn_preprocess_t *a, const cnn_preprocess_t *b);

/* The same for two that do, another for others: of all that cd_preprocess_same_pixels compares, and
 * of how this version of the library, with this libjpeg, decodes and resizes. */
uint64_t cd_preprocess_pixels_hash(const cnn_preprocess_t *preprocess);

/* Where a picture goes: a part of it, in pixels of the upright picture, fills a part of the
 * target. */
struct cd_preprocess_place {
    size_t y, x, height, width;
    size_t to_y, to_x, to_height, to_width;
};

/* Of a picture of height x width. */
struct cd_preprocess_place cd_preprocess_place(const cnn_preprocess_t *preprocess, size_t height,
                                               size_t width);

/* The same with the target's pixels. */
struct cd_preprocess_frame {
    size_t y, x, height, width;
    struct cd_resize_target target;
};

/* Of a picture of height x width into out, preprocess->height x width x 3 bytes, in which bars are
 * filled. */
void cd_preprocess_frame(const cnn_preprocess_t *preprocess, size_t height, size_t width,
                         uint8_t *out, struct cd_preprocess_frame *frame);

/* Any RGB picture to preprocess->height x width x 3 bytes. rgb: height rows of width pixels, stride
 * bytes apart. Errors: MEMORY. */
cnn_status_t cd_preprocess_pixels(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                                  const uint8_t *rgb, size_t height, size_t width, size_t stride,
                                  uint8_t *out);

/* What each byte value of each channel becomes: table[c][v] = (v / 255 - mean[c]) / std[c]. */
void cd_preprocess_table(const cnn_preprocess_t *preprocess, float table[3][256]);

/* pixels x 3 bytes to pixels x 3 floats by that table. */
void cd_preprocess_to_float(const float table[3][256], const uint8_t *rgb, size_t pixels,
                            float *out);

#endif
