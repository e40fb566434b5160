/* SPDX-License-Identifier: MIT
 *
 * The fit call on toy pictures: it learns, it ends as it should however it ends, and what it
 * leaves behind is what it says. */
#include <check.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "support/photo_folder.h"
#include "support/toy.h"
#include "train/history.h"
#include "support/from_pixels.h"

static cnn_context_t *context;
static cnn_dataset_t *train, *validation;
static cnn_model_t *model;
static cnn_history_t *history;

static void setup(void)
{
    context = toy_context(2);
    train = toy_data(context, 150, 2, 1);
    validation = toy_data(context, 60, 2, 2);
    model = toy_model(context, TOY_PLAIN, 2, 3);
    history = NULL;
}

static void teardown(void)
{
    cnn_history_free(history);
    cnn_model_free(model);
    cnn_dataset_free(train);
    cnn_dataset_free(validation);
    cnn_context_free(context);
}

static cnn_train_options_t toy_options(uint32_t epochs)
{
    return (cnn_train_options_t){sizeof(cnn_train_options_t), .epochs = epochs, .batch_size = 16,
                                 .learning_rate = 0.003f, .seed = 7};
}

static cnn_metrics_t evaluate(cnn_dataset_t *data)
{
    cnn_metrics_t metrics = {.struct_size = sizeof metrics};
    cnn_evaluation_t *evaluation;

    ck_assert_int_eq(cnn_model_evaluate(model, data, NULL, &evaluation), CNN_OK);
    ck_assert_int_eq(cnn_evaluation_metrics(evaluation, &metrics), CNN_OK);
    cnn_evaluation_free(evaluation);
    return metrics;
}

static cnn_epoch_t epoch_at(size_t index)
{
    cnn_epoch_t epoch = {.struct_size = sizeof epoch};
    ck_assert_int_eq(cnn_history_epoch(history, index, &epoch), CNN_OK);
    return epoch;
}

/* ---- learning ---- */

static void check_learns(cnn_train_options_t options)
{
    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history), CNN_OK);
    ck_assert_uint_eq(cnn_history_epoch_count(history), options.epochs);
    cnn_epoch_t first = epoch_at(0), last = epoch_at(options.epochs - 1);
    cnn_epoch_t best = epoch_at(cnn_history_best_epoch(history) - 1);
    ck_assert(last.loss < 0.5 * first.loss);
    ck_assert(best.val_accuracy > 0.95 && best.val_pearson > 0.8);
    ck_assert(best.val_loss <= first.val_loss && best.val_loss <= last.val_loss);
    ck_assert(first.seconds > 0 && first.images_per_second > 0);
    cnn_metrics_t m = evaluate(validation);
    ck_assert(m.accuracy == best.val_accuracy);
    ck_assert_double_eq_tol(m.mse, best.val_mse, 1e-6);
    ck_assert_double_eq_tol(m.pearson, best.val_pearson, 1e-5);
}

START_TEST(learns_mse)
{
    check_learns(toy_options(8));
    ck_assert_double_eq_tol(epoch_at(3).loss, epoch_at(3).mse, 1e-12);
}
END_TEST

START_TEST(learns_binary_cross_entropy)
{
    cnn_train_options_t options = toy_options(8);
    options.loss = CNN_LOSS_BINARY_CROSS_ENTROPY;
    check_learns(options);
}
END_TEST

START_TEST(learns_with_sgd_and_schedule)
{
    cnn_train_options_t options = toy_options(12);
    options.loss = CNN_LOSS_BINARY_CROSS_ENTROPY;
    options.optimizer = CNN_OPTIMIZER_SGD;
    options.learning_rate = 0.03f;
    options.momentum = 0.9f;
    options.schedule = CNN_SCHEDULE_COSINE;
    options.warmup_epochs = 2;
    check_learns(options);
    ck_assert(epoch_at(0).learning_rate < epoch_at(1).learning_rate);
    ck_assert(epoch_at(3).learning_rate > epoch_at(11).learning_rate);
}
END_TEST

