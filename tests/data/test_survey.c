/* SPDX-License-Identifier: MIT
 *
 * Tests surveys: sizes of photos, reasons for unreadable photos, duplicates. */
#include <catdog/catdog.h>
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "support/failing_allocator.h"
#include "support/photo_folder.h"
#include "support/from_pixels.h"

static struct photo_folder folder;
static cnn_context_t *context;

/* Makes the photos, in the order of their paths: 30x20 three times, 20x30 twice, 31x7 and 31x9
 * twice, one photo that is truncated after its header, and two unreadable ones. */
static void setup(void)
{
    static const struct {
        const char *name;
        size_t width, height;
    } photos[] = {{"cat.01.jpg", 20, 30}, {"cat.02.jpg", 30, 20}, {"cat.03.jpg", 31, 7},
                  {"cat.04.jpg", 31, 9},  {"cat.05.jpg", 20, 30}, {"dog.01.jpg", 30, 20},
                  {"dog.02.jpg", 30, 20}, {"dog.03.jpg", 31, 9},  {"dog.04.jpg", 31, 7}};

    folder_make(&folder);
    context = context_with_threads(2);
    for (size_t i = 0; i < sizeof photos / sizeof *photos; i++)
        folder_photo(&folder, photos[i].name, photos[i].height, photos[i].width, (unsigned)i);
    folder_cut_photo(&folder, "dog.05.jpg", 750); /* the photo has 80 x 60 pixels */
    folder_touch(&folder, "dog.06.jpg");
    folder_file(&folder, "dog.07.jpg", "GIF89a......", 12);
}

static void teardown(void)
{
    cnn_context_free(context);
    folder_remove(&folder);
}

static void has_entry(const cnn_survey_t *survey, size_t index, uint32_t width, uint32_t height,
                      size_t count)
{
    cnn_survey_dimensions_t entry = {.struct_size = sizeof entry};
    ck_assert_int_eq(cnn_survey_dimensions(survey, index, &entry), CNN_OK);
    ck_assert_uint_eq(entry.width, width);
    ck_assert_uint_eq(entry.height, height);
    ck_assert_uint_eq(entry.n_photos, count);
}

/* Surveys the headers of the first max_photos photos, or of all photos if max_photos is 0. */
static cnn_status_t survey_headers(const cnn_dataset_t *dataset, size_t max_photos,
                                   cnn_survey_t **survey)
{
    const cnn_survey_options_t options = {
        .struct_size = sizeof options, .max_photos = max_photos, .headers_only = 1};

    return cnn_survey_create(dataset, &options, survey);
}

START_TEST(all_photos)
{
    cnn_context_t *own = context_with_threads((uint32_t)_i);
    cnn_dataset_t *dataset;
    cnn_survey_t *survey;

    ck_assert_int_eq(cnn_dataset_open(own, folder.path, NULL, &dataset), CNN_OK);
    ck_assert_int_eq(survey_headers(dataset, 0, &survey), CNN_OK);
    cnn_context_free(own);
    cnn_dataset_free(dataset); /* the survey must stay valid */
    ck_assert_uint_eq(cnn_survey_photo_count(survey), 12);
    ck_assert_uint_eq(cnn_survey_unreadable_count(survey), 2);
    ck_assert_uint_eq(cnn_survey_dimensions_count(survey), 5);
    has_entry(survey, 0, 30, 20, 3);
    has_entry(survey, 1, 31, 9, 2);
    has_entry(survey, 2, 31, 7, 2);
    has_entry(survey, 3, 20, 30, 2);
    has_entry(survey, 4, 80, 60, 1);
    cnn_survey_dimensions_t entry = {.struct_size = sizeof entry};
    ck_assert_int_eq(cnn_survey_dimensions(survey, 5, &entry), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_survey_dimensions(survey, 0, NULL), CNN_ERROR_ARGUMENT);
    cnn_survey_free(survey);
}
END_TEST

START_TEST(first_photos)
{
    cnn_dataset_t *dataset;
    cnn_survey_t *survey;

    ck_assert_int_eq(cnn_dataset_open(context, folder.path, NULL, &dataset), CNN_OK);
    ck_assert_int_eq(survey_headers(dataset, 2, &survey), CNN_OK);
    ck_assert_uint_eq(cnn_survey_photo_count(survey), 2);
    ck_assert_uint_eq(cnn_survey_dimensions_count(survey), 2);
    has_entry(survey, 0, 30, 20, 1);
    has_entry(survey, 1, 20, 30, 1);
    cnn_survey_free(survey);
    ck_assert_int_eq(survey_headers(dataset, 100, &survey), CNN_OK);
    ck_assert_uint_eq(cnn_survey_photo_count(survey), 12);
    cnn_survey_free(survey);
    cnn_dataset_free(dataset);
}
END_TEST

