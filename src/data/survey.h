/* SPDX-License-Identifier: MIT
 *
 * Surveys the photos of a dataset: sizes, colour spaces, damage, duplicates. */
#ifndef CD_DATA_SURVEY_H
#define CD_DATA_SURVEY_H

#include "data/dataset.h"
#include "data/duplicates.h"

struct cd_survey_size {
    uint32_t width, height;
    size_t count; /* number of photos of this size */
};

struct cd_survey_photo {
    char *path; /* owned, like reason and warning */
    uint32_t label;
    cnn_status_t status;
    char *reason; /* why the photo is unreadable; NULL if status is CNN_OK */
    /* Stored size, colour space and EXIF orientation; 0 if the header is unreadable. */
    uint32_t width, height;
    cnn_color_space_t color_space;
    int orientation;
    long warnings; /* number of warnings of the decoder */
    char *warning; /* the first warning, or NULL if there is none */
};

struct cnn_survey {
    cnn_context_t *context;
    struct cd_survey_photo *photos;
    size_t n_photos;
    size_t unreadable; /* number of photos whose status is not CNN_OK */
    struct cd_survey_size *sizes; /* sorted by count, width and height, largest first */
    size_t n_sizes;
    struct cd_duplicates duplicates;
};

/* Surveys the first options->max_photos samples of a dataset, which must be photos. All defaults of
 * options are filled in; a negative radius means that near duplicates are not searched. The caller
 * frees *survey with cd_survey_free. Errors: MEMORY, CANCELLED. */
cnn_status_t cd_survey_create(const cnn_dataset_t *dataset, const cnn_survey_options_t *options,
                              cnn_survey_t **survey);
void cd_survey_free(cnn_survey_t *survey);

#endif
