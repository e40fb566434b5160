/* SPDX-License-Identifier: MIT
 *
 * The arguments of cnn_model_train: what it refuses, and that it does so before it loads photos. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "support/from_pixels.h"
#include "support/photo_folder.h"
#include "support/toy_fit.h"

static void refused(cnn_train_options_t options, cnn_status_t status, const char *says)
{
    cnn_history_t *none = (cnn_history_t *)&options;
    ck_assert_int_eq(cnn_model_train(toy.model, toy.training, NULL, &options, &none), status);
    ck_assert_ptr_null(none);
    ck_assert_msg(strstr(cnn_error_message(), says) != NULL, "\"%s\" does not say \"%s\"",
                  cnn_error_message(), says);
}

#define REFUSED(field, value, status, says)                                                        \
    do {                                                                                           \
        cnn_train_options_t wrong = toy_fit_options(1);                                            \
        wrong.field = value;                                                                       \
        refused(wrong, status, says);                                                              \
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
    ck_assert_int_eq(cnn_model_train(NULL, toy.training, NULL, NULL, &toy.history), argument);
    ck_assert_int_eq(cnn_model_train(toy.model, NULL, NULL, NULL, &toy.history), argument);
}
END_TEST

START_TEST(wrong_classes)
{
    static const char *const others[] = {"left", "Wright"}, *const capitals[] = {"LEFT", "Right"};
    static const uint8_t pixels[2 * TOY_PIXELS];
    static const uint32_t labels[] = {0, 1};
    const cnn_train_options_t options = toy_fit_options(1);
    cnn_dataset_t *three = toy_data(toy.context, 6, 3, 1), *named, *same;

    ck_assert_int_eq(cnn_model_train(toy.model, three, NULL, &options, NULL), CNN_ERROR_DATA);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "the model has 2 classes"));
    ck_assert_int_eq(
        from_pixels(toy.context, pixels, labels, 2, TOY_HEIGHT, TOY_WIDTH, others, 2, &named),
        CNN_OK);
    ck_assert_int_eq(cnn_model_train(toy.model, toy.training, named, &options, NULL),
                     CNN_ERROR_DATA);
    ck_assert_str_eq(cnn_error_message(),
                     "class 1 is \"right\" in the model and \"Wright\" in the data");
    ck_assert_int_eq(
        from_pixels(toy.context, pixels, labels, 2, TOY_HEIGHT, TOY_WIDTH, capitals, 2, &same),
        CNN_OK);
    ck_assert_int_eq(cnn_model_train(toy.model, toy.training, same, &options, NULL), CNN_OK);
    cnn_dataset_free(three);
    cnn_dataset_free(named);
    cnn_dataset_free(same);
}
END_TEST

/* Faults of the call are reported before the photos are loaded, which fails here. */
START_TEST(faults_before_loading)
{
    static const char *const names[] = {"left", "right"};
    const cnn_dataset_open_options_t named = {
        .struct_size = sizeof named, .strict = 1, .classes = names, .n_classes = 2};
    cnn_train_options_t options = toy_fit_options(1);
    struct photo_folder folder;
    cnn_dataset_t *files, *three = toy_data(toy.context, 6, 3, 1);

    folder_make(&folder);
    folder_touch(&folder, "left.0.jpg");
    folder_touch(&folder, "right.0.jpg");
    ck_assert_int_eq(cnn_dataset_open(toy.context, folder.path, &named, &files), CNN_OK);
    ck_assert_int_eq(cnn_model_train(toy.model, files, three, &options, NULL), CNN_ERROR_DATA);
    options.patience = 1;
    ck_assert_int_eq(cnn_model_train(toy.model, files, NULL, &options, NULL), CNN_ERROR_ARGUMENT);
    options = toy_fit_options(1);
    options.loss = CNN_LOSS_CROSS_ENTROPY;
    ck_assert_int_eq(cnn_model_train(toy.model, files, NULL, &options, NULL), CNN_ERROR_ARGUMENT);
    options.loss = CNN_LOSS_MSE;
    ck_assert_int_eq(cnn_model_train(toy.model, files, NULL, &options, NULL), CNN_ERROR_IMAGE);
    cnn_dataset_free(files);
    cnn_dataset_free(three);
    folder_remove(&folder);
}
END_TEST

/* Images of another size are resized to the network's input. */
START_TEST(data_of_another_size)
{
    static const char *const names[] = {"left", "right"};
    static uint8_t pixels[2][24 * 20 * 3];
    static const uint32_t labels[] = {0, 1};
    const cnn_train_options_t options = toy_fit_options(1);
    cnn_dataset_t *large;
    cnn_sample_t sample = {.struct_size = sizeof sample};

    memset(pixels[1], 200, sizeof pixels[1]);
    ck_assert_int_eq(from_pixels(toy.context, &pixels[0][0], labels, 2, 24, 20, names, 2, &large),
                     CNN_OK);
    ck_assert_int_eq(cnn_model_train(toy.model, large, toy.validation, &options, &toy.history),
                     CNN_OK);
    ck_assert_int_eq(cnn_dataset_sample(large, 1, &sample), CNN_OK);
    for (size_t i = 0; i < TOY_PIXELS; i++)
        ck_assert_uint_eq(sample.pixels[i], 200);
    cnn_dataset_free(large);
}
END_TEST

Suite *suite_training_arguments(void)
{
    Suite *suite = suite_create("training_arguments");
    TCase *tc = tcase_create("training_arguments");

    tcase_add_checked_fixture(tc, toy_fit_setup, toy_fit_teardown);
    tcase_add_test(tc, wrong_options);
    tcase_add_test(tc, wrong_classes);
    tcase_add_test(tc, faults_before_loading);
    tcase_add_test(tc, data_of_another_size);
    suite_add_tcase(suite, tc);
    return suite;
}