static cnn_survey_photo_t photo_at(const cnn_survey_t *survey, const char *name)
{
    cnn_survey_photo_t photo = {.struct_size = sizeof photo};

    for (size_t i = 0; i < cnn_survey_photo_count(survey); i++) {
        ck_assert_int_eq(cnn_survey_photo(survey, i, &photo), CNN_OK);
        if (strstr(photo.path, name))
            return photo;
    }
    ck_abort_msg("%s is not among the photos", name);
    return photo;
}

static int count_progress(size_t done, size_t total, void *user)
{
    ck_assert_uint_eq(total, 14);
    ck_assert_uint_eq(done, ++*(size_t *)user);
    return 0;
}

static void add_copies(void)
{
    folder_copy(&folder, "dog.01.jpg", "cat.08.jpg");
    folder_photo(&folder, "cat.09.jpg", 320, 480, 5);
}

/* A survey that decodes the photos also reports damage after the header, and duplicates by bytes
 * and by perceptual hash. */
START_TEST(whole_photos)
{
    cnn_context_t *own = context_with_threads((uint32_t)_i);
    size_t done = 0;
    cnn_survey_options_t options = {
        .struct_size = sizeof options, .progress = count_progress, .user = &done};
    cnn_duplicate_group_t group = {.struct_size = sizeof group};
    cnn_dataset_t *dataset;
    cnn_survey_t *survey;

    add_copies();
    ck_assert_int_eq(cnn_dataset_open(own, folder.path, NULL, &dataset), CNN_OK);
    ck_assert_int_eq(cnn_survey_create(dataset, &options, &survey), CNN_OK);
    cnn_context_free(own);
    cnn_dataset_free(dataset);
    ck_assert_uint_eq(done, 14);
    ck_assert_uint_eq(cnn_survey_photo_count(survey), 14);
    ck_assert_uint_eq(cnn_survey_unreadable_count(survey), 3);
    ck_assert_uint_eq(cnn_survey_dimensions_count(survey), 6);
    has_entry(survey, 0, 30, 20, 4);

    cnn_survey_photo_t photo = photo_at(survey, "dog.05.jpg"); /* truncated after its header */
    ck_assert_int_eq(photo.status, CNN_ERROR_IMAGE);
    ck_assert_ptr_nonnull(strstr(photo.reason, "is cut short"));
    ck_assert_uint_eq(photo.width, 80);
    ck_assert_int_eq(photo.color_space, CNN_COLOR_SPACE_YCBCR);
    photo = photo_at(survey, "dog.07.jpg");
    ck_assert_int_eq(photo.status, CNN_ERROR_IMAGE);
    ck_assert_str_eq(photo.reason, "is not a JPEG but a GIF image");
    ck_assert_uint_eq(photo.width, 0);
    ck_assert_uint_eq(photo.orientation, 0);
    photo = photo_at(survey, "cat.03.jpg");
    ck_assert_int_eq(photo.status, CNN_OK);
    ck_assert_str_eq(photo.reason, "");
    ck_assert_str_eq(photo.warning, "");
    ck_assert_uint_eq(photo.n_warnings, 0);
    ck_assert_uint_eq(photo.orientation, 1);
    ck_assert_uint_eq(photo.label, 1);

    ck_assert_uint_ge(cnn_survey_duplicate_group_count(survey), 1);
    ck_assert_int_eq(cnn_survey_duplicate_group(survey, 0, &group), CNN_OK);
    ck_assert_int_eq(group.kind, CNN_DUPLICATE_EXACT);
    ck_assert_uint_eq(group.n_photos, 2);
    ck_assert(group.classes_differ);
    ck_assert_uint_eq(group.distance, 0);
    ck_assert_int_eq(cnn_survey_photo(survey, group.photos[0], &photo), CNN_OK);
    ck_assert_ptr_nonnull(strstr(photo.path, "cat.08.jpg"));
    ck_assert_int_eq(cnn_survey_photo(survey, group.photos[1], &photo), CNN_OK);
    ck_assert_ptr_nonnull(strstr(photo.path, "dog.01.jpg"));
    ck_assert_int_eq(cnn_survey_duplicate_group(survey, 1000, &group), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_survey_photo(survey, 14, &photo), CNN_ERROR_ARGUMENT);
    cnn_survey_free(survey);
}
END_TEST

