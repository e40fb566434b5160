/* SPDX-License-Identifier: MIT */
#include "data/survey.h"

#include <stdlib.h>

#include "core/memory.h"
#include "core/pool.h"
#include "image/jpeg.h"

/* While photos are looked at, sizes has one entry a photo, of count 1, or 0 if unreadable. */
struct job {
    const cnn_dataset_t *dataset;
    struct cd_survey_size *sizes;
    atomic_int no_memory;
};

static void read_header(void *argument, size_t index, size_t worker)
{
    struct job *job = argument;
    struct cd_survey_size *size = &job->sizes[index];

    (void)worker;
    cnn_status_t status = cd_jpeg_size(job->dataset->context, job->dataset->samples[index].path,
                                       &size->width, &size->height);
    if (status == CNN_ERROR_MEMORY)
        atomic_store_explicit(&job->no_memory, 1, memory_order_relaxed);
    size->count = status == CNN_OK;
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

/* From one entry a photo to one entry a size. */
static void count_sizes(cnn_survey_t *survey)
{
    struct cd_survey_size *sizes = survey->sizes;
    size_t readable = 0;

    for (size_t i = 0; i < survey->photos; i++)
        if (sizes[i].count > 0)
            sizes[readable++] = sizes[i];
    survey->unreadable = survey->photos - readable;
    qsort(sizes, readable, sizeof *sizes, compare_sizes);
    for (size_t i = 0; i < readable; i++) {
        if (survey->n_sizes > 0 && compare_sizes(&sizes[survey->n_sizes - 1], &sizes[i]) == 0)
            sizes[survey->n_sizes - 1].count++;
        else
            sizes[survey->n_sizes++] = sizes[i];
    }
    qsort(sizes, survey->n_sizes, sizeof *sizes, compare_counts);
}

cnn_status_t cd_survey_create(const cnn_dataset_t *dataset, size_t n, cnn_survey_t **out)
{
    cnn_context_t *context = dataset->context;
    cnn_survey_t *survey = cd_alloc(context, 1, sizeof *survey);
    struct job job = {.dataset = dataset};

    *out = NULL;
    if (!survey)
        return cd_error_memory(context);
    survey->context = cd_context_ref(context);
    survey->photos = n;
    survey->sizes = cd_alloc(context, n, sizeof *survey->sizes);
    job.sizes = survey->sizes;
    atomic_init(&job.no_memory, survey->sizes == NULL);
    if (survey->sizes)
        cd_parallel_for(context, n, read_header, &job);
    if (atomic_load(&job.no_memory)) {
        cd_survey_free(survey);
        return cd_error_memory(context);
    }
    count_sizes(survey);
    *out = survey;
    return CNN_OK;
}

void cd_survey_free(cnn_survey_t *survey)
{
    if (!survey)
        return;
    cnn_context_t *context = survey->context;
    cd_free(context, survey->sizes);
    cd_free(context, survey);
    cd_context_unref(context);
}
