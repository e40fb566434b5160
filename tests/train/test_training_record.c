/* SPDX-License-Identifier: MIT
 *
 * The record of a training, which cnn_model_train leaves in the model. */
#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "support/toy_fit.h"

static int count_batch(const cnn_train_progress_t *progress, void *user)
{
    (void)progress;
    ++*(int *)user;
    return 0;
}

/* A model whose metadata are full has no room for the record. That is reported before the first
 * batch. */
START_TEST(no_room_for_the_record)
{
    cnn_train_options_t options = toy_fit_options(1);
    int batches = 0;
    char key[16];

    options.on_batch = count_batch;
    options.user = &batches;
    for (int i = 0; i < 1024; i++) {
        snprintf(key, sizeof key, "note%d", i);
        ck_assert_int_eq(cnn_model_set_metadata(toy.model, key, "x"), CNN_OK);
    }
    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "1024 keys"));
    ck_assert_int_eq(batches, 0);
    ck_assert_int_eq(cnn_model_set_metadata(toy.model, "note7", NULL), CNN_OK);
    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_OK);
    ck_assert_int_gt(batches, 0);
}
END_TEST

START_TEST(training_is_recorded)
{
    cnn_train_options_t options = toy_fit_options(3);
    options.weight_decay = 0.25f;
    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_OK);
    const char *text = cnn_model_metadata(toy.model, "training");
    ck_assert_ptr_nonnull(text);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_msg(json != NULL, "not JSON: %s", text);
    cnn_epoch_t best = toy_fit_epoch(cnn_history_best_epoch(toy.history) - 1);
    ck_assert_str_eq(json_string_value(json_object_get(json, "library")), cnn_version());
    ck_assert_str_eq(json_string_value(json_object_get(json, "loss")), "mse");
    ck_assert_str_eq(json_string_value(json_object_get(json, "optimizer")), "adam");
    ck_assert_str_eq(json_string_value(json_object_get(json, "schedule")), "constant");
    ck_assert_int_eq(json_integer_value(json_object_get(json, "photos")), 150);
    ck_assert_int_eq(json_integer_value(json_object_get(json, "batch_size")), 16);
    ck_assert_int_eq(json_integer_value(json_object_get(json, "epochs_run")), 3);
    ck_assert_int_eq(json_integer_value(json_object_get(json, "best_epoch")), best.epoch);
    ck_assert_int_eq(json_integer_value(json_object_get(json, "seed")), 7);
    ck_assert(json_real_value(json_object_get(json, "learning_rate")) == 0.003);
    ck_assert(json_real_value(json_object_get(json, "weight_decay")) == 0.25);
    ck_assert(json_real_value(json_object_get(json, "val_mse")) == best.val_mse);
    json_decref(json);
}
END_TEST

Suite *suite_training_record(void)
{
    Suite *suite = suite_create("training_record");
    TCase *tc = tcase_create("training_record");

    tcase_add_checked_fixture(tc, toy_fit_setup, toy_fit_teardown);
    tcase_add_test(tc, no_room_for_the_record);
    tcase_add_test(tc, training_is_recorded);
    suite_add_tcase(suite, tc);
    return suite;
}
