/* SPDX-License-Identifier: MIT
 *
 * Augmentation: random changes to training images. The changes depend only on the key and on the
 * sample's index in the dataset. They do not depend on the number of threads, the batch size or the
 * order of the samples.
 *
 * An image is changed in three steps:
 *
 *  1. Geometry: mirroring, random resized crop, rotation and shear form one affine map from output
 *     pixels to source positions. The source is sampled bilinearly. A position outside the source
 *     takes the nearest edge pixel. A fixed colour there would show the network how far the image
 *     was rotated, and would occur in training only.
 *  2. Colour: brightness, contrast, saturation and hue form one 3 x 3 matrix and an offset, which
 *     are applied to every pixel. Results are clipped to 0 .. 255.
 *  3. Erasing: the pixels of a random rectangle are replaced with random pixels.
 *
 * References: mirroring and crop, Krizhevsky et al. 2012; crop by area and aspect ratio, Szegedy et
 * al. 2015; colour, Howard 2013; erasing, Zhong et al. 2017. */
#ifndef CD_DATA_AUGMENT_H
#define CD_DATA_AUGMENT_H

#include <catdog/catdog.h>

/* The settings that determine the augmentation of an epoch. If all are zero, nothing is changed. */
struct cd_augmentation {
    uint64_t key;                /* cd_random_key(seed, CD_STREAM_AUGMENT, epoch, 0) */
    cnn_train_options_t options; /* only the fields from mirror to cutmix; defaults filled in */
};

/* An image of height x width x 3 bytes. */
struct cd_rgb_image {
    const uint8_t *rgb;
    size_t height, width;
};

/* The erased rectangle, in output pixels. */
struct cd_erased {
    size_t top, left, height, width; /* height 0: nothing is erased */
};

/* The changes to one image. */
struct cd_augment {
    int mirrored;
    int moved;           /* 0 if map does nothing except mirroring */
    int coloured;        /* 0 if colour does nothing */
    double map[2][3];    /* affine map, mirroring included: output pixel (x, y) is sampled at the
                            source position (map[0] . (x, y, 1), map[1] . (x, y, 1)); the centres of
                            pixels have integer coordinates */
    double colour[3][4]; /* colour matrix and offset: channel c of a pixel (r, g, b), 0 .. 255,
                            becomes colour[c] . (r, g, b, 1) */
    struct cd_erased erased;
    uint64_t noise; /* key of the random pixels in the erased rectangle */
};

/* Returns the changes drawn for sample `index`. They include resizing the source to height x
 * width. */
struct cd_augment cd_augment_draw(const struct cd_augmentation *augmentation, size_t index,
                                  const struct cd_rgb_image *source, size_t height, size_t width);

/* Applies the changes to the source. x receives height x width x 3 floats, normalised by `table`
 * (from cd_preprocess_table). */
void cd_augment_apply(const struct cd_augment *augment, const struct cd_rgb_image *source,
                      const float table[3][256], size_t height, size_t width, float *x);

/* Draws the changes for sample `index` and applies them (see above). If augmentation is NULL, the
 * image is only resized and normalised. */
void cd_augment_image(const struct cd_augmentation *augmentation, size_t index,
                      const struct cd_rgb_image *source, const float table[3][256], size_t height,
                      size_t width, float *x);

#endif
