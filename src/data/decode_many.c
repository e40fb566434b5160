/* SPDX-License-Identifier: MIT */
#include "data/decode_many.h"

#include "core/hash.h"
#include "core/memory.h"
#include "core/pool.h"
#include "data/photo.h"
#include "data/progress.h"
#include "image/decode.h"
#include "image/preprocess.h"

/* The state while one range is decoded. A work item is one photo. */
struct job {
    struct cd_decode_many *many;
    const struct cd_decode_range *range;
    size_t image_size; /* bytes of an image */
    uint8_t *scratch;  /* one image for each worker, for images not held; NULL if all are held */
    /* Index in the range of the first photo whose failure ends the load, or SIZE_MAX. Photos before
     * it are still decoded, so that the reported photo does not depend on the order in which the
     * threads work. */
    atomic_size_t last;
    struct cd_progress progress;
};

static const char *path_of(const struct cd_decode_many *many, size_t index)
{
    return many->files ? many->files[index] : many->dataset->samples[index].path;
}

static int ends_load(const struct job *job, cnn_status_t status)
{
    return status == CNN_ERROR_MEMORY || (status != CNN_OK && job->many->strict);
}

static void lower_last(struct job *job, size_t index)
{
    size_t last = atomic_load_explicit(&job->last, memory_order_relaxed);

    while (index < last &&
           !atomic_compare_exchange_weak_explicit(&job->last, &last, index, memory_order_relaxed,
                                                  memory_order_relaxed))
        ;
}

/* Computes the preprocessed pixels of one image: resizes an image from memory, or decodes and
 * resizes a photo. */
static cnn_status_t make_image(const struct cd_decode_many *many, size_t index, uint8_t *out)
{
    const cnn_dataset_t *dataset = many->dataset;

    if (many->files || !dataset->source_block)
        return cd_decode_file(dataset->context, path_of(many, index), &dataset->limits,
                              many->preprocess, NULL, out);
    const size_t height = dataset->source_height, width = dataset->source_width;
    const uint8_t *source =
        dataset->source_block->bytes + dataset->samples[index].number * height * width * 3;
    return cd_preprocess_pixels(dataset->context, many->preprocess, source, height, width,
                                width * 3, out);
}

static void decode_task(void *argument, size_t i, size_t worker)
{
    struct job *job = argument;
    const struct cd_decode_range *range = job->range;
    const size_t index = range->first + i;
    struct cd_outcome *outcome = &range->outcomes[i];
    cnn_context_t *context = job->many->dataset->context;
    uint8_t *out = i < range->held ? range->pixels + i * job->image_size
                                   : job->scratch + worker * job->image_size;

    if (cd_progress_stopped(&job->progress) ||
        i > atomic_load_explicit(&job->last, memory_order_relaxed))
        return;
    outcome->status = make_image(job->many, index, out);
    if (outcome->status == CNN_OK && range->hashes)
        range->hashes[i] = cd_hash_bytes(0, out, job->image_size);
    if (outcome->status != CNN_OK && outcome->status != CNN_ERROR_MEMORY) {
        outcome->reason = cd_photo_reason(context, path_of(job->many, index));
        if (!outcome->reason)
            outcome->status = CNN_ERROR_MEMORY;
    }
    if (ends_load(job, outcome->status))
        lower_last(job, i);
    cd_progress_step(&job->progress);
}

static cnn_status_t verdict(struct job *job)
{
    const size_t last = atomic_load(&job->last);

    if (atomic_load(&job->progress.stopped))
        return cd_error(CNN_ERROR_CANCELLED, "loading the dataset was cancelled");
    if (last == SIZE_MAX)
        return CNN_OK;
    const char *path = path_of(job->many, job->range->first + last);
    const struct cd_outcome *outcome = &job->range->outcomes[last];
    if (outcome->status == CNN_ERROR_MEMORY)
        return cd_error(CNN_ERROR_MEMORY, "%s: out of memory", *path ? path : "an image");
    return cd_error(outcome->status, "%s: %s", path, outcome->reason);
}

cnn_status_t cd_decode_many(struct cd_decode_many *many, const struct cd_decode_range *range)
{
    cnn_context_t *context = many->dataset->context;
    struct job job = {.many = many,
                      .range = range,
                      .image_size = (size_t)many->preprocess->height * many->preprocess->width * 3,
                      .progress = {.callback = many->options->progress,
                                   .user = many->options->user,
                                   .cancel = many->options->cancel,
                                   .done = many->done,
                                   .total = many->total}};

    atomic_init(&job.last, SIZE_MAX);
    if (range->held < range->n) {
        job.scratch = cd_alloc_unset(context, cd_pool_threads(context->pool), job.image_size);
        if (!job.scratch)
            return cd_error_memory();
    }
    cnn_status_t rc = cd_progress_init(&job.progress);
    if (rc != CNN_OK) {
        cd_free(context, job.scratch);
        return rc;
    }
    cd_parallel_for(context, range->n, decode_task, &job);
    cd_progress_release(&job.progress);
    many->done = job.progress.done;
    cd_free(context, job.scratch);
    return verdict(&job);
}

void cd_outcomes_free(cnn_context_t *context, struct cd_outcome *outcomes, size_t n)
{
    for (size_t i = 0; outcomes && i < n; i++)
        cd_free(context, outcomes[i].reason);
    cd_free(context, outcomes);
}
