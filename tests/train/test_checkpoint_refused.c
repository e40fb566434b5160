/* SPDX-License-Identifier: MIT
 *
 * Checkpoints that are refused: of another training, or damaged. The model and the file then
 * stay as they were. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/checkpoint_run.h"

static unsigned char *read_whole(size_t *size)
{
    FILE *file = fopen(run.path, "rb");
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
    FILE *file = fopen(run.path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

/* Expects that the checkpoint is refused and that model and file stay as they were. */
static void check_refused(cnn_train_options_t options, const char *says)
{
    size_t size, size_after;
    unsigned char *before = read_whole(&size);
    cnn_model_t *fresh = toy_model(run.context, TOY_FULL, 2, 4);
    struct checkpoint_result r = checkpoint_run(checkpoint_resuming(options), 0, 4);

    ck_assert_int_eq(r.status, CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_null(r.history);
    ck_assert(toy_same_weights(r.model, fresh));
    ck_assert_ptr_null(cnn_model_metadata(r.model, "training"));
    ck_assert_msg(strstr(cnn_error_message(), run.path) != NULL, "no file in \"%s\"",
                  cnn_error_message());
    ck_assert_msg(strstr(cnn_error_message(), says) != NULL, "\"%s\" does not say \"%s\"",
                  cnn_error_message(), says);
    unsigned char *after = read_whole(&size_after);
    ck_assert(size == size_after && memcmp(before, after, size) == 0);
    free(before);
    free(after);
    checkpoint_release(&r);
    cnn_model_free(fresh);
}

static void make_checkpoint(void)
{
    struct checkpoint_result r = checkpoint_run(checkpoint_options(), 2, 3);
    ck_assert_int_eq(r.status, CNN_ERROR_CANCELLED);
    checkpoint_release(&r);
}

#define REFUSED(field, value, says)                                                                \
    do {                                                                                           \
        cnn_train_options_t other = checkpoint_options();                                          \
        other.field = value;                                                                       \
        check_refused(other, says);                                                                \
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
    cnn_dataset_t *own = run.train, *other = toy_data(run.context, 70, 2, 9);

    make_checkpoint();
    run.train = other;
    check_refused(checkpoint_options(), "another data set");
    run.train = run.validation;
    check_refused(checkpoint_options(), "photos 70, this training has 30");
    run.train = own;
    own = run.validation;
    run.validation = other;
    check_refused(checkpoint_options(), "another validation set");
    run.validation = NULL;
    check_refused(checkpoint_options(), "another validation set");
    run.validation = own;
    cnn_dataset_free(other);
}
END_TEST

START_TEST(other_graph)
{
    cnn_train_options_t options = checkpoint_resuming(checkpoint_options());
    cnn_model_t *plain = toy_model(run.context, TOY_PLAIN, 2, 3);

    make_checkpoint();
    ck_assert_int_eq(cnn_model_train(plain, run.train, run.validation, &options, NULL),
                     CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "another graph"));
    cnn_model_free(plain);
}
END_TEST

START_TEST(a_model_file)
{
    struct checkpoint_result r = checkpoint_run(checkpoint_options(), 1, 3);
    ck_assert_int_eq(cnn_model_save(r.model, run.path, NULL), CNN_OK);
    checkpoint_release(&r);
    check_refused(checkpoint_options(), "not a checkpoint");
}
END_TEST

static void keep_warning(cnn_log_level_t level, const char *text, void *user)
{
    if (level == CNN_LOG_WARNING)
        snprintf(user, 256, "%s", text);
}

/* Other kernels round differently: the training is resumed with a warning. */
START_TEST(other_kernels)
{
    static char warning[256];
    const cnn_context_options_t options = {sizeof options, .threads = 2, .kernels = "reference",
                                           .log = keep_warning, .log_user = warning};
    cnn_train_options_t go_on = checkpoint_resuming(checkpoint_options());
    cnn_context_t *other;
    cnn_model_t *model;

    make_checkpoint();
    ck_assert_int_eq(cnn_context_create(&options, &other), CNN_OK);
    model = toy_model(other, TOY_FULL, 2, 3);
    ck_assert_int_eq(cnn_model_train(model, run.train, run.validation, &go_on, NULL), CNN_OK);
    if (strcmp(cnn_context_kernels(run.context), cnn_context_kernels(other)) != 0)
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
        check_refused(checkpoint_options(), "");
    }
    write_whole(bytes, size);
    struct checkpoint_result r = checkpoint_run(checkpoint_resuming(checkpoint_options()), 0, 4);
    ck_assert_int_eq(r.status, CNN_OK);
    checkpoint_release(&r);
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
        check_refused(checkpoint_options(), "");
        bytes[at] ^= (unsigned char)(1u << at % 8);
    }
    free(bytes);
}
END_TEST

Suite *suite_checkpoint_refused(void)
{
    Suite *suite = suite_create("checkpoint_refused");
    TCase *tc = tcase_create("checkpoint_refused");

    tcase_add_checked_fixture(tc, checkpoint_setup, checkpoint_teardown);
    tcase_add_test(tc, other_options);
    tcase_add_test(tc, other_data);
    tcase_add_test(tc, other_graph);
    tcase_add_test(tc, a_model_file);
    tcase_add_test(tc, other_kernels);
    tcase_add_test(tc, cut_short);
    tcase_add_test(tc, a_flipped_bit);
    suite_add_tcase(suite, tc);
    return suite;
}