START_TEST(learns_three_classes)
{
    cnn_train_options_t options = toy_options(10);
    options.loss = CNN_LOSS_CROSS_ENTROPY;
    teardown();
    context = toy_context(2);
    train = toy_data(context, 150, 3, 1);
    validation = toy_data(context, 60, 3, 2);
    model = toy_model(context, TOY_PLAIN, 3, 3);
    check_learns(options);
}
END_TEST

/* Mirrored, a picture that is bright on the left looks like one of the other class: nothing can be
 * learned where the same training without mirroring learns all. */
START_TEST(mirrors)
{
    cnn_train_options_t options = toy_options(8);
    options.mirror = 1;
    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history), CNN_OK);
    for (size_t i = 0; i < cnn_history_epoch_count(history); i++)
        ck_assert(epoch_at(i).accuracy < 0.75 && fabs(epoch_at(i).pearson) < 0.5);
    cnn_history_free(history);
    cnn_model_free(model);
    model = toy_model(context, TOY_PLAIN, 2, 3);
    options.mirror = -1;
    check_learns(options);
}
END_TEST

/* At a rate that changes nothing, the loss of an epoch tells which of its photos were mirrored. */
START_TEST(mirrors_others_in_each_epoch)
{
    for (int mirror = -1; mirror <= 1; mirror += 2) {
        cnn_train_options_t options = toy_options(3);
        options.mirror = mirror;
        options.learning_rate = 1e-30f;
        ck_assert_int_eq(cnn_model_train(model, train, NULL, &options, &history), CNN_OK);
        for (size_t i = 1; i < 3; i++) {
            const double change = fabs(epoch_at(i).loss - epoch_at(i - 1).loss);
            ck_assert(mirror > 0 ? change > 1e-6 : change < 1e-9);
        }
        cnn_history_free(history);
        history = NULL;
    }
}
END_TEST

/* Classes that a cut or a turn does not exchange. */
START_TEST(learns_with_everything)
{
    cnn_train_options_t options = toy_options(12);
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
    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history), CNN_OK);
    const cnn_epoch_t best = epoch_at(cnn_history_best_epoch(history) - 1);
    ck_assert(best.val_accuracy > 0.95);
    ck_assert_double_eq_tol(evaluate(validation).mse, best.val_mse, 1e-6);
}
END_TEST

enum { AVERAGED = 10 }; /* steps of an epoch of 150 in batches of 16 */

/* The weights after each step, and their average by its definition. */
struct averager {
    size_t steps;
    double *average;
};

static int average_batch(const cnn_train_progress_t *progress, void *user)
{
    struct averager *a = user;
    const double steps = (double)++a->steps, d = fmin(0.5, (1 + steps) / (10 + steps));

    (void)progress;
    for (size_t i = 0; i < model->graph->trainable_size; i++)
        a->average[i] = d * a->average[i] + (1 - d) * (double)model->weights[i];
    return 0;
}

/* Without validation data the last ones are left; the batches of two epochs. */
START_TEST(averages)
{
    const size_t n = model->graph->trainable_size;
    struct averager a = {.average = calloc(n, sizeof(double))};
    cnn_train_options_t options = toy_options(2);

    ck_assert_ptr_nonnull(a.average);
    for (size_t i = 0; i < n; i++)
        a.average[i] = (double)model->weights[i];
    options.average_decay = 0.5f;
    options.on_batch = average_batch;
    options.user = &a;
    ck_assert_int_eq(cnn_model_train(model, train, NULL, &options, NULL), CNN_OK);
    ck_assert_uint_eq(a.steps, 2 * AVERAGED);
    for (size_t i = 0; i < n; i++)
        ck_assert_double_eq_tol((double)model->weights[i], a.average[i], 1e-6);
    free(a.average);
}
END_TEST

