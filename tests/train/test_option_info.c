/* SPDX-License-Identifier: MIT
 *
 * The public enumeration of training options: what it says about each option holds in
 * cnn_train_option_set and in a training. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/comma_locale.h"
#include "support/toy_fit.h"
#include "train/train_values.h"

static cnn_train_option_info_t info_at(size_t index)
{
    cnn_train_option_info_t info = {.struct_size = sizeof info};

    ck_assert_int_eq(cnn_train_option(index, &info), CNN_OK);
    return info;
}

static cnn_train_option_info_t info_of(const char *name)
{
    for (size_t i = 0; i < cnn_train_option_count(); i++)
        if (strcmp(info_at(i).name, name) == 0)
            return info_at(i);
    ck_abort_msg("there is no option %s", name);
}

START_TEST(every_option_is_described)
{
    for (size_t i = 0; i < cnn_train_option_count(); i++) {
        const cnn_train_option_info_t info = info_at(i);
        ck_assert_str_ne(info.name, "");
        ck_assert_str_ne(info.description, "");
        ck_assert_ptr_null(strchr(info.description, '\n'));
        ck_assert(info.description[strlen(info.description) - 1] != '.');
        ck_assert_ptr_nonnull(info.unit);
        ck_assert(info.minimum <= info.maximum);
        ck_assert(info.default_value == 0 ||
                  (info.default_value >= info.minimum && info.default_value <= info.maximum));
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(info.name, info_at(j).name);
    }
}
END_TEST

START_TEST(what_some_options_are)
{
    const cnn_train_option_info_t epochs = info_of("epochs"), momentum = info_of("momentum"),
                                  hue = info_of("hue"), schedule = info_of("schedule"),
                                  mirror = info_of("mirror"), rate = info_of("learning_rate");

    ck_assert(epochs.kind == CNN_OPTION_INTEGER && epochs.minimum == 1 &&
              epochs.default_value == 10);
    ck_assert(epochs.has_preset && !hue.has_preset);
    ck_assert(momentum.kind == CNN_OPTION_REAL && momentum.minimum == 0);
    ck_assert(momentum.maximum == (double)nextafterf(1, 0));
    ck_assert(rate.minimum == (double)nextafterf(0, 1) && rate.default_value == 0.001);
    ck_assert(hue.maximum == 180);
    ck_assert_str_eq(hue.unit, "degrees");
    ck_assert(schedule.kind == CNN_OPTION_CHOICE && schedule.maximum == 2);
    ck_assert(mirror.kind == CNN_OPTION_SWITCH);
}
END_TEST

START_TEST(choices_by_number)
{
    size_t schedule = 0;

    while (strcmp(info_at(schedule).name, "schedule") != 0)
        schedule++;
    ck_assert_str_eq(cnn_train_option_choice(schedule, 0), "constant");
    ck_assert_str_eq(cnn_train_option_choice(schedule, 1), "step");
    ck_assert_str_eq(cnn_train_option_choice(schedule, 2), "cosine");
    ck_assert_ptr_null(cnn_train_option_choice(schedule, 3));
    ck_assert_ptr_null(cnn_train_option_choice(0, 0)); /* option 0 is epochs */
    ck_assert_ptr_null(cnn_train_option_choice(cnn_train_option_count(), 0));
    ck_assert_int_eq(cnn_train_option(cnn_train_option_count(), NULL), CNN_ERROR_ARGUMENT);
}
END_TEST

/* Sets an option to a value that complete options may have. */
static void put(cnn_train_options_t *options, const char *name, double value)
{
    const struct cd_train_field *field = cd_train_field_find(name);
    const float real = (float)value;
    const uint32_t whole = (uint32_t)value;

    if (field->kind == CD_VALUE_FLOAT)
        memcpy((char *)options + field->offset, &real, sizeof real);
    else
        memcpy((char *)options + field->offset, &whole, sizeof whole);
}

/* A training accepts both bounds and nothing beyond them. */
START_TEST(bounds_are_those_of_a_training)
{
    for (size_t i = 0; i < cnn_train_option_count(); i++) {
        const cnn_train_option_info_t info = info_at(i);
        const struct cd_train_field *field = cd_train_field_find(info.name);
        const float low = (float)info.minimum, high = (float)info.maximum;
        cnn_train_options_t options = {.struct_size = sizeof options};
        if (info.kind != CNN_OPTION_REAL)
            continue;
        put(&options, info.name, (double)low);
        ck_assert_int_eq(cd_train_value_check(field, &options), CNN_OK);
        put(&options, info.name, (double)high);
        ck_assert_int_eq(cd_train_value_check(field, &options), CNN_OK);
        put(&options, info.name, (double)nextafterf(low, -INFINITY));
        ck_assert_int_eq(cd_train_value_check(field, &options), CNN_ERROR_ARGUMENT);
        put(&options, info.name, (double)nextafterf(high, INFINITY));
        ck_assert_int_eq(cd_train_value_check(field, &options), CNN_ERROR_ARGUMENT);
    }
}
END_TEST

static void check_set(const char *name, const char *value, const char *kept)
{
    cnn_train_options_t options = {.struct_size = sizeof options};
    char text[CD_NUMBER_SIZE];

    ck_assert_int_eq(cnn_train_option_set(&options, name, value), CNN_OK);
    ck_assert_str_eq(cd_train_value_text(cd_train_field_find(name), &options, text), kept);
}

