/* SPDX-License-Identifier: MIT
 *
 * Every allocation of a training and an evaluation fails in turn: each time an error is
 * returned, nothing leaks and the model still works. A training step and a prediction allocate
 * nothing. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "model/model.h"
#include "support/failing_allocator.h"
#include "support/photo_folder.h"
#include "support/toy.h"

static struct failing_allocator allocator;
static struct photo_folder folder;
static cnn_context_t *context;
static cnn_dataset_t *train, *validation;
static cnn_model_t *model;

static void setup(void)
{
    folder_make(&folder);
    context = failing_allocator_context(&allocator, 2);
    train = toy_data(context, 12, 2, 1);
    validation = toy_data(context, 6, 2, 2);
    model = toy_model(context, TOY_FULL, 2, 3);
}

static void teardown(void)
{
    cnn_model_free(model);
    cnn_dataset_free(train);
    cnn_dataset_free(validation);
    cnn_context_free(context);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
    folder_remove(&folder);
}

static void check_model_works(void)
{
    float x[TOY_PIXELS] = {0}, y;
    cnn_session_t *session;

    ck_assert_int_eq(cnn_session_create(model, NULL, &session), CNN_OK);
    ck_assert_int_eq(cnn_session_run(session, x, 1, &y), CNN_OK);
    ck_assert(y > 0 && y < 1);
    cnn_session_free(session);
}

static cnn_status_t fit(void)
{
    const cnn_train_options_t options = {sizeof options, .epochs = 1, .batch_size = 5,
                                         .checkpoint = folder_path(&folder, "checkpoint"),
                                         .resume = 1};
    cnn_history_t *history;
    cnn_status_t rc = cnn_model_train(model, train, validation, &options, &history);

    ck_assert(rc != CNN_OK || history != NULL); /* also set on failure */
    cnn_history_free(history);
    return rc;
}

static cnn_status_t evaluate(void)
{
    cnn_evaluation_t *evaluation;
    cnn_status_t rc = cnn_model_evaluate(model, train, NULL, &evaluation);

    ck_assert((rc == CNN_OK) == (evaluation != NULL));
    cnn_evaluation_free(evaluation);
    return rc;
}

/* Fails each allocation of a call in turn. Returns the number of allocations. */
static size_t fail_each(cnn_status_t (*call)(void))
{
    for (size_t n = 1;; n++) {
        const size_t live = atomic_load(&allocator.live);
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = call();
        int failed = failing_allocator_failed(&allocator);
        failing_allocator_set(&allocator, 0);
        check_model_works();
        if (!failed) {
            ck_assert_int_eq(rc, CNN_OK);
            return n - 1;
        }
        ck_assert_msg(rc == CNN_ERROR_MEMORY, "request %zu refused: status %d", n, (int)rc);
        ck_assert_ptr_nonnull(strstr(cnn_error_message(), "memory"));
        if (!cnn_model_metadata(model, "training")) /* the model may have been replaced */
            ck_assert_uint_eq(atomic_load(&allocator.live), live);
    }
}

START_TEST(in_a_fit)
{
    ck_assert_uint_gt(fail_each(fit), 20);
}
END_TEST

/* The checkpoint of the last run is complete. Here reading it runs out of memory. */
START_TEST(in_a_resumed_fit)
{
    ck_assert_int_eq(fit(), CNN_OK);
    ck_assert_uint_gt(fail_each(fit), 20);
}
END_TEST

START_TEST(in_an_evaluation)
{
    ck_assert_uint_gt(fail_each(evaluate), 5);
}
END_TEST

enum { STEPS = 6, EPOCHS = 2 };

struct requests {
    size_t at[EPOCHS * STEPS], n; /* allocations until the end of each step */
};

static int note_requests(const cnn_train_progress_t *progress, void *user)
{
    struct requests *requests = user;

    (void)progress;
    ck_assert_uint_lt(requests->n, EPOCHS * STEPS);
    requests->at[requests->n++] = atomic_load(&allocator.requests);
    return 0;
}

/* A training allocates, but its steps do not. A prediction from pixels does not allocate either. */
START_TEST(not_in_a_step)
{
    struct requests requests = {.n = 0};
    const cnn_train_options_t options = {sizeof options, .epochs = EPOCHS, .batch_size = 2,
                                         .average_decay = 0.9f, .clip_norm = 1,
                                         .on_batch = note_requests, .user = &requests};
    float x[TOY_PIXELS] = {0}, y;
    cnn_session_t *session;

    ck_assert_int_eq(cnn_model_train(model, train, validation, &options, NULL), CNN_OK);
    ck_assert_uint_eq(requests.n, EPOCHS * STEPS);
    ck_assert_uint_gt(requests.at[0], 20);
    for (size_t i = 0; i < requests.n; i++)
        ck_assert_uint_eq(requests.at[i], requests.at[i / STEPS * STEPS]);

    ck_assert_int_eq(cnn_session_create(model, NULL, &session), CNN_OK);
    ck_assert_int_eq(cnn_session_run(session, x, 1, &y), CNN_OK);
    const size_t before = atomic_load(&allocator.requests);
    ck_assert_int_eq(cnn_session_run(session, x, 1, &y), CNN_OK);
    ck_assert_uint_eq(atomic_load(&allocator.requests), before);
    cnn_session_free(session);
}
END_TEST

Suite *suite_training_memory(void)
{
    Suite *suite = suite_create("training_memory");
    TCase *tc = tcase_create("training_memory");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, in_a_fit);
    tcase_add_test(tc, in_a_resumed_fit);
    tcase_add_test(tc, in_an_evaluation);
    tcase_add_test(tc, not_in_a_step);
    suite_add_tcase(suite, tc);
    return suite;
}