START_TEST(learns_without_validation)
{
    const cnn_train_options_t options = toy_options(6);
    ck_assert_int_eq(cnn_model_train(model, train, NULL, &options, &history), CNN_OK);
    ck_assert_uint_eq(cnn_history_best_epoch(history), 6);
    ck_assert(isnan(epoch_at(5).val_loss) && isnan(epoch_at(5).val_mse));
    ck_assert(isnan(epoch_at(5).val_accuracy) && isnan(epoch_at(5).val_pearson));
    ck_assert(evaluate(validation).accuracy > 0.95);
}
END_TEST

/* Where the weights hardly move, the running figures of an epoch are those of the weights. */
START_TEST(training_figures)
{
    cnn_train_options_t options = toy_options(1);
    options.learning_rate = 1e-20f;
    cnn_metrics_t before = evaluate(train);
    ck_assert_int_eq(cnn_model_train(model, train, NULL, &options, &history), CNN_OK);
    ck_assert_double_eq_tol(epoch_at(0).mse, before.mse, 1e-6);
    ck_assert_double_eq_tol(epoch_at(0).loss, before.mse, 1e-6);
    ck_assert_double_eq_tol(epoch_at(0).pearson, before.pearson, 1e-5);
    ck_assert_double_eq_tol(epoch_at(0).accuracy, before.accuracy, 1e-12);
}
END_TEST

START_TEST(larger_batch_than_data)
{
    cnn_train_options_t options = toy_options(2);
    options.batch_size = 100000;
    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, NULL), CNN_OK);
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
        cnn_train_options_t options = toy_options(2);
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
    cnn_model_t *other = toy_model(context, TOY_PLAIN, 2, 3);
    cnn_train_options_t options = toy_options(1);

    ck_assert(toy_same_weights(model, other));
    ck_assert_int_eq(cnn_model_train(model, train, NULL, &options, NULL), CNN_OK);
    options.seed = 8;
    ck_assert_int_eq(cnn_model_train(other, train, NULL, &options, NULL), CNN_OK);
    ck_assert(!toy_same_weights(model, other));
    cnn_model_free(other);
}
END_TEST

/* ---- callbacks and how it ends ---- */

enum { MAX_EPOCHS = 16 };

struct watcher {
    size_t batches, epochs;
    size_t stop_batch, stop_epoch; /* 0 = never */
    size_t cancel_batch;
    cnn_cancel_t *cancel;
    size_t images;
    float *weights[MAX_EPOCHS]; /* after each epoch */
};

static int on_batch(const cnn_train_progress_t *progress, void *user)
{
    struct watcher *w = user;

    w->batches++;
    ck_assert_uint_eq(progress->struct_size, sizeof *progress);
    ck_assert_uint_eq(progress->epoch, w->epochs + 1);
    ck_assert_uint_eq(progress->images_total, 150);
    ck_assert_uint_gt(progress->images, progress->images == 16 ? 0 : w->images);
    ck_assert(isfinite(progress->loss) && progress->seconds >= 0);
    w->images = progress->images;
    if (w->cancel_batch == w->batches)
        cnn_cancel_request(w->cancel);
    return w->stop_batch == w->batches;
}

static int on_epoch(const cnn_epoch_t *epoch, void *user)
{
    struct watcher *w = user;
    const size_t bytes = model->graph->trainable_size * sizeof(float);

    ck_assert_uint_eq(epoch->epoch, w->epochs + 1);
    ck_assert_uint_eq(w->images, 150);
    w->weights[w->epochs] = malloc(bytes);
    ck_assert_ptr_nonnull(w->weights[w->epochs]);
    memcpy(w->weights[w->epochs], model->weights, bytes);
    w->epochs++;
    return w->stop_epoch == w->epochs;
}

static cnn_train_options_t watched(uint32_t epochs, struct watcher *w)
{
    cnn_train_options_t options = toy_options(epochs);
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
    return memcmp(model->weights, weights, model->graph->trainable_size * sizeof(float)) == 0;
}

