/* SPDX-License-Identifier: MIT
 *
 * Resuming from a checkpoint: whenever a training stops, the resumed training ends with the same
 * bits as one that did not stop. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/random.h"
#include "support/checkpoint_run.h"
#include "train/history.h"

/* Stops after each epoch in turn. The resumed model begins with other fresh weights. */
static void check_resume(cnn_train_options_t options)
{
    struct checkpoint_result whole = checkpoint_run(options, 0, 3);

    ck_assert_int_eq(whole.status, CNN_OK);
    ck_assert_int_eq(unlink(run.path), 0);
    for (uint32_t k = 1; k < whole.history->count; k++) {
        struct checkpoint_result part = checkpoint_run(options, k, 3);
        struct checkpoint_result rest = checkpoint_run(checkpoint_resuming(options), 0, 1000 + k);
        ck_assert_int_eq(part.status, CNN_ERROR_CANCELLED);
        ck_assert_uint_eq(part.history->count, k);
        ck_assert_int_eq(rest.status, CNN_OK);
        ck_assert_msg(checkpoint_same(&whole, &rest), "other bits after stopping at epoch %u", k);
        checkpoint_release(&part);
        checkpoint_release(&rest);
        ck_assert_int_eq(unlink(run.path), 0);
    }
    checkpoint_release(&whole);
}

START_TEST(resume_adam_cosine)
{
    cnn_train_options_t options = checkpoint_options();
    options.schedule = CNN_SCHEDULE_COSINE;
    options.warmup_epochs = 1;
    options.mirror = 1;
    options.weight_decay = 0.01f;
    check_resume(options);
}
END_TEST

/* Moments and average cover the trained weights only; the checkpoint has the frozen weights,
 * too. */
START_TEST(resume_frozen)
{
    cnn_train_options_t options = checkpoint_options();
    options.freeze = "batch_norm";
    options.average_decay = 0.9f;
    check_resume(options);
    options.optimizer = CNN_OPTIMIZER_SGD;
    options.clip_norm = 0.5f;
    check_resume(options);
}
END_TEST

/* All options that change images, targets, gradients and weights. */
START_TEST(resume_with_everything)
{
    cnn_train_options_t options = checkpoint_options();
    options.mirror = 1;
    options.crop_area = 0.6f;
    options.rotation = 10;
    options.hue = 20;
    options.erase = 0.3f;
    options.mixup = 0.4f;
    options.cutmix = 1;
    options.label_smoothing = 0.1f;
    options.average_decay = 0.9f;
    options.clip_norm = 0.05f;
    check_resume(options);
    cnn_dataset_t *own = run.validation;
    run.validation = NULL;
    check_resume(options);
    run.validation = own;
}
END_TEST

START_TEST(resume_sgd_step)
{
    cnn_train_options_t options = checkpoint_options();
    options.optimizer = CNN_OPTIMIZER_SGD;
    options.loss = CNN_LOSS_BINARY_CROSS_ENTROPY;
    options.momentum = 0.9f;
    options.schedule = CNN_SCHEDULE_STEP;
    options.step_epochs = 2;
    check_resume(options);
}
END_TEST

START_TEST(resume_without_validation)
{
    cnn_dataset_t *own = run.validation;
    run.validation = NULL;
    check_resume(checkpoint_options());
    run.validation = own;
}
END_TEST

/* The count of epochs without a lower validation loss is resumed as well. */
START_TEST(resume_patience)
{
    cnn_train_options_t options = checkpoint_options();
    cnn_dataset_t *right = run.validation;

    run.validation = toy_wrong_data(run.context, 30, 2, 2);
    options.epochs = 30;
    options.patience = 3;
    struct checkpoint_result whole = checkpoint_run(options, 0, 3);
    ck_assert_uint_lt(whole.history->count, 30);
    checkpoint_release(&whole);
    check_resume(options);
    cnn_dataset_free(run.validation);
    run.validation = right;
}
END_TEST

struct canceller {
    cnn_cancel_t *cancel;
    size_t batches;
};

static int cancel_at(const cnn_train_progress_t *progress, void *user)
{
    struct canceller *c = user;
    (void)progress;
    if (++c->batches == 13) /* the third batch of the third epoch */
        cnn_cancel_request(c->cancel);
    return 0;
}

/* An unfinished epoch is repeated. */
START_TEST(resume_after_cancel)
{
    const cnn_train_options_t options = checkpoint_options();
    cnn_train_options_t cancelling = options;
    struct canceller canceller = {0};
    struct checkpoint_result whole = checkpoint_run(options, 0, 3);

    ck_assert_int_eq(unlink(run.path), 0);
    ck_assert_int_eq(cnn_cancel_create(run.context, &canceller.cancel), CNN_OK);
    cancelling.cancel = canceller.cancel;
    cancelling.on_batch = cancel_at;
    cancelling.user = &canceller;
    cnn_model_t *model = toy_model(run.context, TOY_FULL, 2, 3);
    ck_assert_int_eq(cnn_model_train(model, run.train, run.validation, &cancelling, NULL),
                     CNN_ERROR_CANCELLED);
    struct checkpoint_result rest = checkpoint_run(checkpoint_resuming(options), 0, 4);
    ck_assert(checkpoint_same(&whole, &rest));
    checkpoint_release(&whole);
    checkpoint_release(&rest);
    cnn_model_free(model);
    cnn_cancel_free(canceller.cancel);
}
END_TEST

