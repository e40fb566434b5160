/* SPDX-License-Identifier: MIT
 *
 * cnn_model_train on the toy task: it learns with every option, its figures are right, and its
 * result depends on seed and data alone. */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "model/model.h"
#include "support/toy_fit.h"

static cnn_metrics_t evaluate(cnn_dataset_t *data)
{
    cnn_metrics_t metrics = {.struct_size = sizeof metrics};
    cnn_evaluation_t *evaluation;

    ck_assert_int_eq(cnn_model_evaluate(toy.model, data, NULL, &evaluation), CNN_OK);
    ck_assert_int_eq(cnn_evaluation_metrics(evaluation, &metrics), CNN_OK);
    cnn_evaluation_free(evaluation);
    return metrics;
}

static void check_learns(cnn_train_options_t options)
{
    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_OK);
    ck_assert_uint_eq(cnn_history_epoch_count(toy.history), options.epochs);
    cnn_epoch_t first = toy_fit_epoch(0), last = toy_fit_epoch(options.epochs - 1);
    cnn_epoch_t best = toy_fit_epoch(cnn_history_best_epoch(toy.history) - 1);
    ck_assert(last.loss < 0.5 * first.loss);
    ck_assert(best.val_accuracy > 0.95 && best.val_pearson > 0.8);
    ck_assert(best.val_loss <= first.val_loss && best.val_loss <= last.val_loss);
    ck_assert(first.seconds > 0 && first.images_per_second > 0);
    cnn_metrics_t m = evaluate(toy.validation);
    ck_assert(m.accuracy == best.val_accuracy);
    ck_assert_double_eq_tol(m.mse, best.val_mse, 1e-6);
    ck_assert_double_eq_tol(m.pearson, best.val_pearson, 1e-5);
}

START_TEST(learns_mse)
{
    check_learns(toy_fit_options(8));
    ck_assert_double_eq_tol(toy_fit_epoch(3).loss, toy_fit_epoch(3).mse, 1e-12);
}
END_TEST

START_TEST(learns_binary_cross_entropy)
{
    cnn_train_options_t options = toy_fit_options(8);
    options.loss = CNN_LOSS_BINARY_CROSS_ENTROPY;
    check_learns(options);
}
END_TEST

START_TEST(learns_with_sgd_and_schedule)
{
    cnn_train_options_t options = toy_fit_options(12);
    options.loss = CNN_LOSS_BINARY_CROSS_ENTROPY;
    options.optimizer = CNN_OPTIMIZER_SGD;
    options.learning_rate = 0.03f;
    options.momentum = 0.9f;
    options.schedule = CNN_SCHEDULE_COSINE;
    options.warmup_epochs = 2;
    check_learns(options);
    ck_assert(toy_fit_epoch(0).learning_rate < toy_fit_epoch(1).learning_rate);
    ck_assert(toy_fit_epoch(3).learning_rate > toy_fit_epoch(11).learning_rate);
}
END_TEST

START_TEST(learns_three_classes)
{
    cnn_train_options_t options = toy_fit_options(10);
    options.loss = CNN_LOSS_CROSS_ENTROPY;
    toy_fit_teardown();
    toy.context = toy_context(2);
    toy.training = toy_data(toy.context, 150, 3, 1);
    toy.validation = toy_data(toy.context, 60, 3, 2);
    toy.model = toy_model(toy.context, TOY_PLAIN, 3, 3);
    check_learns(options);
}
END_TEST

/* A mirrored image looks like an image of the other class, so training with mirroring cannot
 * learn the task. Training without it does. */
START_TEST(mirrors)
{
    cnn_train_options_t options = toy_fit_options(8);
    options.mirror = 1;
    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_OK);
    for (size_t i = 0; i < cnn_history_epoch_count(toy.history); i++)
        ck_assert(toy_fit_epoch(i).accuracy < 0.75 && fabs(toy_fit_epoch(i).pearson) < 0.5);
    cnn_history_free(toy.history);
    cnn_model_free(toy.model);
    toy.model = toy_model(toy.context, TOY_PLAIN, 2, 3);
    options.mirror = -1;
    check_learns(options);
}
END_TEST