START_TEST(best_weights_are_of_the_best_epoch)
{
    struct watcher w = {0};
    cnn_train_options_t options = watched(10, &w);
    size_t best = 0;

    options.learning_rate = 0.03f; /* restless: the last epoch is not the best */
    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history), CNN_OK);
    ck_assert_uint_eq(w.epochs, 10);
    ck_assert_uint_eq(w.batches, 100); /* 150 pictures: nine of 16 and one of 6 */
    for (size_t i = 1; i < 10; i++)
        if (epoch_at(i).val_loss < epoch_at(best).val_loss)
            best = i;
    ck_assert_uint_eq(cnn_history_best_epoch(history), best + 1);
    ck_assert(has_weights(w.weights[best]));
    release_watcher(&w);
}
END_TEST

START_TEST(early_stopping)
{
    struct watcher w = {0};
    cnn_train_options_t options = watched(12, &w);
    cnn_dataset_t *wrong = toy_wrong_data(context, 60, 2, 2);

    /* The better it learns, the worse it does here. */
    options.patience = 3;
    ck_assert_int_eq(cnn_model_train(model, train, wrong, &options, &history), CNN_OK);
    size_t best = cnn_history_best_epoch(history);
    ck_assert_uint_lt(best, 9);
    ck_assert_uint_eq(cnn_history_epoch_count(history), best + 3);
    ck_assert(has_weights(w.weights[best - 1]));
    cnn_dataset_free(wrong);
    release_watcher(&w);
}
END_TEST

START_TEST(stopped_after_a_batch)
{
    struct watcher w = {.stop_batch = 24};
    cnn_train_options_t options = watched(9, &w);

    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history), CNN_OK);
    ck_assert_uint_eq(w.batches, 24);
    ck_assert_uint_eq(cnn_history_epoch_count(history), 2); /* the third was not finished */
    ck_assert(has_weights(w.weights[cnn_history_best_epoch(history) - 1]));
    release_watcher(&w);
}
END_TEST

START_TEST(stopped_after_an_epoch)
{
    struct watcher w = {.stop_epoch = 3};
    cnn_train_options_t options = watched(9, &w);

    ck_assert_int_eq(cnn_model_train(model, train, NULL, &options, &history), CNN_OK);
    ck_assert_uint_eq(cnn_history_epoch_count(history), 3);
    ck_assert(has_weights(w.weights[2]));
    release_watcher(&w);
}
END_TEST

START_TEST(cancelled_in_an_epoch)
{
    struct watcher w = {.cancel_batch = 15};
    ck_assert_int_eq(cnn_cancel_create(context, &w.cancel), CNN_OK);
    cnn_train_options_t options = watched(9, &w);

    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history),
                     CNN_ERROR_CANCELLED);
    ck_assert_uint_eq(w.batches, 15);
    ck_assert_ptr_nonnull(history);
    ck_assert_uint_eq(cnn_history_epoch_count(history), 1);
    ck_assert_uint_eq(cnn_history_best_epoch(history), 1);
    ck_assert(has_weights(w.weights[0]));
    /* Before anything: nothing happens at all. */
    cnn_history_free(history);
    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history),
                     CNN_ERROR_CANCELLED);
    ck_assert_uint_eq(w.batches, 15);
    ck_assert_uint_eq(cnn_history_epoch_count(history), 0);
    ck_assert_uint_eq(cnn_history_best_epoch(history), 0);
    ck_assert(has_weights(w.weights[0]));
    cnn_cancel_free(w.cancel);
    release_watcher(&w);
}
END_TEST

