/* SPDX-License-Identifier: MIT */
#include "data/survey.h"

#include <stdlib.h>

#include "core/file.h"
#include "core/hash.h"
#include "core/memory.h"
#include "core/pool.h"
#include "data/photo.h"
#include "data/progress.h"
#include "image/decode.h"
#include "image/readers.h"

/* The state of one survey. A work item is one photo. */
struct job {
    const cnn_dataset_t *dataset;
    const cnn_survey_options_t *options;
    cnn_survey_t *survey;
    struct cd_fingerprint *fingerprints; /* NULL if only headers are read */
    atomic_int no_memory; /* 1: a thread ran out of memory */
    struct cd_progress progress;
};

static cnn_status_t read_whole(const struct job *job, const char *path, struct cd_image_info *info,
                               struct cd_fingerprint *fingerprint)
{
    cnn_context_t *context = job->dataset->context;
    struct cd_image_source source = {
        .context = context, .name = path, .limits = &job->dataset->limits};
    const cnn_preprocess_t preprocess = cd_perceptual_preprocess();
    uint8_t rgb[CD_PERCEPTUAL_SIDE * CD_PERCEPTUAL_SIDE * 3];
    uint8_t *bytes;

    CD_TRY(cd_file_read(context, path, source.limits->max_bytes, CNN_ERROR_IMAGE, &bytes,
                        &source.size));
    source.bytes = bytes;
    fingerprint->readable = 1;
    fingerprint->bytes = source.size;
    fingerprint->hash = cd_hash_bytes(0, bytes, source.size);
    cnn_status_t rc = cd_decode_photo(&source, &preprocess, info, rgb);
    cd_free(context, bytes);
    if (rc != CNN_OK)
        return rc;
    fingerprint->decoded = 1;
    fingerprint->perceptual = cd_perceptual_hash(rgb);
    return CNN_OK;
}

static cnn_status_t take_info(cnn_context_t *context, const struct cd_image_info *info,
                              struct cd_survey_photo *photo)
{
    photo->width = info->width;
    photo->height = info->height;
    photo->color_space = info->color_space;
    photo->orientation = info->orientation;
    photo->warnings = info->warnings;
    if (info->warnings > 0 && !(photo->warning = cd_strdup(context, info->warning)))
        return CNN_ERROR_MEMORY;
    return CNN_OK;
}

/* Examines photo `index` and fills in its entry of the survey. The path is copied, because the
 * survey may outlive the dataset. A photo that cannot be read is not an error. Errors: MEMORY. */
static cnn_status_t examine(const struct job *job, size_t index)
{
    cnn_context_t *context = job->dataset->context;
    const struct cd_sample *sample = &job->dataset->samples[index];
    struct cd_survey_photo *photo = &job->survey->photos[index];
    struct cd_image_info info = {0};

    photo->path = cd_strdup(context, sample->path);
    photo->label = sample->label;
    if (!photo->path)
        return CNN_ERROR_MEMORY;
    if (job->fingerprints) {
        job->fingerprints[index].label = sample->label;
        photo->status = read_whole(job, photo->path, &info, &job->fingerprints[index]);
    } else {
        photo->status = cd_image_read_info(context, photo->path, &info);
    }
    if (photo->status != CNN_OK && photo->status != CNN_ERROR_MEMORY &&
        !(photo->reason = cd_photo_reason(context, photo->path)))
        return CNN_ERROR_MEMORY;
    return photo->status == CNN_ERROR_MEMORY ? CNN_ERROR_MEMORY : take_info(context, &info, photo);
}

static void examine_task(void *argument, size_t index, size_t worker)
{
    struct job *job = argument;

    (void)worker;
    if (cd_progress_stopped(&job->progress) ||
        atomic_load_explicit(&job->no_memory, memory_order_relaxed))
        return;
    if (examine(job, index) != CNN_OK)
        atomic_store_explicit(&job->no_memory, 1, memory_order_relaxed);
    cd_progress_step(&job->progress);
}

static int descending(size_t a, size_t b)
{
    return (a < b) - (a > b);
}

static int compare_sizes(const void *a, const void *b)
{
    const struct cd_survey_size *x = a, *y = b;
    int order = descending(x->width, y->width);
    return order != 0 ? order : descending(x->height, y->height);
}

