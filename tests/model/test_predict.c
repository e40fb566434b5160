/* SPDX-License-Identifier: MIT
 *
 * Prediction of photos: from files, memory and pixels, alone and in batches. */
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "model/session.h"
#include "support/every_layer.h"
#include "support/model_makers.h"
#include "support/photo_folder.h"

enum { CLASSES = EVERY_LAYER_CLASSES };

static cnn_context_t *context;
static cnn_model_t *model;
static struct photo_folder folder;

static void setup(void)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 3};

    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
    model = every_layer_model(context, NULL);
    folder_make(&folder);
}

static void teardown(void)
{
    folder_remove(&folder);
    cnn_model_free(model);
    cnn_context_free(context);
}

/* ---- photos ---- */

enum { PHOTOS = 7 };

static const char *photo_name(int i)
{
    static char names[PHOTOS][FOLDER_PATH_SIZE + 64];
    snprintf(names[i], sizeof names[i], "%s/%d.jpg", folder.path, i);
    return names[i];
}

static void make_photos(void)
{
    char name[32];

    for (int i = 0; i < PHOTOS; i++) {
        snprintf(name, sizeof name, "%d.jpg", i);
        folder_photo(&folder, name, 20 + 7 * (size_t)i, 31 + 3 * (size_t)i, 40u * (unsigned)i);
    }
}

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(100000);

    ck_assert(file != NULL && bytes != NULL);
    *size = fread(bytes, 1, 100000, file);
    fclose(file);
    return bytes;
}

static void check_equal(const cnn_prediction_t *a, const cnn_prediction_t *b)
{
    ck_assert_int_eq(a->status, CNN_OK);
    ck_assert_int_eq(b->status, CNN_OK);
    ck_assert_uint_eq(a->label, b->label);
    ck_assert_ptr_eq(a->class_name, b->class_name);
    ck_assert_float_eq_tol(a->probability, b->probability, 1e-6f);
    for (int c = 0; c < CLASSES; c++)
        ck_assert_float_eq_tol(a->probabilities[c], b->probabilities[c], 1e-6f);
}

/* A file, its bytes and its pixels give the same result, alone and in batches of any size. */
START_TEST(file_bytes_and_pixels_agree)
{
    float probabilities[2][PHOTOS][CLASSES];
    cnn_prediction_t alone[PHOTOS], other[PHOTOS];
    const char *paths[PHOTOS];
    const cnn_image_t *images[PHOTOS];
    cnn_session_t *session = session_of(model, 3);

    make_photos();
    for (int i = 0; i < PHOTOS; i++) {
        cnn_image_t *image;
        size_t size;
        alone[i] = other[i] = (cnn_prediction_t){.struct_size = sizeof alone[i]};
        alone[i].probabilities = probabilities[0][i];
        other[i].probabilities = probabilities[1][i];
        paths[i] = photo_name(i);
        ck_assert_int_eq(cnn_session_predict_file(session, paths[i], &alone[i]), CNN_OK);
        uint8_t *bytes = read_file(paths[i], &size);
        ck_assert_int_eq(cnn_session_predict_memory(session, bytes, size, &other[i]), CNN_OK);
        free(bytes);
        check_equal(&alone[i], &other[i]);
        ck_assert_int_eq(cnn_image_load(context, paths[i], NULL, &image), CNN_OK);
        ck_assert_int_eq(cnn_session_predict_rgb(session, cnn_image_pixels(image),
                                                 cnn_image_height(image), cnn_image_width(image), 0,
                                                 &other[i]),
                         CNN_OK);
        check_equal(&alone[i], &other[i]);
        images[i] = image;
    }
    ck_assert(probabilities[0][0][0] != probabilities[0][3][0]); /* the photos differ */
    memset(probabilities[1], 0, sizeof probabilities[1]);
    ck_assert_int_eq(cnn_session_predict_files(session, paths, PHOTOS, other), CNN_OK);
    for (int i = 0; i < PHOTOS; i++)
        check_equal(&alone[i], &other[i]);
    memset(probabilities[1], 0, sizeof probabilities[1]);
    ck_assert_int_eq(cnn_session_predict_images(session, images, PHOTOS, other), CNN_OK);
    for (int i = 0; i < PHOTOS; i++) {
        check_equal(&alone[i], &other[i]);
        cnn_image_free((cnn_image_t *)(uintptr_t)images[i]);
    }
    ck_assert_int_eq(cnn_session_predict_files(session, NULL, 0, NULL), CNN_OK);
    cnn_session_free(session);
}
END_TEST