START_TEST(cancelled_in_the_first_epoch)
{
    struct watcher w = {.cancel_batch = 3};
    cnn_model_t *fresh = toy_model(context, TOY_PLAIN, 2, 3);
    ck_assert_int_eq(cnn_cancel_create(context, &w.cancel), CNN_OK);
    cnn_train_options_t options = watched(9, &w);

    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history),
                     CNN_ERROR_CANCELLED);
    ck_assert_uint_eq(cnn_history_epoch_count(history), 0);
    ck_assert(!toy_same_weights(model, fresh)); /* three batches on */
    cnn_cancel_free(w.cancel);
    cnn_model_free(fresh);
    release_watcher(&w);
}
END_TEST

/* Gradients alone would do for some kernels only, by how they round: a decay that overflows leaves
 * no weight of any kernel finite after one step. */
START_TEST(loss_becomes_nan_at_once)
{
    cnn_model_t *fresh = toy_model(context, TOY_PLAIN, 2, 3);
    cnn_train_options_t options = toy_options(3);

    options.optimizer = CNN_OPTIMIZER_SGD;
    options.learning_rate = 1e38f;
    options.weight_decay = 10.0f;
    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history), CNN_ERROR_NAN);
    ck_assert_ptr_nonnull(history);
    ck_assert_uint_eq(cnn_history_epoch_count(history), 0);
    ck_assert(toy_same_weights(model, fresh));
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
    /* 1.5 of each weight a step; from the third epoch infinitely much */
    options.weight_decay = 150.0f;
    options.schedule = CNN_SCHEDULE_STEP;
    options.step_epochs = 2;
    options.step_factor = 3e38f;
    ck_assert_int_eq(cnn_model_train(model, train, other, &options, &history), CNN_ERROR_NAN);
    ck_assert_uint_eq(cnn_history_epoch_count(history), 2);
    ck_assert_uint_eq(w.epochs, 2);
    ck_assert(has_weights(w.weights[cnn_history_best_epoch(history) - 1]));
    release_watcher(&w);
}

START_TEST(loss_becomes_nan_later)
{
    check_nan_later(validation);
}
END_TEST

START_TEST(loss_becomes_nan_later_without_validation)
{
    check_nan_later(NULL);
    ck_assert_uint_eq(cnn_history_best_epoch(history), 2);
}
END_TEST

/* ---- what it is told and tells ---- */

static void refused(cnn_train_options_t options, cnn_status_t status, const char *says)
{
    cnn_history_t *none = (cnn_history_t *)&options;
    ck_assert_int_eq(cnn_model_train(model, train, NULL, &options, &none), status);
    ck_assert_ptr_null(none);
    ck_assert_msg(strstr(cnn_error_message(), says) != NULL, "\"%s\" does not say \"%s\"",
                  cnn_error_message(), says);
}

#define REFUSED(field, value, status, says)             \
    do {                                                \
        cnn_train_options_t wrong = toy_options(1);     \
        wrong.field = value;                            \
        refused(wrong, status, says);                   \
    } while (0)