/* The learning rate is too small to change the weights, so the loss of an epoch depends only on
 * which images were mirrored. */
START_TEST(mirrors_others_in_each_epoch)
{
    for (int mirror = -1; mirror <= 1; mirror += 2) {
        cnn_train_options_t options = toy_fit_options(3);
        options.mirror = mirror;
        options.learning_rate = 1e-30f;
        ck_assert_int_eq(toy_fit_run(&options, NULL), CNN_OK);
        for (size_t i = 1; i < 3; i++) {
            const double change = fabs(toy_fit_epoch(i).loss - toy_fit_epoch(i - 1).loss);
            ck_assert(mirror > 0 ? change > 1e-6 : change < 1e-9);
        }
        cnn_history_free(toy.history);
        toy.history = NULL;
    }
}
END_TEST

/* Random crops and rotations keep the class of a toy image. */
START_TEST(learns_with_everything)
{
    cnn_train_options_t options = toy_fit_options(12);
    options.loss = CNN_LOSS_BINARY_CROSS_ENTROPY;
    options.crop_area = 0.7f;
    options.rotation = 10;
    options.brightness = 0.2f;
    options.erase = 0.2f;
    options.mixup = 0.2f;
    options.label_smoothing = 0.1f;
    options.average_decay = 0.99f;
    options.clip_norm = 1;
    options.learning_rate = 0.01f;
    ck_assert_int_eq(toy_fit_run(&options, toy.validation), CNN_OK);
    const cnn_epoch_t best = toy_fit_epoch(cnn_history_best_epoch(toy.history) - 1);
    ck_assert(best.val_accuracy > 0.95);
    ck_assert_double_eq_tol(evaluate(toy.validation).mse, best.val_mse, 1e-6);
}
END_TEST

enum { STEPS = 10 }; /* steps of an epoch: 150 samples in batches of 16 */

/* The moving average by its definition, updated after each step. */
struct averager {
    size_t steps;
    double *average;
};

static int average_batch(const cnn_train_progress_t *progress, void *user)
{
    struct averager *a = user;
    const double steps = (double)++a->steps, d = fmin(0.5, (1 + steps) / (10 + steps));

    (void)progress;
    for (size_t i = 0; i < toy.model->graph->trainable_size; i++)
        a->average[i] = d * a->average[i] + (1 - d) * (double)toy.model->weights[i];
    return 0;
}

/* Without validation data the model ends with the average of the last step. */
START_TEST(averages)
{
    const size_t n = toy.model->graph->trainable_size;
    struct averager a = {.average = calloc(n, sizeof(double))};
    cnn_train_options_t options = toy_fit_options(2);

    ck_assert_ptr_nonnull(a.average);
    for (size_t i = 0; i < n; i++)
        a.average[i] = (double)toy.model->weights[i];
    options.average_decay = 0.5f;
    options.on_batch = average_batch;
    options.user = &a;
    ck_assert_int_eq(cnn_model_train(toy.model, toy.training, NULL, &options, NULL), CNN_OK);
    ck_assert_uint_eq(a.steps, 2 * STEPS);
    for (size_t i = 0; i < n; i++)
        ck_assert_double_eq_tol((double)toy.model->weights[i], a.average[i], 1e-6);
    free(a.average);
}
END_TEST

START_TEST(learns_without_validation)
{
    const cnn_train_options_t options = toy_fit_options(6);
    ck_assert_int_eq(toy_fit_run(&options, NULL), CNN_OK);
    ck_assert_uint_eq(cnn_history_best_epoch(toy.history), 6);
    ck_assert(isnan(toy_fit_epoch(5).val_loss) && isnan(toy_fit_epoch(5).val_mse));
    ck_assert(isnan(toy_fit_epoch(5).val_accuracy) && isnan(toy_fit_epoch(5).val_pearson));
    ck_assert(evaluate(toy.validation).accuracy > 0.95);
}
END_TEST

/* The learning rate is too small to change the weights, so the training figures of an epoch
 * equal an evaluation of the fresh model. */
