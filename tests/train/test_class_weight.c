/* SPDX-License-Identifier: MIT
 *
 * Class weights: their values, their effect on a training, and values that are refused. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "support/photo_folder.h"
#include "support/toy.h"
#include "train/class_weight.h"

static cnn_context_t *context;

static void setup(void)
{
    context = toy_context(2);
}

static void teardown(void)
{
    cnn_context_free(context);
}

START_TEST(balanced)
{
    const cnn_train_options_t options = {.struct_size = sizeof options,
                                         .class_weight = CNN_CLASS_WEIGHT_AUTO};
    const cnn_train_options_t none = {.struct_size = sizeof none};
    cnn_dataset_t *data = toy_data(context, 5, 3, 1); /* 2, 2 and 1 samples */
    double *weights;

    ck_assert_int_eq(cd_class_weight_make(data, &none, &weights), CNN_OK);
    ck_assert_ptr_null(weights);
    ck_assert_int_eq(cd_class_weight_make(data, &options, &weights), CNN_OK);
    ck_assert(weights[0] == 5.0 / 6 && weights[1] == 5.0 / 6 && weights[2] == 5.0 / 3);
    cd_free(context, weights);
    cnn_dataset_free(data);
    data = toy_data(context, 2, 3, 1); /* 1, 1, 0: the third class is not counted */
    ck_assert_int_eq(cd_class_weight_make(data, &options, &weights), CNN_OK);
    ck_assert(weights[0] == 1 && weights[1] == 1 && weights[2] == 0);
    cd_free(context, weights);
    cnn_dataset_free(data);
}
END_TEST

/* Trains on 20 samples of each class. */
static cnn_history_t *fit(cnn_train_options_t options, cnn_model_t **model)
{
    cnn_dataset_t *data = toy_data(context, 40, 2, 1), *validation = toy_data(context, 20, 2, 2);
    cnn_history_t *history;

    options.struct_size = sizeof options;
    options.learning_rate = 0.01f;
    options.seed = 3;
    *model = toy_model(context, TOY_PLAIN, 2, 4);
    ck_assert_int_eq(cnn_model_train(*model, data, validation, &options, &history), CNN_OK);
    cnn_dataset_free(data);
    cnn_dataset_free(validation);
    return history;
}

static void same_as_without(cnn_train_options_t options)
{
    const cnn_train_options_t none = {.epochs = options.epochs};
    cnn_model_t *a, *b;
    cnn_history_t *x = fit(options, &a), *y = fit(none, &b);

    ck_assert(toy_same_weights(a, b));
    ck_assert(toy_same_history(x, y));
    cnn_history_free(x);
    cnn_history_free(y);
    cnn_model_free(a);
    cnn_model_free(b);
}

START_TEST(weights_of_one_change_nothing)
{
    const double ones[] = {1, 1};

    same_as_without((cnn_train_options_t){.epochs = 2, .class_weight = CNN_CLASS_WEIGHT_AUTO});
    same_as_without((cnn_train_options_t){.epochs = 2,
                                          .class_weight = CNN_CLASS_WEIGHT_VALUES,
                                          .class_weights = ones,
                                          .n_class_weights = 2});
}
END_TEST

/* Only one class has a weight, so it is always predicted. Validation counts both classes. */
START_TEST(a_class_that_does_not_count)
{
    const double weights[] = {0, 2};
    cnn_model_t *model;
    cnn_history_t *history = fit((cnn_train_options_t){.epochs = 8,
                                                       .class_weight = CNN_CLASS_WEIGHT_VALUES,
                                                       .class_weights = weights,
                                                       .n_class_weights = 2},
                                 &model);
    cnn_epoch_t epoch = {.struct_size = sizeof epoch};

    ck_assert_int_eq(cnn_history_epoch(history, 7, &epoch), CNN_OK);
    ck_assert(epoch.val_accuracy == 0.5);
    ck_assert_double_lt(epoch.loss, epoch.val_loss);
    ck_assert_ptr_nonnull(
        strstr(cnn_model_metadata(model, "training"), "\"class_weight\": [0, 2]"));
    cnn_history_free(history);
    cnn_model_free(model);
}
END_TEST

static void refused(cnn_train_options_t options, const char *says)
{
    cnn_dataset_t *data = toy_data(context, 10, 2, 1);
    cnn_model_t *model = toy_model(context, TOY_PLAIN, 2, 4);

    options.struct_size = sizeof options;
    ck_assert_int_eq(cnn_model_train(model, data, NULL, &options, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_msg(strstr(cnn_error_message(), says) != NULL, "%s", cnn_error_message());
    cnn_model_free(model);
    cnn_dataset_free(data);
}

START_TEST(arguments)
{
    static const double good[] = {1, 2, 3}, bad[][2] = {{1, -1}, {NAN, 1}, {1, INFINITY}, {0, 0}};
    const cnn_class_weight_t values = CNN_CLASS_WEIGHT_VALUES;

    refused((cnn_train_options_t){.class_weight = (cnn_class_weight_t)3}, "cnn_class_weight_t");
    refused((cnn_train_options_t){.class_weight = values}, "0 class_weights were given");
    refused((cnn_train_options_t){
                .class_weight = values, .class_weights = good, .n_class_weights = 3},
            "3 class_weights were given; there are 2 classes");
    refused((cnn_train_options_t){.class_weights = good, .n_class_weights = 2},
            "need CNN_CLASS_WEIGHT_VALUES");
    for (size_t i = 0; i < 4; i++)
        refused((cnn_train_options_t){
                    .class_weight = values, .class_weights = bad[i], .n_class_weights = 2},
                i < 3 ? "is not between 0 and 1e6" : "are all 0");
}
END_TEST

START_TEST(resume_needs_the_same)
{
    const double weights[] = {1, 2};
    struct photo_folder folder;
    cnn_train_options_t options = {.epochs = 1};
    cnn_dataset_t *data = toy_data(context, 10, 2, 1);
    cnn_model_t *model = toy_model(context, TOY_PLAIN, 2, 4);

    folder_make(&folder);
    options.struct_size = sizeof options;
    options.checkpoint = folder_path(&folder, "checkpoint");
    options.class_weight = CNN_CLASS_WEIGHT_VALUES;
    options.class_weights = weights;
    options.n_class_weights = 2;
    ck_assert_int_eq(cnn_model_train(model, data, NULL, &options, NULL), CNN_OK);
    options.epochs = 2;
    options.resume = 1;
    ck_assert_int_eq(cnn_model_train(model, data, NULL, &options, NULL), CNN_OK);
    options.class_weight = CNN_CLASS_WEIGHT_NONE;
    options.class_weights = NULL;
    options.n_class_weights = 0;
    ck_assert_int_eq(cnn_model_train(model, data, NULL, &options, NULL), CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(
        strstr(cnn_error_message(), "made with class_weight 1,2, this training has none"));
    cnn_model_free(model);
    cnn_dataset_free(data);
    folder_remove(&folder);
}
END_TEST

Suite *suite_class_weight(void)
{
    Suite *suite = suite_create("class_weight");
    TCase *tcase = tcase_create("class_weight");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, balanced);
    tcase_add_test(tcase, weights_of_one_change_nothing);
    tcase_add_test(tcase, a_class_that_does_not_count);
    tcase_add_test(tcase, arguments);
    tcase_add_test(tcase, resume_needs_the_same);
    suite_add_tcase(suite, tcase);
    return suite;
}