START_TEST(set_by_name)
{
    check_set("epochs", "30", "30");
    check_set("epochs", "3e1", "30");
    check_set("learning_rate", "0.0005", "0.0005");
    check_set("loss", "cross_entropy", "cross_entropy");
    check_set("optimizer", "sgd", "sgd");
    check_set("schedule", "cosine", "cosine");
    check_set("mirror", "true", "true");
    check_set("patience", "0", "0");
    check_set("seed", "9007199254740992", "9007199254740992");
    check_set("weight_decay", "0", "-1"); /* "off", which 0 does not mean before completion */
    check_set("warmup_epochs", "0", "-1");
}
END_TEST

static void check_refused(const char *name, const char *value, const char *says)
{
    const cnn_train_options_t before = {.struct_size = sizeof before, .epochs = 3};
    cnn_train_options_t options = before;

    ck_assert_int_eq(cnn_train_option_set(&options, name, value), CNN_ERROR_ARGUMENT);
    ck_assert_msg(strstr(cnn_error_message(), says) != NULL, "\"%s\" does not say \"%s\"",
                  cnn_error_message(), says);
    ck_assert_int_eq(memcmp(&before, &options, sizeof before), 0);
}

START_TEST(set_in_other_locales)
{
    static const char *const locales[] = {"de_DE", "ps_AF"};
    struct photo_folder folder;

    folder_make(&folder);
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        comma_locale_enter(&folder, locales[i]);
        check_set("learning_rate", "0.25", "0.25");
        check_refused("learning_rate", "0,25", "learning_rate must be");
        comma_locale_leave();
    }
    folder_remove(&folder);
}
END_TEST

START_TEST(refused_values)
{
    check_refused("epochs", "0", "epochs must be a whole number, at least 1");
    check_refused("epochs", "2.5", "epochs must be");
    check_refused("epochs", "4294967296", "epochs must be");
    check_refused("epochs", "", "epochs must be");
    check_refused("epochs", " 3", "epochs must be");
    check_refused("epochs", "3 ", "epochs must be");
    check_refused("epochs", "0x10", "epochs must be");
    check_refused("learning_rate", "0", "learning_rate must be above 0 and finite");
    check_refused("learning_rate", "nan", "learning_rate must be");
    check_refused("learning_rate", "inf", "learning_rate must be");
    check_refused("learning_rate", "1e39", "learning_rate must be");
    check_refused("learning_rate", "0,1", "learning_rate must be");
    check_refused("beta1", "1", "beta1 must be above 0 and below 1");
    check_refused("beta1", "0.99999999999", "beta1 must be"); /* rounds to 1 as a float */
    check_refused("momentum", "1", "momentum must be at least 0 and below 1");
    check_refused("rotation", "181", "rotation must be from 0 to 180");
    check_refused("mirror", "yes", "mirror must be true or false");
    check_refused("loss", "mae", "loss must be mse, binary_cross_entropy or cross_entropy");
    check_refused("seed", "-1", "seed must be");
    check_refused("colour", "1", "no training option \"colour\"");
}
END_TEST

START_TEST(refused_arguments)
{
    cnn_train_options_t options = {.struct_size = sizeof options}, unset = {.epochs = 3};

    ck_assert_int_eq(cnn_train_option_set(NULL, "epochs", "3"), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_train_option_set(&options, NULL, "3"), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_train_option_set(&options, "epochs", NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_train_option_set(&unset, "epochs", "4"), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "struct_size"));
    ck_assert_uint_eq(unset.epochs, 3);
}
END_TEST

START_TEST(a_training_uses_what_was_set)
{
    cnn_train_options_t options = toy_fit_options(9);

    ck_assert_int_eq(cnn_train_option_set(&options, "epochs", "2"), CNN_OK);
    ck_assert_int_eq(cnn_train_option_set(&options, "optimizer", "sgd"), CNN_OK);
    ck_assert_int_eq(toy_fit_run(&options, NULL), CNN_OK);
    ck_assert_uint_eq(cnn_history_epoch_count(toy.history), 2);
    ck_assert_ptr_nonnull(
        strstr(cnn_model_metadata(toy.model, "training"), "\"optimizer\": \"sgd\""));
}
END_TEST

Suite *suite_option_info(void)
{
    Suite *suite = suite_create("option_info");
    TCase *tc = tcase_create("option_info"), *training = tcase_create("training");

    tcase_add_test(tc, every_option_is_described);
    tcase_add_test(tc, what_some_options_are);
    tcase_add_test(tc, choices_by_number);
    tcase_add_test(tc, bounds_are_those_of_a_training);
    tcase_add_test(tc, set_by_name);
    tcase_add_test(tc, set_in_other_locales);
    tcase_add_test(tc, refused_values);
    tcase_add_test(tc, refused_arguments);
    suite_add_tcase(suite, tc);
    tcase_add_checked_fixture(training, toy_fit_setup, toy_fit_teardown);
    tcase_add_test(training, a_training_uses_what_was_set);
    suite_add_tcase(suite, training);
    return suite;
}