START_TEST(training_figures)
{
    cnn_train_options_t options = toy_fit_options(1);
    options.learning_rate = 1e-20f;
    cnn_metrics_t before = evaluate(toy.training);
    ck_assert_int_eq(toy_fit_run(&options, NULL), CNN_OK);
    ck_assert_double_eq_tol(toy_fit_epoch(0).mse, before.mse, 1e-6);
    ck_assert_double_eq_tol(toy_fit_epoch(0).loss, before.mse, 1e-6);
    ck_assert_double_eq_tol(toy_fit_epoch(0).pearson, before.pearson, 1e-5);
    ck_assert_double_eq_tol(toy_fit_epoch(0).accuracy, before.accuracy, 1e-12);
}
END_TEST

START_TEST(larger_batch_than_data)
{
    cnn_train_options_t options = toy_fit_options(2);
    options.batch_size = 100000;
    ck_assert_int_eq(cnn_model_train(toy.model, toy.training, toy.validation, &options, NULL),
                     CNN_OK);
}
END_TEST

START_TEST(same_bits_for_any_threads)
{
    static const uint32_t threads[] = {1, 2, 3, 7};
    cnn_model_t *models[4];
    cnn_history_t *histories[4];

    for (size_t i = 0; i < 4; i++) {
        cnn_context_t *own = toy_context(threads[i]);
        cnn_dataset_t *data = toy_data(own, 83, 2, 1), *other = toy_data(own, 21, 2, 2);
        cnn_train_options_t options = toy_fit_options(2);
        options.weight_decay = 0.01f;
        options.mirror = 1;
        if (_i) {
            options.crop_area = 0.6f;
            options.shear = 10;
            options.saturation = 0.5f;
            options.erase = 0.3f;
            options.mixup = 0.4f;
            options.cutmix = 1;
            options.label_smoothing = 0.1f;
            options.average_decay = 0.9f;
            options.clip_norm = 0.05f;
        }
        models[i] = toy_model(own, TOY_FULL, 2, 3);
        ck_assert_int_eq(cnn_model_train(models[i], data, other, &options, &histories[i]), CNN_OK);
        cnn_dataset_free(data);
        cnn_dataset_free(other);
        cnn_context_free(own);
        ck_assert(toy_same_weights(models[0], models[i]));
        ck_assert(toy_same_history(histories[0], histories[i]));
    }
    for (size_t i = 0; i < 4; i++) {
        cnn_model_free(models[i]);
        cnn_history_free(histories[i]);
    }
}
END_TEST

START_TEST(other_seed_other_bits)
{
    cnn_model_t *other = toy_model(toy.context, TOY_PLAIN, 2, 3);
    cnn_train_options_t options = toy_fit_options(1);

    ck_assert(toy_same_weights(toy.model, other));
    ck_assert_int_eq(cnn_model_train(toy.model, toy.training, NULL, &options, NULL), CNN_OK);
    options.seed = 8;
    ck_assert_int_eq(cnn_model_train(other, toy.training, NULL, &options, NULL), CNN_OK);
    ck_assert(!toy_same_weights(toy.model, other));
    cnn_model_free(other);
}
END_TEST

Suite *suite_training(void)
{
    Suite *suite = suite_create("training");
    TCase *tc = tcase_create("training");

    tcase_add_checked_fixture(tc, toy_fit_setup, toy_fit_teardown);
    tcase_add_test(tc, learns_mse);
    tcase_add_test(tc, learns_binary_cross_entropy);
    tcase_add_test(tc, learns_with_sgd_and_schedule);
    tcase_add_test(tc, learns_three_classes);
    tcase_add_test(tc, mirrors);
    tcase_add_test(tc, mirrors_others_in_each_epoch);
    tcase_add_test(tc, learns_without_validation);
    tcase_add_test(tc, training_figures);
    tcase_add_test(tc, larger_batch_than_data);
    tcase_add_loop_test(tc, same_bits_for_any_threads, 0, 2);
    tcase_add_test(tc, averages);
    tcase_add_test(tc, learns_with_everything);
    tcase_add_test(tc, other_seed_other_bits);
    suite_add_tcase(suite, tc);
    return suite;
}
