/* SPDX-License-Identifier: MIT
 *
 * Counting the sizes of photos by their headers. */
#ifndef CD_DATA_SURVEY_H
#define CD_DATA_SURVEY_H

#include "data/dataset.h"

struct cd_survey_size {
    uint32_t width, height;
    size_t count;
};

struct cnn_survey {
    cnn_context_t *context;
    struct cd_survey_size *sizes; /* most common first; ties: wider, then higher */
    size_t n_sizes;
    size_t photos;
    size_t unreadable;
};

/* The first n samples, which are files. Errors: MEMORY. */
cnn_status_t cd_survey_create(const cnn_dataset_t *dataset, size_t n, cnn_survey_t **survey);
void cd_survey_free(cnn_survey_t *survey);

#endif
