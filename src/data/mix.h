/* SPDX-License-Identifier: MIT
 *
 * Mixing the images of a batch in pairs. Mixup (Zhang et al. 2018) makes weighted means of two
 * images; CutMix (Yun et al. 2019) copies a rectangle of one into the other. The labels count with
 * the same weights.
 *
 * The first image of a batch is mixed with the last one, the second with the last but one, and so
 * on. The batch is in random order, so every pair is equally likely. Both images of a pair keep the
 * same share of themselves, which is at least one half: a smaller share would only exchange the
 * two. So an image's own label counts most. The draws depend on the key and the first image's index
 * in the dataset. */
#ifndef CD_DATA_MIX_H
#define CD_DATA_MIX_H

#include "data/augment.h"

/* An image consists of a share (at least 1/2) of itself and the rest of another with this label. */
struct cd_mixture {
    float share;
    uint32_t other;
};

/* Returns 1 if the augmentation mixes images; 0 for NULL. */
int cd_mix_wanted(const struct cd_augmentation *augmentation);

/* Mixes a and b, each height x width x 3 floats, in place. index: the index of a's
 * sample in the dataset. */
void cd_mix_pair(const struct cd_augmentation *augmentation, size_t index, size_t height,
                 size_t width, float *a, float *b);

/* Fills in the mixtures of a batch of n images, by the same draws. samples: their indices in the
 * dataset. */
void cd_mix_labels(const struct cd_augmentation *augmentation, const size_t *samples, size_t height,
                   size_t width, const uint32_t *labels, size_t n, struct cd_mixture *mixtures);

#endif
