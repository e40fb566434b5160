/* SPDX-License-Identifier: MIT
 *
 * Preprocessing: the conversion of an image to the network's input, for training and prediction. */
#ifndef CD_IMAGE_PREPROCESS_H
#define CD_IMAGE_PREPROCESS_H

#include "core/enum_names.h"
#include "image/resize.h"

/* Names of cnn_fit_t ("squash", "crop", "letterbox") and cnn_decode_t ("full", "scaled"). */
extern const struct cd_enum_names cd_fit_names;
extern const struct cd_enum_names cd_decode_names;

/* Copies a caller's settings to *complete, replaces zeros in height, width and std by their
 * defaults, and checks the ranges. Errors: ARGUMENT. */
cnn_status_t cd_preprocess_complete(const cnn_preprocess_t *given, cnn_preprocess_t *complete);

/* Returns 1 if both settings give the same 8-bit pixels. mean and std are ignored, because the
 * normalisation is applied later. */
int cd_preprocess_same_pixels(const cnn_preprocess_t *a, const cnn_preprocess_t *b);

/* Returns a hash that changes if the 8-bit pixels may change. It covers the settings that
 * cd_preprocess_same_pixels compares, the version of the library, and the decoders. */
uint64_t cd_preprocess_pixels_hash(const cnn_preprocess_t *preprocess);

/* The part of an upright image that is shown to the network, and the part of the network's input
 * that it is resized to. All fields are in pixels. */
struct cd_preprocess_place {
    size_t y, x, height, width;             /* part of the image */
    size_t to_y, to_x, to_height, to_width; /* part of the input */
};

/* Computes both parts for an upright image of height x width. */
struct cd_preprocess_place cd_preprocess_place(const cnn_preprocess_t *preprocess, size_t height,
                                               size_t width);

/* The part of an upright image that is shown to the network, and the memory that it is resized
 * to. */
struct cd_preprocess_frame {
    size_t y, x, height, width;
    struct cd_resize_target target;
};

/* Computes the frame for an upright image of height x width. out: the network's input,
 * preprocess->height x width x 3 bytes. If fit is letterbox, it is filled with the colour of the
 * bars; frame->target is the part of it that the image goes to. */
void cd_preprocess_frame(const cnn_preprocess_t *preprocess, size_t height, size_t width,
                         uint8_t *out, struct cd_preprocess_frame *frame);

/* Resizes an upright image to the network's input. rgb: height rows of width pixels, which begin
 * stride bytes apart. out: preprocess->height x width x 3 bytes. Errors: MEMORY. */
cnn_status_t cd_preprocess_pixels(cnn_context_t *context, const cnn_preprocess_t *preprocess,
                                  const uint8_t *rgb, size_t height, size_t width, size_t stride,
                                  uint8_t *out);

/* Fills a table with the normalised value of each byte v in channel c:
 * table[c][v] = (v / 255 - mean[c]) / std[c]. */
void cd_preprocess_table(const cnn_preprocess_t *preprocess, float table[3][256]);

/* Normalises pixels x 3 bytes to pixels x 3 floats by a table of cd_preprocess_table. */
void cd_preprocess_to_float(const float table[3][256], const uint8_t *rgb, size_t pixels,
                            float *out);

#endif