START_TEST(wrong_options)
{
    const cnn_status_t argument = CNN_ERROR_ARGUMENT;

    REFUSED(learning_rate, -1, argument, "learning_rate");
    REFUSED(learning_rate, NAN, argument, "learning_rate");
    REFUSED(beta1, 1, argument, "beta1");
    REFUSED(beta2, -0.5f, argument, "beta2");
    REFUSED(epsilon, INFINITY, argument, "epsilon");
    REFUSED(momentum, 1, argument, "momentum");
    REFUSED(weight_decay, NAN, argument, "weight_decay");
    REFUSED(step_factor, -1, argument, "step_factor");
    REFUSED(loss, (cnn_loss_t)9, argument, "loss");
    REFUSED(optimizer, (cnn_optimizer_t)9, argument, "optimizer");
    REFUSED(schedule, (cnn_schedule_t)9, argument, "schedule");
    REFUSED(crop_area, 1.5f, argument, "crop_area must be from 0 to 1");
    REFUSED(crop_detail, 5, argument, "crop_detail must be from 1 to 4");
    REFUSED(crop_aspect, 0.5f, argument, "crop_aspect must be from 1 to 10");
    REFUSED(rotation, -1, argument, "rotation");
    REFUSED(shear, 46, argument, "shear");
    REFUSED(brightness, NAN, argument, "brightness");
    REFUSED(contrast, 2, argument, "contrast");
    REFUSED(saturation, -0.5f, argument, "saturation");
    REFUSED(hue, 181, argument, "hue");
    REFUSED(erase, 1.1f, argument, "erase");
    REFUSED(mixup, INFINITY, argument, "mixup");
    REFUSED(cutmix, -1, argument, "cutmix");
    REFUSED(label_smoothing, 1, argument, "label_smoothing");
    REFUSED(average_decay, 1, argument, "average_decay");
    REFUSED(clip_norm, -1, argument, "clip_norm");
    REFUSED(resume, 1, argument, "checkpoint");
    REFUSED(patience, 1, argument, "validation");
    REFUSED(loss, CNN_LOSS_CROSS_ENTROPY, argument, "softmax");
    REFUSED(struct_size, 1, argument, "struct_size");
    ck_assert_int_eq(cnn_model_train(NULL, train, NULL, NULL, &history), argument);
    ck_assert_int_eq(cnn_model_train(model, NULL, NULL, NULL, &history), argument);
}
END_TEST

START_TEST(wrong_classes)
{
    static const char *const others[] = {"left", "Wright"}, *const capitals[] = {"LEFT", "Right"};
    static const uint8_t pixels[2 * TOY_PIXELS];
    static const uint32_t labels[] = {0, 1};
    const cnn_train_options_t options = toy_options(1);
    cnn_dataset_t *three = toy_data(context, 6, 3, 1), *named, *same;

    ck_assert_int_eq(cnn_model_train(model, three, NULL, &options, NULL), CNN_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "the model has 2 classes"));
    ck_assert_int_eq(from_pixels(context, pixels, labels, 2, TOY_HEIGHT, TOY_WIDTH,
                                             others, 2, &named), CNN_OK);
    ck_assert_int_eq(cnn_model_train(model, train, named, &options, NULL), CNN_ERROR_DATA);
    ck_assert_str_eq(cnn_error_message(),
                     "class 1 is \"right\" in the model and \"Wright\" in the data");
    ck_assert_int_eq(from_pixels(context, pixels, labels, 2, TOY_HEIGHT, TOY_WIDTH,
                                             capitals, 2, &same), CNN_OK);
    ck_assert_int_eq(cnn_model_train(model, train, same, &options, NULL), CNN_OK);
    cnn_dataset_free(three);
    cnn_dataset_free(named);
    cnn_dataset_free(same);
}
END_TEST

/* What is wrong with the call is told before photos are loaded (here: fail to). */
START_TEST(faults_before_loading)
{
    static const char *const names[] = {"left", "right"};
    const cnn_dataset_open_options_t named = {
        .struct_size = sizeof named, .strict = 1, .classes = names, .n_classes = 2};
    cnn_train_options_t options = toy_options(1);
    struct photo_folder folder;
    cnn_dataset_t *files, *three = toy_data(context, 6, 3, 1);

    folder_make(&folder);
    folder_touch(&folder, "left.0.jpg");
    folder_touch(&folder, "right.0.jpg");
    ck_assert_int_eq(cnn_dataset_open(context, folder.path, &named, &files), CNN_OK);
    ck_assert_int_eq(cnn_model_train(model, files, three, &options, NULL), CNN_ERROR_DATA);
    options.patience = 1;
    ck_assert_int_eq(cnn_model_train(model, files, NULL, &options, NULL), CNN_ERROR_ARGUMENT);
    options = toy_options(1);
    options.loss = CNN_LOSS_CROSS_ENTROPY;
    ck_assert_int_eq(cnn_model_train(model, files, NULL, &options, NULL), CNN_ERROR_ARGUMENT);
    options.loss = CNN_LOSS_MSE;
    ck_assert_int_eq(cnn_model_train(model, files, NULL, &options, NULL), CNN_ERROR_IMAGE);
    cnn_dataset_free(files);
    cnn_dataset_free(three);
    folder_remove(&folder);
}
END_TEST

