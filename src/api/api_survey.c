/* SPDX-License-Identifier: MIT */
#include "api/boundary.h"
#include "core/check.h"
#include "core/options.h"
#include "data/survey.h"

enum { DEFAULT_RADIUS = 31 };

/* Checks the options, fills in their defaults and creates the survey. options: a copy of the
 * program's options, made by cd_options_read(). name: the public function, for error messages. */
static cnn_status_t create(const char *name, const cnn_dataset_t *dataset,
                           cnn_survey_options_t *options, cnn_survey_t **survey)
{
    if (dataset->source_block)
        return cd_error(CNN_ERROR_DATA, "%s: samples from memory have no header", name);
    if (options->radius > CD_DUPLICATES_MAX_RADIUS)
        return cd_error(CNN_ERROR_ARGUMENT, "%s: radius %d is above %d", name, (int)options->radius,
                        CD_DUPLICATES_MAX_RADIUS);
    if (options->radius == 0)
        options->radius = DEFAULT_RADIUS;
    if (options->max_photos == 0 || options->max_photos > dataset->count)
        options->max_photos = dataset->count;
    return cd_survey_create(dataset, options, survey);
}

cnn_status_t cnn_survey_create(const cnn_dataset_t *dataset, const cnn_survey_options_t *options,
                               cnn_survey_t **survey)
{
    cnn_survey_options_t own;

    if (survey)
        *survey = NULL;
    CD_REQUIRE(NULL, dataset);
    CD_REQUIRE(dataset->context, survey);
    CD_API_TRY(dataset->context, cd_options_read(__func__, options, &own, sizeof own));
    return cd_api_result(dataset->context, create(__func__, dataset, &own, survey));
}

void cnn_survey_free(cnn_survey_t *survey)
{
    cd_survey_free(survey);
}

size_t cnn_survey_dimensions_count(const cnn_survey_t *survey)
{
    return survey ? survey->n_sizes : 0;
}

cnn_status_t cnn_survey_dimensions(const cnn_survey_t *survey, size_t index,
                                   cnn_survey_dimensions_t *dimensions)
{
    CD_REQUIRE(NULL, survey);
    CD_API_TRY(survey->context, cd_check_index(__func__, index, survey->n_sizes));
    const struct cd_survey_size *size = &survey->sizes[index];
    const cnn_survey_dimensions_t own = {sizeof own, size->width, size->height, size->count};
    return cd_api_result(survey->context, cd_result_write(__func__, &own, sizeof own, dimensions));
}

size_t cnn_survey_photo_count(const cnn_survey_t *survey)
{
    return survey ? survey->n_photos : 0;
}

size_t cnn_survey_unreadable_count(const cnn_survey_t *survey)
{
    return survey ? survey->unreadable : 0;
}

cnn_status_t cnn_survey_photo(const cnn_survey_t *survey, size_t index, cnn_survey_photo_t *photo)
{
    CD_REQUIRE(NULL, survey);
    CD_API_TRY(survey->context, cd_check_index(__func__, index, survey->n_photos));
    const struct cd_survey_photo *found = &survey->photos[index];
    const cnn_survey_photo_t own = {
        .struct_size = sizeof own,
        .path = found->path,
        .label = found->label,
        .status = found->status,
        .reason = found->reason ? found->reason : "",
        .width = found->width,
        .height = found->height,
        .color_space = found->color_space,
        .orientation = (uint32_t)found->orientation,
        .n_warnings = (uint32_t)found->warnings,
        .warning = found->warning ? found->warning : "",
    };
    return cd_api_result(survey->context, cd_result_write(__func__, &own, sizeof own, photo));
}

size_t cnn_survey_duplicate_group_count(const cnn_survey_t *survey)
{
    return survey ? survey->duplicates.n : 0;
}

cnn_status_t cnn_survey_duplicate_group(const cnn_survey_t *survey, size_t index,
                                        cnn_duplicate_group_t *group)
{
    CD_REQUIRE(NULL, survey);
    CD_API_TRY(survey->context, cd_check_index(__func__, index, survey->duplicates.n));
    return cd_api_result(survey->context,
                         cd_result_write(__func__, &survey->duplicates.groups[index],
                                         sizeof survey->duplicates.groups[index], group));
}
