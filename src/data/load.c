/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/memory.h"
#include "core/pool.h"
#include "data/dataset.h"
#include "data/photo.h"
#include "image/preprocess.h"

/* What became of one sample. */
struct outcome {
    cnn_status_t status;
    char *reason; /* owned; NULL while status is CNN_OK or MEMORY */
};

/* One load; a task is a sample. */
struct job {
    const cnn_dataset_t *dataset;
    const cnn_preprocess_t *preprocess;
    const cnn_load_options_t *options;
    size_t picture; /* bytes */
    uint8_t *pixels;
    struct outcome *outcomes;
    /* Samples after the first that ends the load need no work; those before it still do, or which
     * one is reported would depend on the threads. */
    atomic_size_t last;
    atomic_int cancelled;
    pthread_mutex_t progress_lock;
    size_t done;
};

static int ends_load(const struct job *job, cnn_status_t status)
{
    return status == CNN_ERROR_MEMORY || (status != CNN_OK && job->dataset->strict);
}

static void lower_last(struct job *job, size_t index)
{
    size_t last = atomic_load_explicit(&job->last, memory_order_relaxed);

    while (index < last &&
           !atomic_compare_exchange_weak_explicit(&job->last, &last, index, memory_order_relaxed,
                                                  memory_order_relaxed))
        ;
}

static void count_done(struct job *job)
{
    if (!job->options->progress)
        return;
    pthread_mutex_lock(&job->progress_lock);
    job->done++;
    /* Once one call asked to stop, there is no further one. */
    if (!atomic_load_explicit(&job->cancelled, memory_order_relaxed) &&
        job->options->progress(job->done, job->dataset->count, job->options->user) != 0)
        atomic_store_explicit(&job->cancelled, 1, memory_order_relaxed);
    pthread_mutex_unlock(&job->progress_lock);
}

static void load_task(void *argument, size_t index, size_t worker)
{
    struct job *job = argument;
    const cnn_dataset_t *dataset = job->dataset;
    const struct cd_sample *sample = &dataset->samples[index];
    struct outcome *outcome = &job->outcomes[index];
    uint8_t *out = job->pixels + index * job->picture;

    (void)worker;
    if (cd_cancelled(job->options->cancel))
        atomic_store_explicit(&job->cancelled, 1, memory_order_relaxed);
    if (atomic_load_explicit(&job->cancelled, memory_order_relaxed) ||
        index > atomic_load_explicit(&job->last, memory_order_relaxed))
        return;
    if (sample->source)
        outcome->status = cd_preprocess_pixels(dataset->context, job->preprocess, sample->source,
                                               dataset->source_height, dataset->source_width,
                                               dataset->source_width * 3, out);
    else
        outcome->status = cd_photo_load(dataset->context, sample->path, &dataset->limits,
                                        job->preprocess, out);
    if (outcome->status != CNN_OK && outcome->status != CNN_ERROR_MEMORY) {
        outcome->reason = cd_photo_reason(dataset->context, sample->path);
        if (!outcome->reason)
            outcome->status = CNN_ERROR_MEMORY;
    }
    if (ends_load(job, outcome->status))
        lower_last(job, index);
    count_done(job);
}

/* Decodes and resizes every sample into its place in pixels. A sample that cannot be used has an
 * outcome (count entries, all zero) that says so, and its place is not set. Errors, the first in
 * the order of samples: MEMORY; if strict the failing photo's own; CANCELLED. */
static cnn_status_t load_samples(const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                                 const cnn_load_options_t *options, uint8_t *pixels,
                                 struct outcome *outcomes)
{
    cnn_context_t *context = dataset->context;
    struct job job = {.dataset = dataset,
                      .preprocess = preprocess,
                      .options = options,
                      .picture = (size_t)preprocess->height * preprocess->width * 3,
                      .pixels = pixels,
                      .outcomes = outcomes};

    atomic_init(&job.last, SIZE_MAX);
    atomic_init(&job.cancelled, 0);
    if (pthread_mutex_init(&job.progress_lock, NULL) != 0)
        return cd_error_memory(context);
    cd_parallel_for(context, dataset->count, load_task, &job);
    pthread_mutex_destroy(&job.progress_lock);

    if (atomic_load(&job.cancelled))
        return cd_error(context, CNN_ERROR_CANCELLED, "loading the data set was cancelled");
    const size_t last = atomic_load(&job.last);
    if (last == SIZE_MAX)
        return CNN_OK;
    const char *path = dataset->samples[last].path;
    if (outcomes[last].status == CNN_ERROR_MEMORY)
        return cd_error(context, CNN_ERROR_MEMORY, "%s: out of memory", *path ? path : "a picture");
    return cd_error(context, outcomes[last].status, "%s: %s", path, outcomes[last].reason);
}

