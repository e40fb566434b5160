/* SPDX-License-Identifier: MIT
 *
 * Checkpoints: going on after any epoch gives the bits of never having stopped; other terms and
 * damaged files are refused, and then nothing is changed. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/random.h"
#include "model/model.h"
#include "support/photo_folder.h"
#include "support/toy.h"
#include "train/history.h"

enum { EPOCHS = 5 };

static struct photo_folder folder;
static char path[FOLDER_PATH_SIZE];
static cnn_context_t *context;
static cnn_dataset_t *train, *validation;

static void make_folder(void)
{
    folder_make(&folder);
    snprintf(path, sizeof path, "%s", folder_path(&folder, "checkpoint"));
}

static void make_data(void)
{
    context = toy_context(2);
    train = toy_data(context, 70, 2, 1);
    validation = toy_data(context, 30, 2, 2);
}

static void setup(void)
{
    make_folder();
    make_data();
}

static void teardown(void)
{
    cnn_dataset_free(train);
    cnn_dataset_free(validation);
    cnn_context_free(context);
    folder_remove(&folder);
}

static int stop_at(const cnn_epoch_t *epoch, void *user)
{
    return epoch->epoch == *(uint32_t *)user;
}

/* What a training came to. */
struct result {
    cnn_model_t *model;
    cnn_history_t *history;
    cnn_status_t status;
};

static struct result fit(cnn_train_options_t options, uint32_t stop, uint64_t model_seed)
{
    struct result r = {.model = toy_model(context, TOY_FULL, 2, model_seed)};

    options.on_epoch = stop_at;
    options.user = &stop;
    r.status = cnn_model_train(r.model, train, validation, &options, &r.history);
    return r;
}

static void release(struct result *r)
{
    cnn_model_free(r->model);
    cnn_history_free(r->history);
}

static int same(const struct result *a, const struct result *b)
{
    return a->status == b->status && toy_same_weights(a->model, b->model) &&
           toy_same_history(a->history, b->history) &&
           strcmp(cnn_model_metadata(a->model, "training"),
                  cnn_model_metadata(b->model, "training")) == 0;
}

static cnn_train_options_t base_options(void)
{
    return (cnn_train_options_t){sizeof(cnn_train_options_t), .epochs = EPOCHS, .batch_size = 16,
                                 .learning_rate = 0.01f, .seed = 7, .checkpoint = path};
}

static cnn_train_options_t resuming(cnn_train_options_t options)
{
    options.resume = 1;
    return options;
}

/* Stops after each epoch in turn; the model that goes on began with other weights. */
static void check_resume(cnn_train_options_t options)
{
    struct result whole = fit(options, 0, 3);

    ck_assert_int_eq(whole.status, CNN_OK);
    ck_assert_int_eq(unlink(path), 0);
    for (uint32_t k = 1; k < whole.history->count; k++) {
        struct result part = fit(options, k, 3), rest = fit(resuming(options), 0, 1000 + k);
        ck_assert_uint_eq(part.history->count, k);
        ck_assert_int_eq(rest.status, CNN_OK);
        ck_assert_msg(same(&whole, &rest), "other bits after stopping at epoch %u", k);
        release(&part);
        release(&rest);
        ck_assert_int_eq(unlink(path), 0);
    }
    release(&whole);
}

START_TEST(resume_adam_cosine)
{
    cnn_train_options_t options = base_options();
    options.schedule = CNN_SCHEDULE_COSINE;
    options.warmup_epochs = 1;
    options.mirror = 1;
    options.weight_decay = 0.01f;
    check_resume(options);
}
END_TEST

/* Moments and average of a part; the checkpoint has all weights, the frozen ones too. */
START_TEST(resume_frozen)
{
    cnn_train_options_t options = base_options();
    options.freeze = "batch_norm";
    options.average_decay = 0.9f;
    check_resume(options);
    options.optimizer = CNN_OPTIMIZER_SGD;
    options.clip_norm = 0.5f;
    check_resume(options);
}
END_TEST

