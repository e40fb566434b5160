/* SPDX-License-Identifier: MIT
 *
 * Perceptual hashes: 256 bits of an image, of which few change when the image is scaled, compressed
 * again or changed a little. As in PDQ ("The TMK+PDQF Video-Hashing Algorithm and the PDQ
 * Image-Hashing Algorithm", Facebook 2019), but over this library's resize and in integers, so that
 * they are the same on every machine. */
#ifndef CD_DATA_PERCEPTUAL_HASH_H
#define CD_DATA_PERCEPTUAL_HASH_H

#include "core/context.h"

enum {
    CD_PERCEPTUAL_SIDE = 64,
    CD_PERCEPTUAL_WORDS = 16 /* number of words of 16 bits */
};

struct cd_perceptual_hash {
    uint16_t words[CD_PERCEPTUAL_WORDS];
    int flat; /* 1: the image has too little detail for a meaningful hash */
};

/* The preprocessing of a photo for its hash: squashed, with scaled decoding. Complete. */
cnn_preprocess_t cd_perceptual_preprocess(void);

/* Hashes an image of CD_PERCEPTUAL_SIDE x CD_PERCEPTUAL_SIDE x 3 bytes. */
struct cd_perceptual_hash cd_perceptual_hash(const uint8_t *rgb);

/* The number of bits that differ. */
uint32_t cd_perceptual_distance(const struct cd_perceptual_hash *a,
                                const struct cd_perceptual_hash *b);

#endif
