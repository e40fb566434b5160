/* SPDX-License-Identifier: MIT
 *
 * The ends of a training: all epochs done, early stopping, a callback, cancellation, a number that
 * is not finite. Each test checks which weights the model then has. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "support/toy_fit.h"

enum { MAX_EPOCHS = 16 };

/* The calls that the callbacks received, and when they stop or cancel the training. */
struct watcher {
    size_t batches, epochs;
    size_t stop_batch, stop_epoch; /* 0 = never */
    size_t cancel_batch;
    cnn_cancel_t *cancel;
    size_t images;
    float *weights[MAX_EPOCHS]; /* copies after each epoch */
};

static int on_batch(const cnn_train_progress_t *progress, void *user)
{
    struct watcher *w = user;

    w->batches++;
    ck_assert_uint_eq(progress->struct_size, sizeof *progress);
    ck_assert_uint_eq(progress->epoch, w->epochs + 1);
    ck_assert_uint_eq(progress->n_images_total, 150);
    ck_assert_uint_gt(progress->n_images, progress->n_images == 16 ? 0 : w->images);
    ck_assert(isfinite(progress->loss) && progress->seconds >= 0);
    w->images = progress->n_images;
    if (w->cancel_batch == w->batches)
        cnn_cancel_request(w->cancel);
    return w->stop_batch == w->batches;
}

static int on_epoch(const cnn_epoch_t *epoch, void *user)
{
    struct watcher *w = user;
    const size_t bytes = toy.model->graph->trainable_size * sizeof(float);

    ck_assert_uint_eq(epoch->epoch, w->epochs + 1);
    ck_assert_uint_eq(w->images, 150);
    w->weights[w->epochs] = malloc(bytes);
    ck_assert_ptr_nonnull(w->weights[w->epochs]);
    memcpy(w->weights[w->epochs], toy.model->weights, bytes);
    w->epochs++;
    return w->stop_epoch == w->epochs;
}

static cnn_train_options_t watched(uint32_t epochs, struct watcher *w)
{
    cnn_train_options_t options = toy_fit_options(epochs);
    options.on_batch = on_batch;
    options.on_epoch = on_epoch;
    options.user = w;
    options.cancel = w->cancel;
    return options;
}

static void release_watcher(struct watcher *w)
{
    for (size_t i = 0; i < MAX_EPOCHS; i++)
        free(w->weights[i]);
}

static int has_weights(const float *weights)
{
    return memcmp(toy.model->weights, weights, toy.model->graph->trainable_size * sizeof(float)) ==
           0;
}

START_TEST(best_weights_are_of_the_best_epoch)
{
    struct watcher w = {0};
    cnn_train_options_t options = watched(10, &w);
    size_t best = 0;

    options.learning_rate = 0.03f; /* too large: the last epoch is not the best */
    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_OK);
    ck_assert_uint_eq(w.epochs, 10);
    ck_assert_uint_eq(w.batches, 100); /* 150 samples: nine batches of 16 and one of 6 */
    for (size_t i = 1; i < 10; i++)
        if (toy_fit_epoch(i).val_loss < toy_fit_epoch(best).val_loss)
            best = i;
    ck_assert_uint_eq(cnn_history_best_epoch(toy.history), best + 1);
    ck_assert(has_weights(w.weights[best]));
    release_watcher(&w);
}
END_TEST

START_TEST(early_stopping)
{
    struct watcher w = {0};
    cnn_train_options_t options = watched(12, &w);
    cnn_dataset_t *wrong = toy_wrong_data(toy.context, 60, 2, 2);

    /* The validation labels are wrong, so the validation loss rises as the training goes on. */
    options.patience = 3;
    ck_assert_int_eq(toy_fit_run(&options, wrong), CNN_OK);
    size_t best = cnn_history_best_epoch(toy.history);
    ck_assert_uint_lt(best, 9);
    ck_assert_uint_eq(cnn_history_epoch_count(toy.history), best + 3);
    ck_assert(has_weights(w.weights[best - 1]));
    cnn_dataset_free(wrong);
    release_watcher(&w);
}
END_TEST

START_TEST(stopped_after_a_batch)
{
    struct watcher w = {.stop_batch = 24};
    cnn_train_options_t options = watched(9, &w);

    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_ERROR_CANCELLED);
    ck_assert_str_eq(cnn_error_message(), "training stopped by on_batch after 2 finished epochs");
    ck_assert_uint_eq(w.batches, 24);
    ck_assert_uint_eq(cnn_history_epoch_count(toy.history), 2); /* the third epoch is incomplete */
    ck_assert(has_weights(w.weights[cnn_history_best_epoch(toy.history) - 1]));
    release_watcher(&w);
}
END_TEST

START_TEST(stopped_after_an_epoch)
{
    struct watcher w = {.stop_epoch = 3};
    cnn_train_options_t options = watched(9, &w);

    ck_assert_int_eq(toy_fit_run(&options, NULL), CNN_ERROR_CANCELLED);
    ck_assert_str_eq(cnn_error_message(), "training stopped by on_epoch after 3 finished epochs");
    ck_assert_uint_eq(cnn_history_epoch_count(toy.history), 3);
    ck_assert(has_weights(w.weights[2]));
    release_watcher(&w);
}
END_TEST