/* Each unreadable photo has its status, and the other photos are predicted. The call returns the
 * first failure and its message. */
START_TEST(unreadable_photos_among_readable)
{
    const char *paths[PHOTOS];
    cnn_prediction_t predictions[PHOTOS], alone[PHOTOS];
    float probabilities[2][PHOTOS][CLASSES];
    cnn_session_t *session = session_of(model, 3);

    make_photos();
    folder_file(&folder, "1.jpg", "GIF89a", 6);
    for (int i = 0; i < PHOTOS; i++) {
        paths[i] = photo_name(i);
        predictions[i] = alone[i] = (cnn_prediction_t){.struct_size = sizeof alone[i]};
        predictions[i].probabilities = probabilities[0][i];
        alone[i].probabilities = probabilities[1][i];
    }
    paths[3] = "/no/such/photo.jpg";
    paths[4] = NULL;
    ck_assert_int_eq(cnn_session_predict_files(session, paths, PHOTOS, predictions),
                     CNN_ERROR_IMAGE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "1.jpg"));
    ck_assert_int_eq(predictions[1].status, CNN_ERROR_IMAGE);
    ck_assert_ptr_null(predictions[1].class_name);
    ck_assert_int_eq(predictions[3].status, CNN_ERROR_IO);
    ck_assert_int_eq(predictions[4].status, CNN_ERROR_ARGUMENT);
    ck_assert_str_eq(predictions[1].message, cnn_error_message());
    ck_assert_ptr_nonnull(strstr(predictions[3].message, "/no/such/photo.jpg"));
    ck_assert_str_ne(predictions[4].message, "");
    ck_assert_str_eq(predictions[0].message, "");
    for (int i = 0; i < PHOTOS; i++) {
        if (i == 1 || i == 3 || i == 4)
            continue;
        ck_assert_int_eq(cnn_session_predict_file(session, paths[i], &alone[i]), CNN_OK);
        check_equal(&predictions[i], &alone[i]);
    }
    /* A batch may consist of unreadable photos only. */
    ck_assert_int_eq(cnn_session_predict_files(session, paths + 3, 2, predictions), CNN_ERROR_IO);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "/no/such/photo.jpg"));
    /* The session still works. */
    ck_assert_int_eq(cnn_session_predict_files(session, paths + 5, 2, predictions + 5), CNN_OK);
    check_equal(&predictions[5], &alone[5]);
    cnn_session_free(session);
}
END_TEST

/* A message that does not fit keeps its end, from the start of a UTF-8 character. */
START_TEST(long_message)
{
    char path[600] = "/no/such/";
    cnn_prediction_t prediction = CNN_INIT(cnn_prediction_t);
    cnn_session_t *session = session_of(model, 1);

    for (int i = 0; i < 100; i++)
        strcat(path, "\xC3\xA4x/"); /* four bytes, the first two of which are one character */
    for (int i = 0; i < 4; i++) {
        strcat(path, "b");
        ck_assert_int_eq(cnn_session_predict_file(session, path, &prediction), CNN_ERROR_IO);
        const char *whole = cnn_error_message(), *end = prediction.message + 3;
        ck_assert_uint_ge(strlen(prediction.message), CNN_MESSAGE_SIZE - 2);
        ck_assert_int_eq(strncmp(prediction.message, "...", 3), 0);
        ck_assert_int_ne((unsigned char)*end & 0xC0, 0x80);
        ck_assert_str_eq(end, whole + strlen(whole) - strlen(end));
    }
    cnn_session_free(session);
}
END_TEST