static void outcomes_free(cnn_context_t *context, struct outcome *outcomes, size_t n)
{
    for (size_t i = 0; outcomes && i < n; i++)
        cd_free(context, outcomes[i].reason);
    cd_free(context, outcomes);
}

/* Moves the failed samples to the skipped ones, both being in order of path, and gives the others
 * their pixels. From here on nothing can fail. merged: room for all skipped, old and new. */
static void commit(cnn_dataset_t *dataset, struct outcome *outcomes,
                   struct cd_skipped *merged, const uint8_t *pixels, size_t picture)
{
    size_t kept = 0, old = 0, n = 0;

    for (size_t i = 0; i < dataset->count; i++) {
        struct cd_sample sample = dataset->samples[i];
        if (outcomes[i].status == CNN_OK) {
            sample.pixels = pixels + i * picture;
            dataset->samples[kept++] = sample;
            continue;
        }
        while (old < dataset->n_skipped && strcmp(dataset->skipped[old].path, sample.path) < 0)
            merged[n++] = dataset->skipped[old++];
        merged[n++] = (struct cd_skipped){
            .path = sample.path, .status = outcomes[i].status, .reason = outcomes[i].reason};
        outcomes[i].reason = NULL;
        cd_warn(dataset->context, "%s: skipped: %s", sample.path, merged[n - 1].reason);
    }
    while (old < dataset->n_skipped)
        merged[n++] = dataset->skipped[old++];
    cd_free(dataset->context, dataset->skipped);
    dataset->skipped = merged;
    dataset->n_skipped = n;
    dataset->count = kept;
}

static size_t count_failed(const struct outcome *outcomes, size_t n)
{
    size_t failed = 0;
    for (size_t i = 0; i < n; i++)
        failed += outcomes[i].status != CNN_OK;
    return failed;
}

/* Takes over block on success. */
static cnn_status_t load_into(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                              const cnn_load_options_t *options, struct cd_pixels *block)
{
    cnn_context_t *context = dataset->context;
    const size_t count = dataset->count;
    struct outcome *outcomes = cd_alloc(context, count, sizeof *outcomes);
    cnn_status_t rc;

    if (!outcomes)
        return cd_error_memory(context);
    rc = load_samples(dataset, preprocess, options, block->bytes, outcomes);
    if (rc == CNN_OK) {
        const size_t failed = count_failed(outcomes, count);
        struct cd_skipped *merged = NULL;
        if (failed == count) {
            rc = cd_error(context, CNN_ERROR_DATA,
                          "none of the %zu photos can be used; the first, %s: %s", count,
                          dataset->samples[0].path, outcomes[0].reason);
        } else if (!(merged = cd_alloc(context, dataset->n_skipped + failed, sizeof *merged))) {
            rc = cd_error_memory(context);
        } else {
            commit(dataset, outcomes, merged, block->bytes,
                   (size_t)preprocess->height * preprocess->width * 3);
            cd_pixels_unref(dataset->pixel_block);
            dataset->pixel_block = block;
        }
    }
    outcomes_free(context, outcomes, count);
    return rc;
}

/* Pixels from memory that have the size already are used where they are. */
static void use_source(cnn_dataset_t *dataset)
{
    for (size_t i = 0; i < dataset->count; i++)
        dataset->samples[i].pixels = dataset->samples[i].source;
    cd_pixels_unref(dataset->pixel_block);
    dataset->pixel_block = cd_pixels_ref(dataset->source_block);
}

cnn_status_t cd_dataset_load(cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                             const cnn_load_options_t *options)
{
    struct cd_pixels *block;

    if (dataset->loaded && cd_preprocess_same_pixels(&dataset->preprocess, preprocess)) {
        dataset->preprocess = *preprocess;
        return CNN_OK;
    }
    if (dataset->source_block && dataset->source_height == preprocess->height &&
        dataset->source_width == preprocess->width) {
        use_source(dataset);
    } else {
        CD_TRY(cd_pixels_create(dataset->context, dataset->count, preprocess->height,
                                preprocess->width, &block));
        cnn_status_t rc = load_into(dataset, preprocess, options, block);
        if (rc != CNN_OK) {
            cd_pixels_unref(block);
            return rc;
        }
    }
    dataset->loaded = 1;
    dataset->preprocess = *preprocess;
    return CNN_OK;
}
