/* SPDX-License-Identifier: MIT
 *
 * What training does to its pictures, so that it never sees the same one twice. All that happens to
 * a picture is drawn from (key, the sample's place in the data set) alone: the same for any number
 * of threads, any batch size and any order.
 *
 * A picture is changed in three steps:
 *
 *  1. Where each pixel comes from: mirror, random resized crop, rotation and shear are one affine
 *  map
 *     from output pixels to places in the source, which are read bilinearly. Outside of the source
 *     the nearest pixel of its edge counts: corners of a fixed colour would tell the network how
 *     far a picture was turned, and would be what it sees only in training.
 *  2. Colour: brightness, contrast, saturation and hue are one 3 x 3 matrix and an offset, the same
 *     for all pixels; what leaves 0 .. 255 is clipped, as in any photo.
 *  3. A rectangle is erased: each of its values becomes a random one.
 *
 * Sources: mirror and crop, Krizhevsky et al. 2012; crop by area and aspect ratio, Szegedy et al.
 * 2015; colour, Howard 2013; erasing, Zhong et al. 2017. */
#ifndef CD_DATA_AUGMENT_H
#define CD_DATA_AUGMENT_H

#include <catdog/catdog.h>

/* What determines the augmentation of an epoch. Zeroed: nothing is done. */
struct cd_augmentation {
    uint64_t key; /* of the epoch: cd_random_key(seed, CD_STREAM_AUGMENT, epoch, 0) */
    cnn_train_options_t options; /* complete, or zero but for the fields from mirror to cutmix */
};

/* Pixels of a picture, height x width x 3 bytes. */
struct cd_picture {
    const uint8_t *rgb;
    size_t height, width;
};

struct cd_erased {
    size_t top, left, height, width; /* height 0: nothing */
};

/* All that happens to one picture. */
struct cd_augment {
    int mirrored;
    int moved, coloured; /* if neither is set, map and colour change nothing */
    double map[2][3];    /* output pixel (x, y) is read at map[0] . (x, y, 1), map[1] . (x, y, 1),
                            mirroring included; pixels' centres have whole numbers */
    double colour[3][4]; /* channel c becomes colour[c] . (r, g, b, 1), of 0 .. 255 */
    struct cd_erased erased;
    uint64_t noise;      /* key of the erased rectangle's values */
};

/* For sample number index, whose pixels have the size source, and an output of height x width. */
struct cd_augment cd_augment_draw(const struct cd_augmentation *augmentation, size_t index,
                                  const struct cd_picture *source, size_t height, size_t width);

/* x: height x width x 3 floats. table: as cd_preprocess_table makes it. */
void cd_augment_apply(const struct cd_augment *augment, const struct cd_picture *source,
                      const float table[3][256], size_t height, size_t width, float *x);

/* Both. augmentation NULL: none. */
void cd_augment_picture(const struct cd_augmentation *augmentation, size_t index,
                        const struct cd_picture *source, const float table[3][256], size_t height,
                        size_t width, float *x);

#endif