/* All that a training can be told to do with its pictures, targets, gradients and weights. */
START_TEST(resume_with_everything)
{
    cnn_train_options_t options = base_options();
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
    cnn_dataset_t *own = validation;
    validation = NULL;
    check_resume(options);
    validation = own;
}
END_TEST

START_TEST(resume_sgd_step)
{
    cnn_train_options_t options = base_options();
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
    cnn_dataset_t *own = validation;
    validation = NULL;
    check_resume(base_options());
    validation = own;
}
END_TEST

/* Counting the epochs without a better one goes on too. */
START_TEST(resume_patience)
{
    cnn_train_options_t options = base_options();
    cnn_dataset_t *right = validation;

    validation = toy_wrong_data(context, 30, 2, 2);
    options.epochs = 30;
    options.patience = 3;
    struct result whole = fit(options, 0, 3);
    ck_assert_uint_lt(whole.history->count, 30);
    release(&whole);
    check_resume(options);
    cnn_dataset_free(validation);
    validation = right;
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
    if (++c->batches == 13) /* the third of the third epoch */
        cnn_cancel_request(c->cancel);
    return 0;
}

/* What an unfinished epoch did is done again. */
START_TEST(resume_after_cancel)
{
    const cnn_train_options_t options = base_options();
    cnn_train_options_t cancelling = options;
    struct canceller canceller = {0};
    struct result whole = fit(options, 0, 3);

    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(cnn_cancel_create(context, &canceller.cancel), CNN_OK);
    cancelling.cancel = canceller.cancel;
    cancelling.on_batch = cancel_at;
    cancelling.user = &canceller;
    cnn_model_t *model = toy_model(context, TOY_FULL, 2, 3);
    ck_assert_int_eq(cnn_model_train(model, train, validation, &cancelling, NULL),
                     CNN_ERROR_CANCELLED);
    struct result rest = fit(resuming(options), 0, 4);
    ck_assert(same(&whole, &rest));
    release(&whole);
    release(&rest);
    cnn_model_free(model);
    cnn_cancel_free(canceller.cancel);
}
END_TEST

START_TEST(epochs_may_grow)
{
    cnn_train_options_t options = base_options(), more = base_options();
    more.epochs = EPOCHS + 3;
    struct result whole = fit(more, 0, 3);

    ck_assert_int_eq(unlink(path), 0);
    struct result part = fit(options, 0, 3), rest = fit(resuming(more), 0, 4);
    ck_assert(same(&whole, &rest));
    release(&part);
    release(&rest);
    /* But not shrink, and a cosine has its end from the first step on. */
    struct result less = fit(resuming(options), 0, 4);
    ck_assert_int_eq(less.status, CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "made with epochs 8, this training has 5"));
    release(&less);
    release(&whole);
    options.schedule = more.schedule = CNN_SCHEDULE_COSINE;
    struct result cosine = fit(options, 0, 3), longer = fit(resuming(more), 0, 3);
    ck_assert_int_eq(longer.status, CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "made with epochs 5"));
    release(&cosine);
    release(&longer);
}
END_TEST

START_TEST(complete_is_only_restored)
{
    struct result whole = fit(base_options(), 0, 3), again = fit(resuming(base_options()), 0, 4);
    ck_assert(same(&whole, &again));
    release(&whole);
    release(&again);
}
END_TEST

START_TEST(nothing_to_resume)
{
    struct result plain = fit(base_options(), 0, 3);
    ck_assert_int_eq(unlink(path), 0);
    struct result first = fit(resuming(base_options()), 0, 3);
    ck_assert(same(&plain, &first));
    ck_assert_int_eq(access(path, R_OK), 0);
    release(&plain);
    release(&first);
}
END_TEST

START_TEST(cannot_be_written)
{
    cnn_train_options_t options = base_options();
    options.checkpoint = "/nowhere/at/all/checkpoint";
    struct result r = fit(options, 0, 3);
    ck_assert_int_eq(r.status, CNN_ERROR_IO);
    ck_assert_uint_eq(cnn_history_epoch_count(r.history),
                      1); /* the epoch that could not be saved */
    release(&r);
}
END_TEST

