/* SPDX-License-Identifier: MIT
 *
 * Batches of a loaded data set: pixels to float, labels, in a given order. While one batch is used
 * the next is prepared by the context's threads in the gaps of their other work
 * (cd_background_start). */
#ifndef CD_DATA_LOADER_H
#define CD_DATA_LOADER_H

#include "core/pool.h"
#include "data/augment.h"
#include "data/dataset.h"
#include "data/mix.h"

/* The order of an epoch (from 1): a permutation of 0 .. count-1 drawn from seed and epoch. */
void cd_loader_shuffle(uint64_t seed, uint64_t epoch, size_t *order, size_t count);

/* One way through a data set. */
struct cd_loader_pass {
    const cnn_dataset_t *data; /* loaded */
    const float (*table)[256]; /* of its preprocess, for the three channels */
    const size_t *order;       /* a permutation of its samples; NULL: their own order */
    size_t first;              /* the place in the order where the pass begins */
    size_t height, width;      /* of the pictures that are made; 0: the data set's */
    struct cd_augmentation augmentation;
};

struct cd_batch {
    float *x;               /* n x height x width x 3; may be changed */
    const uint32_t *labels; /* n */
    const struct cd_mixture *mixtures; /* n, if the pictures are mixed; else NULL */
    size_t n;     /* pictures: those of the samples but for photos that could not be had any more */
    size_t taken; /* samples; 0: there are no more */
};

/* A batch that is being prepared, or used. */
struct cd_loader_slot {
    const struct cd_loader_pass *pass;
    size_t first, n; /* of the pass */
    float *x;
    uint32_t *labels;
    uint8_t *scratch;   /* n pictures, where they are decoded; or NULL */
    struct cd_loader_fault *faults;
    struct cd_background work;
};

struct cd_loader {
    cnn_context_t *context;
    size_t batch, picture;  /* samples; floats of a picture */
    size_t scratch_picture; /* bytes of a picture in the slots' scratch */
    struct cd_loader_pass pass;
    struct cd_loader_slot slots[2];
    size_t *samples; /* of the pictures that are handed out: their places in the data set */
    struct cd_mixture *mixtures;
    size_t current; /* the slot that is to be handed out next */
    double wait;    /* seconds that cd_loader_next took, mixing included, in all passes so far */
};

/* For pictures of picture floats. Errors: MEMORY. */
cnn_status_t cd_loader_create(cnn_context_t *context, size_t batch, size_t picture,
                              struct cd_loader **loader);
/* NULL is fine. */
void cd_loader_free(struct cd_loader *loader);

/* Begins a pass, and preparing its first batch. Its height * width * 3 are the loader's picture. A
 * pass that was not ended is given up. What pass points to stays until the pass has ended. Errors:
 * MEMORY. */
cnn_status_t cd_loader_begin(struct cd_loader *loader, const struct cd_loader_pass *pass);

/* The next batch, valid until the next call. A photo that cannot be had any more is left out, with
 * one warning, from then on. Errors: MEMORY. */
cnn_status_t cd_loader_next(struct cd_loader *loader, struct cd_batch *batch);

#endif