START_TEST(epochs_may_grow)
{
    cnn_train_options_t options = checkpoint_options(), more = checkpoint_options();
    more.epochs = CHECKPOINT_EPOCHS + 3;
    struct checkpoint_result whole = checkpoint_run(more, 0, 3);

    ck_assert_int_eq(unlink(run.path), 0);
    struct checkpoint_result part = checkpoint_run(options, 0, 3);
    struct checkpoint_result rest = checkpoint_run(checkpoint_resuming(more), 0, 4);
    ck_assert(checkpoint_same(&whole, &rest));
    checkpoint_release(&part);
    checkpoint_release(&rest);
    /* Fewer epochs are refused. With the cosine schedule, whose rates depend on the number of
     * epochs, more are refused, too. */
    struct checkpoint_result less = checkpoint_run(checkpoint_resuming(options), 0, 4);
    ck_assert_int_eq(less.status, CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "made with epochs 8, this training has 5"));
    checkpoint_release(&less);
    checkpoint_release(&whole);
    options.schedule = more.schedule = CNN_SCHEDULE_COSINE;
    struct checkpoint_result cosine = checkpoint_run(options, 0, 3);
    struct checkpoint_result longer = checkpoint_run(checkpoint_resuming(more), 0, 3);
    ck_assert_int_eq(longer.status, CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "made with epochs 5"));
    checkpoint_release(&cosine);
    checkpoint_release(&longer);
}
END_TEST

START_TEST(complete_is_only_restored)
{
    struct checkpoint_result whole = checkpoint_run(checkpoint_options(), 0, 3);
    struct checkpoint_result again =
        checkpoint_run(checkpoint_resuming(checkpoint_options()), 0, 4);
    ck_assert(checkpoint_same(&whole, &again));
    checkpoint_release(&whole);
    checkpoint_release(&again);
}
END_TEST

START_TEST(nothing_to_resume)
{
    struct checkpoint_result plain = checkpoint_run(checkpoint_options(), 0, 3);
    ck_assert_int_eq(unlink(run.path), 0);
    struct checkpoint_result first =
        checkpoint_run(checkpoint_resuming(checkpoint_options()), 0, 3);
    ck_assert(checkpoint_same(&plain, &first));
    ck_assert_int_eq(access(run.path, R_OK), 0);
    checkpoint_release(&plain);
    checkpoint_release(&first);
}
END_TEST

START_TEST(cannot_be_written)
{
    cnn_train_options_t options = checkpoint_options();
    options.checkpoint = "/nowhere/at/all/checkpoint";
    struct checkpoint_result r = checkpoint_run(options, 0, 3);
    ck_assert_int_eq(r.status, CNN_ERROR_IO);
    ck_assert_uint_eq(cnn_history_epoch_count(r.history), 1); /* the epoch that was not saved */
    checkpoint_release(&r);
}
END_TEST

/* ---- killed ---- */

enum { KILLS = 12, MANY = 60 };

/* Trains in a child process and kills it after some time. Returns 1 if the child was done
 * before. */
static int train_and_kill(cnn_train_options_t options, uint64_t microseconds)
{
    const struct timespec nap = {.tv_nsec = (long)microseconds * 1000};
    int status = 0;
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        checkpoint_make_data();
        struct checkpoint_result r = checkpoint_run(options, 0, 3);
        _exit(r.status == CNN_OK ? 0 : 1);
    }
    nanosleep(&nap, NULL);
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFEXITED(status);
}

START_TEST(killed_at_any_moment)
{
    checkpoint_make_folder(); /* the data start threads, so they come after the forks */
    cnn_train_options_t options = checkpoint_options();
    options.epochs = MANY;
    options.resume = 1;
    for (uint64_t i = 0; i < KILLS; i++)
        if (train_and_kill(options, 5000 + cd_random_bits(11, i) % 30000))
            break;
    checkpoint_make_data();
    struct checkpoint_result rest = checkpoint_run(options, 0, 3), whole;
    options.resume = 0;
    whole = checkpoint_run(options, 0, 3);
    ck_assert(checkpoint_same(&whole, &rest));
    checkpoint_release(&whole);
    checkpoint_release(&rest);
    checkpoint_teardown();
}
END_TEST

Suite *suite_checkpoint(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *tc = tcase_create("checkpoint"), *killed = tcase_create("killed");

    tcase_add_checked_fixture(tc, checkpoint_setup, checkpoint_teardown);
    tcase_add_test(tc, resume_adam_cosine);
    tcase_add_test(tc, resume_with_everything);
    tcase_add_test(tc, resume_frozen);
    tcase_add_test(tc, resume_sgd_step);
    tcase_add_test(tc, resume_without_validation);
    tcase_add_test(tc, resume_patience);
    tcase_add_test(tc, resume_after_cancel);
    tcase_add_test(tc, epochs_may_grow);
    tcase_add_test(tc, complete_is_only_restored);
    tcase_add_test(tc, nothing_to_resume);
    tcase_add_test(tc, cannot_be_written);
    suite_add_tcase(suite, tc);
    tcase_add_test(killed, killed_at_any_moment);
    suite_add_tcase(suite, killed);
    return suite;
}