/* ---- other terms ---- */

static unsigned char *read_whole(size_t *size)
{
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    *size = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = malloc(*size + 1);
    ck_assert_ptr_nonnull(bytes);
    ck_assert_uint_eq(fread(bytes, 1, *size, file), *size);
    fclose(file);
    return bytes;
}

static void write_whole(const unsigned char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

/* Refused; the model stays fresh and the file as it is. */
static void check_refused(cnn_train_options_t options, const char *says)
{
    size_t size, size_after;
    unsigned char *before = read_whole(&size);
    cnn_model_t *fresh = toy_model(context, TOY_FULL, 2, 4);
    struct result r = fit(resuming(options), 0, 4);

    ck_assert_int_eq(r.status, CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_null(r.history);
    ck_assert(toy_same_weights(r.model, fresh));
    ck_assert_ptr_null(cnn_model_metadata(r.model, "training"));
    ck_assert_msg(strstr(cnn_error_message(), path) != NULL, "no file in \"%s\"",
                  cnn_error_message());
    ck_assert_msg(strstr(cnn_error_message(), says) != NULL, "\"%s\" does not say \"%s\"",
                  cnn_error_message(), says);
    unsigned char *after = read_whole(&size_after);
    ck_assert(size == size_after && memcmp(before, after, size) == 0);
    free(before);
    free(after);
    release(&r);
    cnn_model_free(fresh);
}

static void make_checkpoint(void)
{
    struct result r = fit(base_options(), 2, 3);
    ck_assert_int_eq(r.status, CNN_OK);
    release(&r);
}

#define REFUSED(field, value, says)                  \
    do {                                             \
        cnn_train_options_t other = base_options();  \
        other.field = value;                         \
        check_refused(other, says);                  \
    } while (0)

START_TEST(other_options)
{
    make_checkpoint();
    REFUSED(batch_size, 17, "batch_size 16, this training has 17");
    REFUSED(learning_rate, 0.02f, "learning_rate 0.01, this training has 0.02");
    REFUSED(loss, CNN_LOSS_BINARY_CROSS_ENTROPY, "loss mse");
    REFUSED(optimizer, CNN_OPTIMIZER_SGD, "optimizer adam");
    REFUSED(beta1, 0.8f, "beta1 0.9");
    REFUSED(beta2, 0.99f, "beta2 0.999");
    REFUSED(epsilon, 1e-7f, "epsilon 1e-08");
    REFUSED(weight_decay, 0.5f, "weight_decay 0, this training has 0.5");
    REFUSED(schedule, CNN_SCHEDULE_STEP, "schedule constant");
    REFUSED(warmup_epochs, 1, "warmup_epochs 0");
    REFUSED(mirror, 1, "mirror false");
    REFUSED(patience, 1, "patience 0");
    REFUSED(freeze, "conv2d", "freeze none, this training has conv2d");
    REFUSED(seed, 8, "seed 7");
}
END_TEST

START_TEST(other_data)
{
    cnn_dataset_t *own = train, *other = toy_data(context, 70, 2, 9);

    make_checkpoint();
    train = other;
    check_refused(base_options(), "another data set");
    train = validation;
    check_refused(base_options(), "photos 70, this training has 30");
    train = own;
    own = validation;
    validation = other;
    check_refused(base_options(), "another validation set");
    validation = NULL;
    check_refused(base_options(), "another validation set");
    validation = own;
    cnn_dataset_free(other);
}
END_TEST

START_TEST(other_graph)
{
    cnn_train_options_t options = resuming(base_options());
    cnn_model_t *plain = toy_model(context, TOY_PLAIN, 2, 3);

    make_checkpoint();
    ck_assert_int_eq(cnn_model_train(plain, train, validation, &options, NULL),
                     CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "another graph"));
    cnn_model_free(plain);
}
END_TEST

START_TEST(a_model_file)
{
    struct result r = fit(base_options(), 1, 3);
    ck_assert_int_eq(cnn_model_save(r.model, path, NULL), CNN_OK);
    release(&r);
    check_refused(base_options(), "not a checkpoint");
}
END_TEST

static void keep_warning(cnn_log_level_t level, const char *text, void *user)
{
    if (level == CNN_LOG_WARNING)
        snprintf(user, 256, "%s", text);
}

/* Other kernels round differently: it goes on, and says so. */
START_TEST(other_kernels)
{
    static char warning[256];
    const cnn_context_options_t options = {sizeof options, .threads = 2, .kernels = "reference",
                                           .log = keep_warning, .log_user = warning};
    cnn_train_options_t go_on = resuming(base_options());
    cnn_context_t *other;
    cnn_model_t *model;

    make_checkpoint();
    ck_assert_int_eq(cnn_context_create(&options, &other), CNN_OK);
    model = toy_model(other, TOY_FULL, 2, 3);
    ck_assert_int_eq(cnn_model_train(model, train, validation, &go_on, NULL), CNN_OK);
    if (strcmp(cnn_context_kernels(context), cnn_context_kernels(other)) != 0)
        ck_assert_ptr_nonnull(strstr(warning, "going on with \"reference\""));
    cnn_model_free(model);
    cnn_context_free(other);
}
END_TEST

/* ---- damage ---- */

START_TEST(cut_short)
{
    size_t size;

    make_checkpoint();
    unsigned char *bytes = read_whole(&size);
    for (size_t keep = 0; keep < size; keep += 1 + size / 37) {
        write_whole(bytes, keep);
        check_refused(base_options(), "");
    }
    write_whole(bytes, size);
    struct result r = fit(resuming(base_options()), 0, 4);
    ck_assert_int_eq(r.status, CNN_OK);
    release(&r);
    free(bytes);
}
END_TEST

START_TEST(a_flipped_bit)
{
    size_t size;

    make_checkpoint();
    unsigned char *bytes = read_whole(&size);
    for (size_t at = 0; at < size; at += at < 8 ? 1 : 1 + size / 97) {
        bytes[at] ^= (unsigned char)(1u << at % 8);
        write_whole(bytes, size);
        check_refused(base_options(), "");
        bytes[at] ^= (unsigned char)(1u << at % 8);
    }
    free(bytes);
}
END_TEST

/* ---- killed ---- */

enum { KILLS = 12, MANY = 60 };

/* A process of its own trains until it is killed or done; whether it got to its end. */
static int train_and_kill(cnn_train_options_t options, uint64_t microseconds)
{
    const struct timespec nap = {.tv_nsec = (long)microseconds * 1000};
    int status = 0;
    pid_t child = fork();

    ck_assert_int_ge(child, 0);
    if (child == 0) {
        make_data();
        struct result r = fit(options, 0, 3);
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
    make_folder(); /* threads begin with the data, and a process that has some should not fork */
    cnn_train_options_t options = base_options();
    options.epochs = MANY;
    options.resume = 1;
    for (uint64_t i = 0; i < KILLS; i++)
        if (train_and_kill(options, 5000 + cd_random_bits(11, i) % 30000))
            break;
    make_data();
    struct result rest = fit(options, 0, 3), whole;
    options.resume = 0;
    whole = fit(options, 0, 3);
    ck_assert(same(&whole, &rest));
    release(&whole);
    release(&rest);
    teardown();
}
END_TEST

Suite *suite_checkpoint(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *tc = tcase_create("checkpoint"), *killed = tcase_create("killed");

    tcase_add_checked_fixture(tc, setup, teardown);
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
    tcase_add_test(tc, other_options);
    tcase_add_test(tc, other_data);
    tcase_add_test(tc, other_graph);
    tcase_add_test(tc, a_model_file);
    tcase_add_test(tc, other_kernels);
    tcase_add_test(tc, cut_short);
    tcase_add_test(tc, a_flipped_bit);
    suite_add_tcase(suite, tc);
    tcase_add_test(killed, killed_at_any_moment);
    suite_add_tcase(suite, killed);
    return suite;
}
