/* SPDX-License-Identifier: MIT */
#include "data/loader.h"

#include "core/pool.h"
#include "core/random.h"
#include "image/preprocess.h"

struct batch {
    const cnn_dataset_t *dataset;
    const float (*table)[256];
    const size_t *order;
    size_t first;
    size_t area; /* height * width */
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
    cd_preprocess_to_float(batch->table, sample->pixels, batch->area,
                           batch->x + i * batch->area * 3);
}

void cd_loader_batch(const cnn_dataset_t *dataset, const float table[3][256], const size_t *order,
                     size_t first, size_t n, float *x, uint32_t *labels)
{
    struct batch batch = {.dataset = dataset,
                          .table = table,
                          .order = order,
                          .first = first,
                          .area = (size_t)dataset->preprocess.height * dataset->preprocess.width,
                          .x = x,
                          .labels = labels};

    cd_parallel_for(dataset->context, n, fill_picture, &batch);
}