static int stop(size_t done, size_t total, void *user)
{
    (void)total;
    (void)user;
    return done == 3;
}

START_TEST(stopped_and_refused)
{
    cnn_survey_options_t options = {.struct_size = sizeof options, .progress = stop};
    cnn_dataset_t *dataset;
    cnn_survey_t *survey;
    cnn_cancel_t *cancel;

    ck_assert_int_eq(cnn_dataset_open(context, folder.path, NULL, &dataset), CNN_OK);
    ck_assert_int_eq(cnn_survey_create(dataset, &options, &survey), CNN_ERROR_CANCELLED);
    ck_assert_ptr_null(survey);
    options.progress = NULL;
    ck_assert_int_eq(cnn_cancel_create(context, &cancel), CNN_OK);
    cnn_cancel_request(cancel);
    options.cancel = cancel;
    ck_assert_int_eq(cnn_survey_create(dataset, &options, &survey), CNN_ERROR_CANCELLED);
    options.cancel = NULL;
    options.radius = 64;
    ck_assert_int_eq(cnn_survey_create(dataset, &options, &survey), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "radius 64 is above 63"));
    ck_assert_int_eq(cnn_survey_create(dataset, NULL, NULL), CNN_ERROR_ARGUMENT);
    cnn_cancel_free(cancel);
    cnn_dataset_free(dataset);
}
END_TEST

START_TEST(arguments)
{
    static const uint8_t pixels[3] = {0};
    static const uint32_t label = 0;
    static const char *const classes[] = {"dog", "cat"};
    cnn_dataset_t *dataset;
    cnn_survey_t *survey;
    cnn_survey_dimensions_t entry = {.struct_size = sizeof entry};

    ck_assert_int_eq(from_pixels(context, pixels, &label, 1, 1, 1, classes, 2,
                                             &dataset),
                     CNN_OK);
    survey = (cnn_survey_t *)dataset;
    ck_assert_int_eq(survey_headers(dataset, 0, &survey), CNN_ERROR_DATA);
    ck_assert_ptr_null(survey);
    ck_assert_int_eq(cnn_survey_create(dataset, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_survey_create(NULL, NULL, &survey), CNN_ERROR_ARGUMENT);
    cnn_dataset_free(dataset);

    cnn_survey_free(NULL);
    ck_assert_uint_eq(cnn_survey_dimensions_count(NULL), 0);
    ck_assert_uint_eq(cnn_survey_photo_count(NULL), 0);
    ck_assert_uint_eq(cnn_survey_unreadable_count(NULL), 0);
    ck_assert_int_eq(cnn_survey_dimensions(NULL, 0, &entry), CNN_ERROR_ARGUMENT);
}
END_TEST

START_TEST(no_memory_at_any_request)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 2);
    cnn_dataset_t *dataset;
    cnn_survey_t *survey;

    ck_assert_int_eq(cnn_dataset_open(own, folder.path, NULL, &dataset), CNN_OK);
    const size_t live = atomic_load(&allocator.live);
    for (size_t n = 1;; n++) {
        failing_allocator_set(&allocator, n);
        cnn_status_t rc =
            _i ? cnn_survey_create(dataset, NULL, &survey) : survey_headers(dataset, 0, &survey);
        ck_assert_int_eq(rc, failing_allocator_failed(&allocator) ? CNN_ERROR_MEMORY : CNN_OK);
        cnn_survey_free(survey);
        ck_assert_uint_eq(atomic_load(&allocator.live), live);
        if (rc == CNN_OK)
            break;
    }
    cnn_dataset_free(dataset);
    cnn_context_free(own);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}
END_TEST

Suite *suite_survey(void)
{
    Suite *suite = suite_create("survey");
    TCase *tcase = tcase_create("survey");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, all_photos, 1, 4);
    tcase_add_test(tcase, first_photos);
    tcase_add_test(tcase, arguments);
    tcase_add_loop_test(tcase, no_memory_at_any_request, 0, 2);
    tcase_add_loop_test(tcase, whole_photos, 1, 4);
    tcase_add_test(tcase, stopped_and_refused);
    suite_add_tcase(suite, tcase);
    return suite;
}
