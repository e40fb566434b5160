/* SPDX-License-Identifier: MIT
 *
 * Augmentation: random changes to the images of training. They depend on the key and the sample's
 * index in the dataset alone, so they are the same for any number of threads, any batch size and
 * any order.
 *
 * An image is changed in three steps:
 *
 *  1. Geometry: mirror, random resized crop, rotation and shear are one affine map from output
 *     pixels to places in the source, which is sampled bilinearly. Places outside the source take
 *     the nearest pixel of its edge. Corners of a fixed colour would show the network how far the
 *     image was rotated, and would occur in training only.
 *  2. Colour: brightness, contrast, saturation and hue are one 3 x 3 matrix and an offset, the same
 *     for all pixels. Results are clipped to 0 .. 255.
 *  3. Erasing: the values of a rectangle become random.
 *
 * Sources: mirror and crop, Krizhevsky et al. 2012; crop by area and aspect ratio, Szegedy et al.
 * 2015; colour, Howard 2013; erasing, Zhong et al. 2017. */
#ifndef CD_DATA_AUGMENT_H
#define CD_DATA_AUGMENT_H

#include <catdog/catdog.h>

/* The settings that determine the augmentation of an epoch. All zero: no changes. */
struct cd_augmentation {
    uint64_t key;                /* cd_random_key(seed, CD_STREAM_AUGMENT, epoch, 0) */
    cnn_train_options_t options; /* only the fields from mirror to cutmix, complete */
};

/* The pixels of an image: height x width x 3 bytes. */
struct cd_rgb_image {
    const uint8_t *rgb;
    size_t height, width;
};

struct cd_erased {
    size_t top, left, height, width; /* height 0: nothing is erased */
};

/* The changes to one image. */
struct cd_augment {
    int mirrored;
    int moved, coloured; /* 0: the map (or the colour matrix) changes nothing */
    double map[2][3];    /* output pixel (x, y) is sampled at x' = map[0] . (x, y, 1) and
                            y' = map[1] . (x, y, 1), mirroring included; pixels have their centres
                            at whole numbers */
    double colour[3][4]; /* channel c becomes colour[c] . (r, g, b, 1); values are 0 .. 255 */
    struct cd_erased erased;
    uint64_t noise; /* the key of the random values in the erased rectangle */
};

/* Draws the changes for sample `index`, from a source of this size to height x width. */
struct cd_augment cd_augment_draw(const struct cd_augmentation *augmentation, size_t index,
                                  const struct cd_rgb_image *source, size_t height, size_t width);

/* Applies the changes to an image. x: height x width x 3 floats, normalised by table
 * (cd_preprocess_table). */
void cd_augment_apply(const struct cd_augment *augment, const struct cd_rgb_image *source,
                      const float table[3][256], size_t height, size_t width, float *x);

/* Draws the changes for an image and applies them. augmentation NULL: no changes. */
void cd_augment_image(const struct cd_augmentation *augmentation, size_t index,
                      const struct cd_rgb_image *source, const float table[3][256], size_t height,
                      size_t width, float *x);

#endif
