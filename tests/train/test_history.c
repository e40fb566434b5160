/* SPDX-License-Identifier: MIT
 *
 * The history of a training: the CSV file, also in a locale with a decimal comma; the exact text
 * format; numbers as text. */
#define _POSIX_C_SOURCE 200809L
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/memory.h"
#include "core/number.h"
#include "support/comma_locale.h"
#include "train/history.h"

static cnn_context_t *context;
static cnn_history_t *history;

static void setup(void)
{
    ck_assert_int_eq(cnn_context_create(NULL, &context), CNN_OK);
    ck_assert_int_eq(cd_history_create(context, &history), CNN_OK);
}

static void teardown(void)
{
    cnn_history_free(history);
    cnn_context_free(context);
}

static void add_two(void)
{
    const cnn_epoch_t first = {.loss = 0.25,
                               .mse = 0.1,
                               .accuracy = 0.5,
                               .pearson = NAN,
                               .val_loss = 0.3,
                               .val_mse = 1e-7,
                               .val_accuracy = 1.0 / 3,
                               .val_pearson = -0.5,
                               .learning_rate = (double)0.001f,
                               .seconds = 1.5,
                               .images_per_second = 1234.5,
                               .data_wait_seconds = 0.25};
    const cnn_epoch_t second = {.loss = -0.0, .val_loss = NAN, .val_mse = NAN,
                                .val_accuracy = NAN, .val_pearson = NAN,
                                .learning_rate = 0.0005};

    ck_assert_int_eq(cd_history_add(history, &first), CNN_OK);
    ck_assert_int_eq(cd_history_add(history, &second), CNN_OK);
}

static const char expected[] =
    "epoch,loss,mse,accuracy,pearson,val_loss,val_mse,val_accuracy,val_pearson,learning_rate,"
    "seconds,images_per_second,data_wait_s\n"
    "1,0.25,0.1,0.5,,0.3,1e-07,0.333333333333333,-0.5,0.001,1.5,1234.5,0.25\n"
    "2,-0,0,0,0,,,,,0.0005,0,0,0\n";

static void check_csv(void)
{
    char folder[] = "/tmp/catdog-history-XXXXXX", path[64], text[1024];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/h.csv", folder);
    ck_assert_int_eq(cnn_history_save(history, path), CNN_OK);
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    size_t length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    /* 1/3 needs 16 digits. */
    char *third = strstr(text, "0.3333333333333333,");
    ck_assert_ptr_nonnull(third);
    memmove(third + 17, third + 18, strlen(third + 18) + 1);
    ck_assert_str_eq(text, expected);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(rmdir(folder), 0);
}

START_TEST(csv)
{
    add_two();
    check_csv();
    ck_assert_int_eq(cnn_history_save(history, "/nowhere/at/all.csv"), CNN_ERROR_IO);
    ck_assert_int_eq(cnn_history_save(history, NULL), CNN_ERROR_ARGUMENT);
}
END_TEST

static void check_in_locale(const char *name)
{
    struct photo_folder folder;

    folder_make(&folder);
    add_two();
    comma_locale_enter(&folder, name);
    check_csv();
    comma_locale_leave();
    folder_remove(&folder);
}

START_TEST(csv_in_a_locale_with_a_comma)
{
    check_in_locale("de_DE");
}
END_TEST

START_TEST(csv_in_a_locale_with_a_point_of_two_bytes)
{
    check_in_locale("ps_AF");
}
END_TEST

START_TEST(exact_text)
{
    cnn_history_t *copy;
    char *text;

    ck_assert_int_eq(cd_history_to_text(history, &text), CNN_OK);
    ck_assert_str_eq(text, "");
    cd_free(context, text);
    add_two();
    ck_assert_int_eq(cd_history_to_text(history, &text), CNN_OK);
    ck_assert_int_eq(cd_history_create(context, &copy), CNN_OK);
    ck_assert_int_eq(cd_history_from_text(copy, "file", text), CNN_OK);
    ck_assert_uint_eq(copy->count, 2);
    ck_assert_mem_eq(copy->epochs, history->epochs, 2 * sizeof *copy->epochs);
    cd_history_free(copy);
    cd_free(context, text);
}
END_TEST

START_TEST(damaged_text)
{
    static const char *const bad[] = {"x", "0000000000000000\n", "000000000000000g 0"};
    char *text;

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(cd_history_from_text(history, "file", bad[i]), CNN_ERROR_MODEL_FILE);
    ck_assert_str_eq(cnn_error_message(), "file: its history is not valid at epoch 1");
    add_two();
    ck_assert_int_eq(cd_history_to_text(history, &text), CNN_OK);
    text[strlen(text) - 1] = '\0';
    ck_assert_int_eq(cd_history_from_text(history, "file", text), CNN_ERROR_MODEL_FILE);
    cd_free(context, text);
}
END_TEST

START_TEST(public_side)
{
    cnn_epoch_t epoch = {.struct_size = sizeof epoch};

    add_two();
    history->best_epoch = 2;
    ck_assert_uint_eq(cnn_history_epoch_count(history), 2);
    ck_assert_uint_eq(cnn_history_best_epoch(history), 2);
    ck_assert_int_eq(cnn_history_epoch(history, 1, &epoch), CNN_OK);
    ck_assert_uint_eq(epoch.epoch, 2);
    ck_assert(epoch.learning_rate == 0.0005 && isnan(epoch.val_loss));
    ck_assert_int_eq(cnn_history_epoch(history, 2, &epoch), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_history_epoch(history, 0, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_history_epoch(NULL, 0, &epoch), CNN_ERROR_ARGUMENT);
    ck_assert_uint_eq(cnn_history_epoch_count(NULL), 0);
    ck_assert_uint_eq(cnn_history_best_epoch(NULL), 0);
    cnn_history_free(NULL);
}
END_TEST

START_TEST(numbers)
{
    char text[CD_NUMBER_SIZE];

    ck_assert_str_eq(cd_number_text(0.1, text), "0.1");
    ck_assert_str_eq(cd_number_text(-1.7976931348623157e308, text), "-1.7976931348623157e+308");
    ck_assert_str_eq(cd_number_text(0.1 + 0.2, text), "0.30000000000000004");
    ck_assert_str_eq(cd_number_text(NAN, text), "nan");
    ck_assert_str_eq(cd_number_text(-INFINITY, text), "-inf");
    ck_assert_str_eq(cd_number_text_float(0.1f, text), "0.1");
    ck_assert_str_eq(cd_number_text_float(16777215.0f, text), "16777215");
    ck_assert(cd_number_from_bits(cd_number_bits(0.1)) == 0.1);
}
END_TEST

Suite *suite_history(void)
{
    Suite *suite = suite_create("history");
    TCase *tc = tcase_create("history");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, csv);
    tcase_add_test(tc, csv_in_a_locale_with_a_comma);
    tcase_add_test(tc, csv_in_a_locale_with_a_point_of_two_bytes);
    tcase_add_test(tc, exact_text);
    tcase_add_test(tc, damaged_text);
    tcase_add_test(tc, public_side);
    tcase_add_test(tc, numbers);
    suite_add_tcase(suite, tc);
    return suite;
}