/* The status is CANCELLED if the callback asks to stop, even after the last epoch. */
START_TEST(stopped_after_the_last_epoch)
{
    struct watcher w = {.stop_epoch = 2};
    cnn_train_options_t options = watched(2, &w);

    ck_assert_int_eq(toy_fit_run(&options, NULL), CNN_ERROR_CANCELLED);
    ck_assert_uint_eq(cnn_history_epoch_count(toy.history), 2);
    ck_assert(has_weights(w.weights[1]));
    release_watcher(&w);
}
END_TEST

START_TEST(cancelled_in_an_epoch)
{
    struct watcher w = {.cancel_batch = 15};
    ck_assert_int_eq(cnn_cancel_create(toy.context, &w.cancel), CNN_OK);
    cnn_train_options_t options = watched(9, &w);

    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_ERROR_CANCELLED);
    ck_assert_uint_eq(w.batches, 15);
    ck_assert_ptr_nonnull(toy.history);
    ck_assert_uint_eq(cnn_history_epoch_count(toy.history), 1);
    ck_assert_uint_eq(cnn_history_best_epoch(toy.history), 1);
    ck_assert(has_weights(w.weights[0]));
    /* A request that is there from the start prevents the first batch. */
    cnn_history_free(toy.history);
    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_ERROR_CANCELLED);
    ck_assert_uint_eq(w.batches, 15);
    ck_assert_uint_eq(cnn_history_epoch_count(toy.history), 0);
    ck_assert_uint_eq(cnn_history_best_epoch(toy.history), 0);
    ck_assert(has_weights(w.weights[0]));
    cnn_cancel_free(w.cancel);
    release_watcher(&w);
}
END_TEST

START_TEST(cancelled_in_the_first_epoch)
{
    struct watcher w = {.cancel_batch = 3};
    cnn_model_t *fresh = toy_model(toy.context, TOY_PLAIN, 2, 3);
    ck_assert_int_eq(cnn_cancel_create(toy.context, &w.cancel), CNN_OK);
    cnn_train_options_t options = watched(9, &w);

    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_ERROR_CANCELLED);
    ck_assert_uint_eq(cnn_history_epoch_count(toy.history), 0);
    ck_assert(!toy_same_weights(toy.model, fresh)); /* three batches were trained */
    cnn_cancel_free(w.cancel);
    cnn_model_free(fresh);
    release_watcher(&w);
}
END_TEST

/* A weight decay that overflows makes every weight infinite after one step, whichever kernels run.
 */
START_TEST(loss_becomes_nan_at_once)
{
    cnn_model_t *fresh = toy_model(toy.context, TOY_PLAIN, 2, 3);
    cnn_train_options_t options = toy_fit_options(3);

    options.optimizer = CNN_OPTIMIZER_SGD;
    options.learning_rate = 1e38f;
    options.weight_decay = 10.0f;
    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_ERROR_NAN);
    ck_assert_ptr_nonnull(toy.history);
    ck_assert_uint_eq(cnn_history_epoch_count(toy.history), 0);
    ck_assert(toy_same_weights(toy.model, fresh));
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "epoch 1"));
    cnn_model_free(fresh);
}
END_TEST

static void check_nan_later(cnn_dataset_t *other)
{
    struct watcher w = {0};
    cnn_train_options_t options = watched(9, &w);

    options.optimizer = CNN_OPTIMIZER_SGD;
    options.learning_rate = 0.01f;
    /* A step subtracts 1.5 times the weight; from the third epoch on the factor is infinite. */
    options.weight_decay = 150.0f;
    options.schedule = CNN_SCHEDULE_STEP;
    options.step_epochs = 2;
    options.step_factor = 3e38f;
    ck_assert_int_eq(toy_fit_run(&options, other), CNN_ERROR_NAN);
    ck_assert_uint_eq(cnn_history_epoch_count(toy.history), 2);
    ck_assert_uint_eq(w.epochs, 2);
    ck_assert(has_weights(w.weights[cnn_history_best_epoch(toy.history) - 1]));
    release_watcher(&w);
}

START_TEST(loss_becomes_nan_later)
{
    check_nan_later(toy.validation);
}
END_TEST

START_TEST(loss_becomes_nan_later_without_validation)
{
    check_nan_later(NULL);
    ck_assert_uint_eq(cnn_history_best_epoch(toy.history), 2);
}
END_TEST

Suite *suite_training_ends(void)
{
    Suite *suite = suite_create("training_ends");
    TCase *tc = tcase_create("training_ends");

    tcase_add_checked_fixture(tc, toy_fit_setup, toy_fit_teardown);
    tcase_add_test(tc, best_weights_are_of_the_best_epoch);
    tcase_add_test(tc, early_stopping);
    tcase_add_test(tc, stopped_after_a_batch);
    tcase_add_test(tc, stopped_after_an_epoch);
    tcase_add_test(tc, stopped_after_the_last_epoch);
    tcase_add_test(tc, cancelled_in_an_epoch);
    tcase_add_test(tc, cancelled_in_the_first_epoch);
    tcase_add_test(tc, loss_becomes_nan_at_once);
    tcase_add_test(tc, loss_becomes_nan_later);
    tcase_add_test(tc, loss_becomes_nan_later_without_validation);
    suite_add_tcase(suite, tc);
    return suite;
}
