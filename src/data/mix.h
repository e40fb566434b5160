/* SPDX-License-Identifier: MIT
 *
 * Mixes the images of a batch in pairs. Mixup (Zhang et al. 2018) replaces each image of a pair by
 * a weighted mean of the two; CutMix (Yun et al. 2019) exchanges a rectangle between them. The two
 * labels of a mixed image are weighted with the shares of the two images in it.
 *
 * The first image of a batch is mixed with the last one, the second with the last but one, and so
 * on. The batch is in random order, so every pair is equally likely. Both images of a pair keep the
 * same share of themselves. It is at least 1/2, because a smaller share would give the same two
 * images in exchanged order. What is drawn for a pair depends only on the key and on the index of
 * its first image in the dataset. */
#ifndef CD_DATA_MIX_H
#define CD_DATA_MIX_H

#include "data/augment.h"

/* What a mixed image consists of. */
struct cd_mixture {
    float share;    /* share of the image itself, at least 1/2; the rest is from another image */
    uint32_t other; /* label of the other image */
};

/* Returns 1 if the augmentation mixes images, 0 if it does not or is NULL. */
int cd_mix_wanted(const struct cd_augmentation *augmentation);

/* Mixes the images a and b in place. Each has height x width x 3 floats. index: the index in the
 * dataset of the sample of a. */
void cd_mix_pair(const struct cd_augmentation *augmentation, size_t index, size_t height,
                 size_t width, float *a, float *b);

/* Fills in the mixtures of a batch of n images. They describe what cd_mix_pair() does to them.
 * samples: the indices of the images in the dataset. labels: the labels of the images. */
void cd_mix_labels(const struct cd_augmentation *augmentation, const size_t *samples, size_t height,
                   size_t width, const uint32_t *labels, size_t n, struct cd_mixture *mixtures);

#endif