START_TEST(null_image)
{
    const uint8_t grey[3] = {1, 2, 3};
    cnn_image_t *image;
    cnn_prediction_t predictions[3] = {{0}};
    cnn_session_t *session = session_of(model, 2);

    ck_assert_int_eq(cnn_image_create(context, grey, 1, 1, 0, &image), CNN_OK);
    const cnn_image_t *const images[3] = {image, NULL, image};
    for (int i = 0; i < 3; i++)
        predictions[i].struct_size = sizeof predictions[i];
    ck_assert_int_eq(cnn_session_predict_images(session, images, 3, predictions),
                     CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(predictions[0].status, CNN_OK);
    ck_assert_int_eq(predictions[1].status, CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(predictions[2].status, CNN_OK);
    ck_assert(predictions[0].probability == predictions[2].probability);
    cnn_image_free(image);
    cnn_session_free(session);
}
END_TEST

START_TEST(arguments)
{
    const uint8_t rgb[3] = {0};
    cnn_prediction_t prediction = {.struct_size = sizeof prediction};
    const char *path = "x";
    cnn_session_t *session = session_of(model, 1);

    ck_assert_int_eq(cnn_session_predict_file(session, NULL, &prediction), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_session_predict_file(session, "x", NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_session_predict_memory(session, NULL, 5, &prediction), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_session_predict_memory(session, rgb, 0, &prediction), CNN_ERROR_IMAGE);
    ck_assert_int_eq(cnn_session_predict_rgb(NULL, rgb, 1, 1, 0, &prediction), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_session_predict_files(session, &path, 1, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_session_predict_files(session, NULL, 1, &prediction), CNN_ERROR_ARGUMENT);
    prediction.struct_size = 0;
    ck_assert_int_eq(cnn_session_predict_rgb(session, rgb, 1, 1, 0, &prediction),
                     CNN_ERROR_ARGUMENT);
    cnn_session_free(session);
}
END_TEST

/* struct_size was never set: the call must not use it as the distance of the elements. */
START_TEST(struct_size_never_set)
{
    static const char *const paths[] = {"x", "y"};
    cnn_prediction_t predictions[2];
    cnn_session_t *session = session_of(model, 2);

    memset(predictions, 0x5a, sizeof predictions);
    ck_assert_int_eq(cnn_session_predict_files(session, paths, 2, predictions), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "struct_size"));
    cnn_session_free(session);
}
END_TEST

/* Callers of other header versions pass structs that are struct_size bytes apart. */
START_TEST(other_struct_sizes)
{
    static const size_t sizes[] = {offsetof(cnn_prediction_t, label) + 4, sizeof(cnn_prediction_t),
                                   sizeof(cnn_prediction_t) + 24};
    const uint8_t pixels[2][3] = {{0, 0, 0}, {255, 0, 99}};
    cnn_image_t *images[2];
    cnn_session_t *session = session_of(model, 2);
    float probabilities[2][CLASSES];

    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(cnn_image_create(context, pixels[i], 1, 1, 0, &images[i]), CNN_OK);
    const cnn_image_t *const both[2] = {images[0], images[1]};
    for (int k = 0; k < 3; k++) {
        unsigned char array[3 * (sizeof(cnn_prediction_t) + 24)];
        memset(array, 0xaa, sizeof array);
        memset(probabilities, 0, sizeof probabilities);
        for (int i = 0; i < 2; i++) {
            float *at = probabilities[i];
            memcpy(array + (size_t)i * sizes[k], &sizes[k], sizeof(size_t));
            memcpy(array + (size_t)i * sizes[k] + offsetof(cnn_prediction_t, probabilities), &at,
                   sizeof at);
        }
        ck_assert_int_eq(
            cnn_session_predict_images(session, both, 2, (cnn_prediction_t *)(void *)array),
            CNN_OK);
        for (int i = 0; i < 2; i++) {
            cnn_prediction_t got = {0};
            size_t size;
            memcpy(&size, array + (size_t)i * sizes[k], sizeof size);
            memcpy(&got, array + (size_t)i * sizes[k],
                   sizes[k] < sizeof got ? sizes[k] : sizeof got);
            ck_assert_uint_eq(size, sizes[k]);
            ck_assert_int_eq(got.status, CNN_OK);
            ck_assert_ptr_eq(got.probabilities, probabilities[i]);
            ck_assert_float_eq_tol(probabilities[i][0] + probabilities[i][1] + probabilities[i][2],
                                   1, 1e-5f);
            ck_assert(probabilities[i][got.label] >= 1.0f / 3);
        }
        ck_assert_int_eq(array[2 * sizes[k]], 0xaa); /* nothing is written behind the array */
        array[sizes[k]]++;
        ck_assert_int_eq(
            cnn_session_predict_images(session, both, 2, (cnn_prediction_t *)(void *)array),
            CNN_ERROR_ARGUMENT);
    }
    for (int i = 0; i < 2; i++)
        cnn_image_free(images[i]);
    cnn_session_free(session);
}
END_TEST

/* ---- threads ---- */

enum { CALLERS = 8, ROUNDS = 20 };

struct caller {
    pthread_t thread;
    const char *const *paths;
    const float *expected; /* PHOTOS x CLASSES */
    int wrong;
};

static void *predict_often(void *argument)
{
    struct caller *caller = argument;
    const cnn_session_options_t options = {.struct_size = sizeof options, .batch_size = 3};
    float probabilities[PHOTOS][CLASSES];
    cnn_prediction_t predictions[PHOTOS];
    cnn_session_t *session;

    if (cnn_session_create(model, &options, &session) != CNN_OK) {
        caller->wrong++;
        return NULL;
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < PHOTOS; i++)
            predictions[i] = (cnn_prediction_t){.struct_size = sizeof predictions[i],
                                                .probabilities = probabilities[i]};
        if (cnn_session_predict_files(session, caller->paths, PHOTOS, predictions) != CNN_OK)
            caller->wrong++;
        caller->wrong += memcmp(probabilities, caller->expected, sizeof probabilities) != 0;
    }
    cnn_session_free(session);
    return NULL;
}

/* Eight threads share a model and a context; each has its own session. All predictions have the
 * same bits as with one thread. */
START_TEST(eight_threads)
{
    struct caller callers[CALLERS];
    const char *paths[PHOTOS];
    float expected[PHOTOS][CLASSES];
    cnn_prediction_t predictions[PHOTOS];
    cnn_session_t *session = session_of(model, 3);

    make_photos();
    for (int i = 0; i < PHOTOS; i++) {
        paths[i] = photo_name(i);
        predictions[i] =
            (cnn_prediction_t){.struct_size = sizeof predictions[i], .probabilities = expected[i]};
    }
    ck_assert_int_eq(cnn_session_predict_files(session, paths, PHOTOS, predictions), CNN_OK);
    cnn_session_free(session);
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){.paths = paths, .expected = expected[0]};
        ck_assert_int_eq(pthread_create(&callers[i].thread, NULL, predict_often, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        ck_assert_int_eq(pthread_join(callers[i].thread, NULL), 0);
        ck_assert_int_eq(callers[i].wrong, 0);
    }
}
END_TEST

Suite *suite_predict(void)
{
    Suite *suite = suite_create("predict");
    TCase *tests = tcase_create("predict");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, file_bytes_and_pixels_agree);
    tcase_add_test(tests, unreadable_photos_among_readable);
    tcase_add_test(tests, long_message);
    tcase_add_test(tests, null_image);
    tcase_add_test(tests, arguments);
    tcase_add_test(tests, struct_size_never_set);
    tcase_add_test(tests, other_struct_sizes);
    tcase_add_test(tests, eight_threads);
    suite_add_tcase(suite, tests);
    return suite;
}
