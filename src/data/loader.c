/* SPDX-License-Identifier: MIT */
#include "data/loader.h"

#include "core/pool.h"
#include "core/random.h"

struct batch {
    const cnn_dataset_t *dataset;
    const float (*table)[256];
    const size_t *order;
    size_t first;
    size_t height, width;
    const struct cd_augmentation *augmentation;
    float *x;
    uint32_t *labels;
};

void cd_loader_shuffle(uint64_t seed, uint64_t epoch, size_t *order, size_t count)
{
    cd_random_permutation(cd_random_key(seed, CD_STREAM_SHUFFLE, epoch, 0), order, count);
}

static void fill_picture(void *argument, size_t i, size_t worker)
{
    const struct batch *batch = argument;
    const size_t index = batch->order ? batch->order[batch->first + i] : batch->first + i;
    const struct cd_sample *sample = &batch->dataset->samples[index];

    (void)worker;
    batch->labels[i] = sample->label;
    const struct cd_picture source = {sample->pixels, batch->height, batch->width};
    cd_augment_picture(batch->augmentation, index, &source, batch->table, batch->height,
                       batch->width, batch->x + i * batch->height * batch->width * 3);
}

void cd_loader_batch(const cnn_dataset_t *dataset, const float table[3][256], const size_t *order,
                     size_t first, size_t n, const struct cd_augmentation *augmentation, float *x,
                     uint32_t *labels)
{
    struct batch batch = {.dataset = dataset,
                          .table = table,
                          .order = order,
                          .first = first,
                          .height = dataset->preprocess.height,
                          .width = dataset->preprocess.width,
                          .augmentation = augmentation,
                          .x = x,
                          .labels = labels};

    cd_parallel_for(dataset->context, n, fill_picture, &batch);
}
