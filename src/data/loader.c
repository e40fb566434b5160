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
    size_t height, width;
    const struct cd_augmentation *augmentation;
    float *x;
    uint32_t *labels;
};

void cd_loader_shuffle(uint64_t seed, uint64_t epoch, size_t *order, size_t count)
{
    cd_random_permutation(cd_random_key(seed, CD_STREAM_SHUFFLE, epoch, 0), order, count);
}

/* Turns every row around, pixel by pixel. */
static void mirror(float *x, size_t height, size_t width)
{
    for (size_t row = 0; row < height; row++, x += 3 * width)
        for (size_t left = 0, right = width - 1; left < right; left++, right--)
            for (size_t c = 0; c < 3; c++) {
                const float value = x[3 * left + c];
                x[3 * left + c] = x[3 * right + c];
                x[3 * right + c] = value;
            }
}

static int is_mirrored(const struct cd_augmentation *augmentation, size_t index)
{
    return augmentation && augmentation->mirror && cd_random_bits(augmentation->key, index) >> 63;
}

static void fill_picture(void *argument, size_t i, size_t worker)
{
    const struct batch *batch = argument;
    const size_t index = batch->order ? batch->order[batch->first + i] : batch->first + i;
    const struct cd_sample *sample = &batch->dataset->samples[index];

    (void)worker;
    batch->labels[i] = sample->label;
    const size_t area = batch->height * batch->width;
    float *x = batch->x + i * area * 3;
    cd_preprocess_to_float(batch->table, sample->pixels, area, x);
    if (is_mirrored(batch->augmentation, index))
        mirror(x, batch->height, batch->width);
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
