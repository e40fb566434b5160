/* SPDX-License-Identifier: MIT
 *
 * Tests that training on cached or streamed photos gives bit-for-bit the same result as training on
 * photos in memory, and that training continues when photos become unreadable. */
#define _POSIX_C_SOURCE 200809L
#include <catdog/catdog.h>
#include <check.h>
#include <unistd.h>

#include "data/dataset.h"
#include "support/cache_fixture.h"
#include "support/toy.h"

struct result {
    cnn_model_t *model;
    cnn_history_t *history;
};

static struct result train(cnn_context_t *context, float detail, const char *file, uint64_t memory)
{
    const cnn_dataset_load_options_t load = {
        .struct_size = sizeof load, .cache = file, .max_bytes = memory};
    const cnn_train_options_t options = {.struct_size = sizeof options,
                                         .epochs = 3,
                                         .batch_size = 4,
                                         .seed = 3,
                                         .mirror = 1,
                                         .crop_area = detail > 1 ? 0.5f : 0,
                                         .crop_detail = detail};
    static const char *const classes[] = {"dog", "cat"};
    cnn_model_options_t about = {.struct_size = sizeof about,
                                 .classes = classes,
                                 .n_classes = 2,
                                 .preprocess = &cache_photos_size,
                                 .seed = 5};
    cnn_dataset_t *whole = cache_photos_open(context, 0), *parts[2];
    cnn_graph_t *graph;
    cnn_preprocess_t held = {.struct_size = sizeof held};
    struct result result = {NULL, NULL};

    ck_assert_int_eq(cnn_dataset_split(whole, NULL, &parts[0], &parts[1]), CNN_OK);
    ck_assert_int_eq(cnn_train_preprocess(context, &cache_photos_size, &options, &held), CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(parts[0], &held, &load), CNN_OK);
    ck_assert_int_eq(cnn_dataset_load(parts[1], &cache_photos_size, &load), CNN_OK);
    ck_assert_int_eq(cnn_graph_create_preset(context, "conv24", HEIGHT, WIDTH, 1, &graph), CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, &about, &result.model), CNN_OK);
    cnn_status_t rc = cnn_model_train(result.model, parts[0], parts[1], &options, &result.history);
    ck_assert_msg(rc == CNN_OK, "%s", cnn_error_message());
    ck_assert_uint_eq(cnn_history_epoch_count(result.history), 3);
    cnn_graph_free(graph);
    cnn_dataset_free(parts[0]);
    cnn_dataset_free(parts[1]);
    cnn_dataset_free(whole);
    return result;
}

static void result_free(struct result *result)
{
    cnn_model_free(result->model);
    cnn_history_free(result->history);
}

/* Training gives bit-for-bit the same result with images in memory, with images from a cache file,
 * and with streamed images of which some or none are held. The test runs with 1 to 3 threads, and
 * with images of the network's input size and larger. One photo is truncated. */
START_TEST(same_training)
{
    const float detail = _i ? 1.5f : 1;
    struct result expected = train(cache_fixture.test.context, detail, NULL, 0);

    for (uint32_t threads = 1; threads <= 3; threads++) {
        cnn_context_t *context = context_with_threads(threads);
        for (int mode = 0; mode < 4; mode++) {
            struct result got = train(context, detail, mode == 1 ? cache_fixture.cache : NULL,
                                      mode < 2    ? 0
                                      : mode == 2 ? 5 * IMAGE_SIZE
                                                  : 1);
            ck_assert(toy_same_weights(expected.model, got.model));
            ck_assert(toy_same_history(expected.history, got.history));
            result_free(&got);
        }
        cnn_context_free(context);
    }
    result_free(&expected);
}
END_TEST

struct vanishing {
    const char *path[2];
    int all;
};

static int take_away(const cnn_epoch_t *epoch, void *user)
{
    struct vanishing *vanishing = user;

    ck_assert(epoch->data_wait_seconds >= 0 && epoch->data_wait_seconds <= epoch->seconds);
    if (vanishing->all)
        folder_remove(&cache_fixture.photos);
    else if (epoch->epoch == 1)
        for (int i = 0; i < 2; i++)
            ck_assert_int_eq(unlink(vanishing->path[i]), 0);
    return 0;
}

/* Between two epochs, some photos are removed and one is replaced. One warning is logged for each
 * of them, and training continues. If all photos are removed, training ends. */
START_TEST(photos_vanish)
{
    const cnn_dataset_load_options_t load = {.struct_size = sizeof load, .max_bytes = 1};
    struct vanishing vanishing = {.all = _i};
    cnn_train_options_t options = {.struct_size = sizeof options,
                                   .epochs = 3,
                                   .batch_size = 4,
                                   .on_epoch = take_away,
                                   .user = &vanishing};
    static const char *const classes[] = {"dog", "cat"};
    cnn_model_options_t about = {.struct_size = sizeof about,
                                 .classes = classes,
                                 .n_classes = 2,
                                 .preprocess = &cache_photos_size};
    cnn_dataset_t *data = cache_photos_open(cache_fixture.test.context, 0);
    cnn_graph_t *graph;
    cnn_model_t *model;
    cnn_history_t *history;

    ck_assert_int_eq(cnn_dataset_load(data, &cache_photos_size, &load), CNN_OK);
    vanishing.path[0] = data->samples[3].path;
    vanishing.path[1] = data->samples[20].path;
    ck_assert_int_eq(
        cnn_graph_create_preset(cache_fixture.test.context, "conv24", HEIGHT, WIDTH, 1, &graph),
        CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, &about, &model), CNN_OK);
    const int warnings = cache_fixture.test.logged[CNN_LOG_WARNING];
    ck_assert_int_eq(cnn_model_train(model, data, NULL, &options, &history),
                     _i ? CNN_ERROR_IO : CNN_OK);
    ck_assert_int_eq(cache_fixture.test.logged[CNN_LOG_WARNING] - warnings, _i ? PHOTOS : 2);
    ck_assert_uint_eq(cnn_history_epoch_count(history), _i ? 1 : 3);
    cnn_history_free(history);
    cnn_model_free(model);
    cnn_graph_free(graph);
    cnn_dataset_free(data);
    if (_i)
        folder_make(&cache_fixture.photos); /* the test removed the folder; teardown needs it */
}
END_TEST

Suite *suite_cache_training(void)
{
    Suite *suite = suite_create("cache_training");
    TCase *tcase = tcase_create("cache_training");

    tcase_add_checked_fixture(tcase, cache_fixture_setup, cache_fixture_teardown);
    tcase_add_loop_test(tcase, same_training, 0, 2);
    tcase_add_loop_test(tcase, photos_vanish, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}