static int compare_counts(const void *a, const void *b)
{
    int order = descending(((const struct cd_survey_size *)a)->count,
                           ((const struct cd_survey_size *)b)->count);
    return order != 0 ? order : compare_sizes(a, b);
}

/* Counts the photos of each size, and the unreadable photos. Every photo with a readable header
 * gets an entry in sizes; the entries are then sorted, and entries of equal size are merged. */
static void count_sizes(cnn_survey_t *survey)
{
    struct cd_survey_size *sizes = survey->sizes;
    size_t readable = 0;

    for (size_t i = 0; i < survey->n_photos; i++) {
        const struct cd_survey_photo *photo = &survey->photos[i];
        survey->unreadable += photo->status != CNN_OK;
        if (photo->width > 0)
            sizes[readable++] = (struct cd_survey_size){photo->width, photo->height, 1};
    }
    qsort(sizes, readable, sizeof *sizes, compare_sizes);
    for (size_t i = 0; i < readable; i++) {
        if (survey->n_sizes > 0 && compare_sizes(&sizes[survey->n_sizes - 1], &sizes[i]) == 0)
            sizes[survey->n_sizes - 1].count++;
        else
            sizes[survey->n_sizes++] = sizes[i];
    }
    qsort(sizes, survey->n_sizes, sizeof *sizes, compare_counts);
}

static cnn_status_t examine_all(struct job *job)
{
    cnn_context_t *context = job->dataset->context;

    atomic_init(&job->no_memory, 0);
    job->progress = (struct cd_progress){.callback = job->options->progress,
                                         .user = job->options->user,
                                         .cancel = job->options->cancel,
                                         .total = job->survey->n_photos};
    CD_TRY(cd_progress_init(&job->progress));
    cd_parallel_for(context, job->survey->n_photos, examine_task, job);
    cd_progress_release(&job->progress);
    if (atomic_load(&job->no_memory))
        return cd_error_memory();
    if (atomic_load(&job->progress.stopped))
        return cd_error(CNN_ERROR_CANCELLED, "the survey was cancelled");
    return CNN_OK;
}

static cnn_status_t survey_photos(struct job *job)
{
    cnn_survey_t *survey = job->survey;
    cnn_context_t *context = survey->context;
    const size_t n = job->options->max_photos;

    survey->photos = cd_alloc(context, n, sizeof *survey->photos);
    survey->sizes = cd_alloc(context, n, sizeof *survey->sizes);
    if (!survey->photos || !survey->sizes)
        return cd_error_memory();
    survey->n_photos = n;
    if (!job->options->headers_only) {
        job->fingerprints = cd_alloc(context, n, sizeof *job->fingerprints);
        if (!job->fingerprints)
            return cd_error_memory();
    }
    CD_TRY(examine_all(job));
    count_sizes(survey);
    if (job->fingerprints)
        CD_TRY(cd_duplicates_find(context, job->fingerprints, n, job->options->radius,
                                  &survey->duplicates));
    return CNN_OK;
}

cnn_status_t cd_survey_create(const cnn_dataset_t *dataset, const cnn_survey_options_t *options,
                              cnn_survey_t **out)
{
    cnn_context_t *context = dataset->context;
    cnn_survey_t *survey = cd_alloc(context, 1, sizeof *survey);
    struct job job = {.dataset = dataset, .options = options, .survey = survey};

    *out = NULL;
    if (!survey)
        return cd_error_memory();
    survey->context = cd_context_ref(context);
    cnn_status_t rc = survey_photos(&job);
    cd_free(context, job.fingerprints);
    if (rc != CNN_OK) {
        cd_survey_free(survey);
        return rc;
    }
    *out = survey;
    return CNN_OK;
}

void cd_survey_free(cnn_survey_t *survey)
{
    if (!survey)
        return;
    cnn_context_t *context = survey->context;
    for (size_t i = 0; i < survey->n_photos; i++) {
        cd_free(context, survey->photos[i].path);
        cd_free(context, survey->photos[i].reason);
        cd_free(context, survey->photos[i].warning);
    }
    cd_free(context, survey->photos);
    cd_free(context, survey->sizes);
    cd_duplicates_release(&survey->duplicates);
    cd_free(context, survey);
    cd_context_unref(context);
}
