/* SPDX-License-Identifier: MIT
 *
 * Prepares batches of a loaded dataset in a given order: augmented images as floats, and labels.
 * While the caller uses one batch, idle threads of the context prepare the next one (see
 * cd_background_start). */
#ifndef CD_DATA_LOADER_H
#define CD_DATA_LOADER_H

#include "core/pool.h"
#include "data/augment.h"
#include "data/dataset.h"
#include "data/mix.h"

/* Fills order with a random permutation of 0 .. count-1. Epochs are counted from 1. */
void cd_loader_shuffle(uint64_t seed, uint64_t epoch, size_t *order, size_t count);

/* One pass over a dataset. */
struct cd_loader_pass {
    const cnn_dataset_t *data; /* a loaded dataset */
    const float (*table)[256]; /* cd_preprocess_table of its preprocessing; 3 channels */
    const size_t *order;       /* the order of the samples (indices in data); NULL: by index */
    size_t first;              /* index in order of the first sample of the pass */
    size_t height, width;      /* size of the images in the batches; 0: as in the dataset */
    struct cd_augmentation augmentation;
};

struct cd_batch {
    float *x;               /* images: n x height x width x 3; the caller may change them */
    const uint32_t *labels; /* n labels */
    const struct cd_mixture *mixtures; /* n mixtures, or NULL if the images are not mixed */
    size_t n;                          /* number of images; unreadable photos are left out */
    size_t taken; /* number of samples, including unreadable photos; 0: the pass is over */
};

/* A batch that is being prepared or used. */
struct cd_loader_slot {
    const struct cd_loader_pass *pass;
    size_t first, n; /* index in the pass's order of the first sample; number of samples */
    float *x;
    uint32_t *labels;
    uint8_t *scratch; /* room for n decoded images; NULL if all images are in memory */
    struct cd_loader_fault *faults;
    struct cd_background work;
};

struct cd_loader {
    cnn_context_t *context;
    size_t batch;        /* largest number of samples in a batch */
    size_t image_floats; /* floats of an image: height x width x 3 */
    size_t scratch_size; /* bytes of an image in the scratch memory of the slots */
    struct cd_loader_pass pass;
    struct cd_loader_slot slots[2];
    size_t *samples; /* index in the dataset of each image of the current batch */
    struct cd_mixture *mixtures;
    size_t current; /* the slot of the next batch */
    double wait;    /* seconds spent in cd_loader_next so far, including mixing */
};

/* Creates a loader. batch: the largest number of samples in a batch. image_floats: height x width x
 * 3 of the images. Errors: MEMORY. */
cnn_status_t cd_loader_create(cnn_context_t *context, size_t batch, size_t image_floats,
                              struct cd_loader **loader);
/* Frees a loader. loader may be NULL. */
void cd_loader_free(struct cd_loader *loader);

/* Begins a pass and starts preparing its first batch. height * width * 3 of the pass must be
 * image_floats. An unfinished pass is dropped. The caller keeps everything that `pass` points to
 * until the pass is over. Errors: MEMORY. */
cnn_status_t cd_loader_begin(struct cd_loader *loader, const struct cd_loader_pass *pass);

/* Sets *batch to the next batch, which is valid until the next call. A photo that has become
 * unreadable is left out of this and all later batches; one warning is logged. Errors: MEMORY. */
cnn_status_t cd_loader_next(struct cd_loader *loader, struct cd_batch *batch);

#endif