/* Pictures of another size come to the network's own. */
START_TEST(data_of_another_size)
{
    static const char *const names[] = {"left", "right"};
    static uint8_t pixels[2][24 * 20 * 3];
    static const uint32_t labels[] = {0, 1};
    const cnn_train_options_t options = toy_options(1);
    cnn_dataset_t *large;
    cnn_sample_t sample = {.struct_size = sizeof sample};

    memset(pixels[1], 200, sizeof pixels[1]);
    ck_assert_int_eq(from_pixels(context, &pixels[0][0], labels, 2, 24, 20, names, 2,
                                             &large), CNN_OK);
    ck_assert_int_eq(cnn_model_train(model, large, validation, &options, &history), CNN_OK);
    ck_assert_int_eq(cnn_dataset_sample(large, 1, &sample), CNN_OK);
    for (size_t i = 0; i < TOY_PIXELS; i++)
        ck_assert_uint_eq(sample.pixels[i], 200);
    cnn_dataset_free(large);
}
END_TEST

static int count_batch(const cnn_train_progress_t *progress, void *user)
{
    (void)progress;
    ++*(int *)user;
    return 0;
}

/* A model full of notes has no room for the record; that is told before the work, not after it. */
START_TEST(no_room_for_the_record)
{
    cnn_train_options_t options = toy_options(1);
    int batches = 0;
    char key[16];

    options.on_batch = count_batch;
    options.user = &batches;
    for (int i = 0; i < 1024; i++) {
        snprintf(key, sizeof key, "note%d", i);
        ck_assert_int_eq(cnn_model_set_metadata(model, key, "x"), CNN_OK);
    }
    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history),
                     CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "1024 keys"));
    ck_assert_int_eq(batches, 0);
    ck_assert_int_eq(cnn_model_set_metadata(model, "note7", NULL), CNN_OK);
    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history), CNN_OK);
    ck_assert_int_gt(batches, 0);
}
END_TEST

START_TEST(training_is_recorded)
{
    cnn_train_options_t options = toy_options(3);
    options.weight_decay = 0.25f;
    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, &history), CNN_OK);
    const char *text = cnn_model_metadata(model, "training");
    ck_assert_ptr_nonnull(text);
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    ck_assert_msg(json != NULL, "not JSON: %s", text);
    cnn_epoch_t best = epoch_at(cnn_history_best_epoch(history) - 1);
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

Suite *suite_fit(void)
{
    Suite *suite = suite_create("fit");
    TCase *tc = tcase_create("fit");

    tcase_add_checked_fixture(tc, setup, teardown);
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
    tcase_add_test(tc, best_weights_are_of_the_best_epoch);
    tcase_add_test(tc, early_stopping);
    tcase_add_test(tc, stopped_after_a_batch);
    tcase_add_test(tc, stopped_after_an_epoch);
    tcase_add_test(tc, cancelled_in_an_epoch);
    tcase_add_test(tc, cancelled_in_the_first_epoch);
    tcase_add_test(tc, loss_becomes_nan_at_once);
    tcase_add_test(tc, loss_becomes_nan_later);
    tcase_add_test(tc, loss_becomes_nan_later_without_validation);
    tcase_add_test(tc, wrong_options);
    tcase_add_test(tc, wrong_classes);
    tcase_add_test(tc, faults_before_loading);
    tcase_add_test(tc, data_of_another_size);
    tcase_add_test(tc, training_is_recorded);
    tcase_add_test(tc, no_room_for_the_record);
    suite_add_tcase(suite, tc);
    return suite;
}
