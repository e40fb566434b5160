/* SPDX-License-Identifier: MIT
 *
 * Pictures of a batch mixed in pairs: mixup (Zhang et al. 2018) adds two pictures in shares, CutMix
 * (Yun et al. 2019) puts a rectangle of one into the other. Their labels count in the same shares.
 *
 * The first picture of a batch is mixed with the last, the second with the last but one, and so on;
 * the batch is in random order, so each pair is as likely as any other. Both get the same share of
 * themselves, of which the larger of (share, 1 - share) is as good: the smaller would only exchange
 * the two. So a picture keeps at least half of itself, and its label is the one that counts most.
 * What happens to a pair is drawn from the key and the first one's place in the data set. */
#ifndef CD_DATA_MIX_H
#define CD_DATA_MIX_H

#include "data/augment.h"

/* What a picture is made of: share (at least 1/2) of its own, the rest of another of this label. */
struct cd_mixture {
    float share;
    uint32_t other;
};

/* 1 if augmentation (NULL: none) mixes pictures. */
int cd_mix_wanted(const struct cd_augmentation *augmentation);

/* Mixes a and b in place; index: of a's sample; each height x width x 3 floats. */
void cd_mix_pair(const struct cd_augmentation *augmentation, size_t index, size_t height,
                 size_t width, float *a, float *b);

/* What that makes of a batch of n pictures: the same draws, without the pictures. samples: their
 * places in the data set. */
void cd_mix_labels(const struct cd_augmentation *augmentation, const size_t *samples, size_t height,
                   size_t width, const uint32_t *labels, size_t n, struct cd_mixture *mixtures);

#endif
