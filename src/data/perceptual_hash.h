/* SPDX-License-Identifier: MIT
 *
 * Perceptual hashes. A hash has 256 bits, and few of them change when the image is scaled,
 * compressed again or edited a little. The algorithm is PDQ ("The TMK+PDQF Video-Hashing Algorithm
 * and the PDQ Image-Hashing Algorithm", Facebook 2019) with two changes: images are resized by this
 * library, and all arithmetic is in integers, so that hashes are the same on every machine. */
#ifndef CD_DATA_PERCEPTUAL_HASH_H
#define CD_DATA_PERCEPTUAL_HASH_H

#include "core/context.h"

enum {
    CD_PERCEPTUAL_SIDE = 64, /* height and width of the hashed image in pixels */
    CD_PERCEPTUAL_WORDS = 16 /* number of 16-bit words in a hash */
};

struct cd_perceptual_hash {
    uint16_t words[CD_PERCEPTUAL_WORDS];
    int flat; /* 1: the image has too little detail for a meaningful hash */
};

/* Returns the preprocessing of a photo for its hash: resized without keeping the aspect ratio,
 * scaled decoding. All defaults are filled in. */
cnn_preprocess_t cd_perceptual_preprocess(void);

/* Returns the hash of an image of CD_PERCEPTUAL_SIDE x CD_PERCEPTUAL_SIDE x 3 bytes. */
struct cd_perceptual_hash cd_perceptual_hash(const uint8_t *rgb);

/* Returns the Hamming distance: the number of bits that differ. */
uint32_t cd_perceptual_distance(const struct cd_perceptual_hash *a,
                                const struct cd_perceptual_hash *b);

#endif
