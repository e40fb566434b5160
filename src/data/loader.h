/* SPDX-License-Identifier: MIT
 *
 * Batches of a loaded dataset, in a given order: augmented images as floats, and labels. While one
 * batch is used, the context's threads prepare the next one in the gaps of their other work
 * (cd_background_start). */
#ifndef CD_DATA_LOADER_H
#define CD_DATA_LOADER_H

#include "core/pool.h"
#include "data/augment.h"
#include "data/dataset.h"
#include "data/mix.h"

/* Fills order with a random permutation of 0 .. count-1. epoch: from 1. */
void cd_loader_shuffle(uint64_t seed, uint64_t epoch, size_t *order, size_t count);

/* One pass over a dataset. */
struct cd_loader_pass {
    const cnn_dataset_t *data; /* a loaded dataset */
    const float (*table)[256]; /* table of its preprocessing (cd_preprocess_table), 3 channels */
    const size_t *order;       /* a permutation of its samples; NULL: their own order */
    size_t first;              /* the index in the order where the pass begins */
    size_t height, width;      /* size of images in the batches; 0: as in the dataset */
    struct cd_augmentation augmentation;
};

struct cd_batch {
    float *x;               /* n x height x width x 3; the caller may change them */
    const uint32_t *labels; /* n labels */
    const struct cd_mixture *mixtures; /* n, if the images are mixed; else NULL */
    size_t n;                          /* images; without the photos that have become unreadable */
    size_t taken;                      /* samples, readable or not; 0: the pass is over */
};

/* A batch that is being prepared or used. */
struct cd_loader_slot {
    const struct cd_loader_pass *pass;
    size_t first, n; /* samples of the pass */
    float *x;
    uint32_t *labels;
    uint8_t *scratch; /* room to decode n images; NULL if all images are in memory */
    struct cd_loader_fault *faults;
    struct cd_background work;
};

struct cd_loader {
    cnn_context_t *context;
    size_t batch, image_floats; /* samples; floats of an image */
    size_t scratch_size;        /* bytes of an image in the slots' scratch */
    struct cd_loader_pass pass;
    struct cd_loader_slot slots[2];
    size_t *samples; /* indices in the dataset, of the images that are handed out */
    struct cd_mixture *mixtures;
    size_t current; /* the slot to be handed out next */
    double wait;    /* seconds spent in cd_loader_next so far, mixing included */
};

/* Creates a loader. batch: largest number of samples. image_floats: height x width x 3 of the
 * images. Errors: MEMORY. */
cnn_status_t cd_loader_create(cnn_context_t *context, size_t batch, size_t image_floats,
                              struct cd_loader **loader);
/* Frees a loader. loader may be NULL. */
void cd_loader_free(struct cd_loader *loader);

/* Begins a pass and the preparation of its first batch. Its height * width * 3 must be
 * image_floats. An unfinished pass is dropped. What pass points to must stay until the pass is
 * over. Errors: MEMORY. */
cnn_status_t cd_loader_begin(struct cd_loader *loader, const struct cd_loader_pass *pass);

/* Gives the next batch, valid until the next call. A photo that has become unreadable is left out
 * from then on, with one warning. Errors: MEMORY. */
cnn_status_t cd_loader_next(struct cd_loader *loader, struct cd_batch *batch);

#endif
