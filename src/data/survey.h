/* SPDX-License-Identifier: MIT
 *
 * What can be known of photos before anything is trained: sizes, kinds, faults, duplicates. */
#ifndef CD_DATA_SURVEY_H
#define CD_DATA_SURVEY_H

#include "data/dataset.h"
#include "data/duplicates.h"

struct cd_survey_size {
    uint32_t width, height;
    size_t count;
};

struct cd_survey_photo {
    char *path; /* owned, as the other texts */
    uint32_t label;
    cnn_status_t status;
    char *reason;           /* NULL if the photo is good */
    uint32_t width, height; /* as stored; these to orientation 0 without a header */
    cnn_color_space_t color_space;
    int orientation;
    long warnings;
    char *warning; /* the first; NULL without */
};

struct cnn_survey {
    cnn_context_t *context;
    struct cd_survey_photo *photos;
    size_t n_photos;
    size_t unreadable;
    struct cd_survey_size *sizes; /* most common first; ties: wider, then higher */
    size_t n_sizes;
    struct cd_duplicates duplicates;
};

/* options: complete (max_photos: how many; radius: below 0 or the one that counts). The samples are
 * files. Errors: MEMORY, CANCELLED. */
cnn_status_t cd_survey_create(const cnn_dataset_t *dataset, const cnn_survey_options_t *options,
                              cnn_survey_t **survey);
void cd_survey_free(cnn_survey_t *survey);

#endif
