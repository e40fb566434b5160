/* SPDX-License-Identifier: MIT
 *
 * A survey of the photos of a dataset: sizes, colour spaces, faults, duplicates. */
#ifndef CD_DATA_SURVEY_H
#define CD_DATA_SURVEY_H

#include "data/dataset.h"
#include "data/duplicates.h"

struct cd_survey_size {
    uint32_t width, height;
    size_t count;
};

struct cd_survey_photo {
    char *path; /* owned, like the other texts */
    uint32_t label;
    cnn_status_t status;
    char *reason;           /* NULL if status is CNN_OK */
    /* Stored size, colour space and EXIF orientation; 0 without a readable header. */
    uint32_t width, height;
    cnn_color_space_t color_space;
    int orientation;
    long warnings;
    char *warning; /* the first one; NULL without warnings */
};

struct cnn_survey {
    cnn_context_t *context;
    struct cd_survey_photo *photos;
    size_t n_photos;
    size_t unreadable;
    struct cd_survey_size *sizes; /* most common first; then the wider, then the higher */
    size_t n_sizes;
    struct cd_duplicates duplicates;
};

/* Surveys the photos of a dataset. options: complete; max_photos is the number of photos, radius is
 * below 0 for none. The samples must be photos. The caller frees *survey by cd_survey_free. Errors:
 * MEMORY, CANCELLED. */
cnn_status_t cd_survey_create(const cnn_dataset_t *dataset, const cnn_survey_options_t *options,
                              cnn_survey_t **survey);
void cd_survey_free(cnn_survey_t *survey);

#endif
