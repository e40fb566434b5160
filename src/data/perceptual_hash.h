/* SPDX-License-Identifier: MIT
 *
 * Perceptual hashes: 256 bits of a picture that stay nearly the same when it is scaled, compressed
 * anew or changed a little. As in PDQ ("The TMK+PDQF Video-Hashing Algorithm and the PDQ
 * Image-Hashing Algorithm", Facebook 2019), but over this library's resize and in integers, so that
 * they are the same on every machine. */
#ifndef CD_DATA_PERCEPTUAL_HASH_H
#define CD_DATA_PERCEPTUAL_HASH_H

#include "core/context.h"

enum {
    CD_PERCEPTUAL_SIDE = 64,
    CD_PERCEPTUAL_WORDS = 16 /* of 16 bits */
};

struct cd_perceptual_hash {
    uint16_t words[CD_PERCEPTUAL_WORDS];
    int flat; /* 1: too little detail to tell pictures apart by it */
};

/* How a photo becomes the picture that is hashed: squashed, scaled by the decoder. Complete. */
cnn_preprocess_t cd_perceptual_preprocess(void);

/* rgb: CD_PERCEPTUAL_SIDE x CD_PERCEPTUAL_SIDE x 3. */
struct cd_perceptual_hash cd_perceptual_hash(const uint8_t *rgb);

/* Bits that differ. */
uint32_t cd_perceptual_distance(const struct cd_perceptual_hash *a,
                                const struct cd_perceptual_hash *b);

#endif
