/* SPDX-License-Identifier: MIT
 *
 * The built-in model: the same outputs with all kernels, correct classes for real photos, and
 * errors for damaged or missing bytes. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/builtin.h"
#include "model/builtin_answers.h"
#include "support/builtin_pictures.h"
#include "support/failing_allocator.h"
#include "support/kernel_tables.h"
#include "support/photo_folder.h"
#include "support/photos.h"

/* Numbers of photos in "originals", a cat and a dog each. The model was not trained on them
 * (docs/reference/model-card.md). At least RIGHT of the 20 photos must be predicted correctly. */
static const int photos[] = {4, 13, 22, 31, 40, 49, 58, 67, 76, 85};
enum { PHOTOS = sizeof photos / sizeof *photos, RIGHT = 19 };

/* Kernels round differently in the last digits of a probability. */
#define TOLERANCE 1e-4

static cnn_context_t *context;

static void setup(void)
{
    ck_assert_int_eq(cnn_context_create(NULL, &context), CNN_OK);
}

static void teardown(void)
{
    cnn_context_free(context);
}

static int built_without(const char *test)
{
    if (cd_builtin().bytes)
        return 0;
    printf("skipped: %s (built with BUILTIN=no)\n", test);
    fflush(stdout);
    return 1;
}

START_TEST(the_same_with_all_kernels)
{
    const cnn_context_options_t options = {.struct_size = sizeof options,
                                           .kernels = kernel_table(_i)->name};
    cnn_context_t *own;
    cnn_model_t *model;
    cnn_session_t *session;

    if (built_without("builtin: the same with all kernels"))
        return;
    ck_assert_uint_eq(sizeof builtin_answers / sizeof *builtin_answers, BUILTIN_PICTURES);
    ck_assert_int_eq(cnn_context_create(&options, &own), CNN_OK);
    ck_assert_int_eq(cnn_model_load_builtin(own, &model), CNN_OK);
    ck_assert_int_eq(cnn_session_create(model, NULL, &session), CNN_OK);
    for (size_t i = 0; i < BUILTIN_PICTURES; i++)
        ck_assert_double_eq_tol(builtin_picture_answer(session, i), builtin_answers[i], TOLERANCE);
    cnn_session_free(session);
    cnn_model_free(model);
    cnn_context_free(own);
}
END_TEST

START_TEST(tells_cats_from_dogs)
{
    static const char *const classes[2] = {"dog", "cat"};
    const char *folder = photos_folder("originals", "builtin: tells cats from dogs");
    cnn_model_t *model;
    cnn_session_t *session;
    char path[5000];
    int right = 0;

    if (!folder || built_without("builtin: tells cats from dogs"))
        return;
    ck_assert_int_eq(cnn_model_load_builtin(context, &model), CNN_OK);
    ck_assert_uint_eq(cnn_model_class_count(model), 2);
    for (size_t c = 0; c < 2; c++)
        ck_assert_str_eq(cnn_model_class_name(model, c), classes[c]);
    ck_assert_int_eq(cnn_session_create(model, NULL, &session), CNN_OK);
    for (size_t i = 0; i < PHOTOS; i++)
        for (size_t c = 0; c < 2; c++) {
            cnn_prediction_t prediction = {.struct_size = sizeof prediction};
            snprintf(path, sizeof path, "%s/%ss/%s.%d.jpg", folder, classes[c], classes[c],
                     photos[i]);
            ck_assert_int_eq(cnn_session_predict_file(session, path, &prediction), CNN_OK);
            right += prediction.label == c;
        }
    ck_assert_int_ge(right, RIGHT);
    cnn_session_free(session);
    cnn_model_free(model);
}
END_TEST

/* The bytes lie in read-only memory, which all processes share. Some linkers put it in the segment
 * of the code. */
START_TEST(bytes_are_read_only)
{
    const uintptr_t at = (uintptr_t)cd_builtin().bytes;
    unsigned long long first, last;
    char line[512], rights[8] = "";
    FILE *maps = fopen("/proc/self/maps", "r");

    if (!maps || built_without("builtin: bytes are read-only"))
        return;
    while (fgets(line, sizeof line, maps))
        if (sscanf(line, "%llx-%llx %7s", &first, &last, rights) == 3 && at >= first && at < last)
            break;
    fclose(maps);
    ck_assert_int_eq(strncmp(rights, "r-", 2), 0);
    ck_assert_int_eq(rights[3], 'p');
    ck_assert_uint_eq(at % 64, 0);
}
END_TEST

/* Loads from a block of exactly size bytes, so that AddressSanitizer reports any read beyond it. */
static cnn_status_t load_bytes(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    const struct cd_builtin builtin = {.bytes = copy, .size = size};
    cnn_model_t *model;

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, size);
    cnn_status_t rc = cd_builtin_load(context, &builtin, &model);
    ck_assert_int_eq(rc == CNN_OK, model != NULL);
    cnn_model_free(model);
    free(copy);
    return rc;
}

static void check_damaged(const uint8_t *bytes, size_t size)
{
    ck_assert_int_eq(load_bytes(bytes, size), CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "the built-in model: "));
}

START_TEST(damaged_bytes)
{
    const struct cd_builtin builtin = cd_builtin();
    const size_t size = builtin.size;

    if (built_without("builtin: damaged bytes"))
        return;
    uint8_t *bytes = malloc(size + 1);
    ck_assert_ptr_nonnull(bytes);
    memcpy(bytes, builtin.bytes, size);
    bytes[size] = 0;
    ck_assert_int_eq(load_bytes(bytes, size), CNN_OK);
    for (size_t keep = 0; keep < size; keep += 1 + size / 50)
        check_damaged(bytes, keep);
    check_damaged(bytes, size - 1);
    check_damaged(bytes, size + 1);
    bytes[8] ^= 1; /* the first brace of the header */
    check_damaged(bytes, size);
    bytes[8] ^= 1;
    bytes[size - 1] = 0x7f; /* the last value becomes NaN in either precision */
    bytes[size - 2] = 0xff;
    check_damaged(bytes, size);
    free(bytes);
}
END_TEST

/* A build with BUILTIN=no reads the installed file. */
START_TEST(from_a_file)
{
    struct cd_builtin builtin = cd_builtin();
    struct photo_folder folder;
    cnn_model_t *model;

    folder_make(&folder);
    const char *path = folder_path(&folder, "catdog.safetensors");
    const struct cd_builtin by_path = {.path = path};
    ck_assert_int_eq(cd_builtin_load(context, &by_path, &model), CNN_ERROR_UNSUPPORTED);
    ck_assert_ptr_null(model);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "built without a model"));
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), path));

    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    fputs("no model", file);
    fclose(file);
    ck_assert_int_eq(cd_builtin_load(context, &by_path, &model), CNN_ERROR_MODEL_FILE);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), path));

    if (builtin.bytes) {
        file = fopen(path, "wb");
        ck_assert_ptr_nonnull(file);
        ck_assert_uint_eq(fwrite(builtin.bytes, 1, builtin.size, file), builtin.size);
        fclose(file);
        ck_assert_int_eq(cd_builtin_load(context, &by_path, &model), CNN_OK);
        cnn_model_free(model);
    }
    folder_remove(&folder);
}
END_TEST

START_TEST(wrong_arguments)
{
    cnn_model_t *model = (cnn_model_t *)(void *)&model;

    ck_assert_int_eq(cnn_model_load_builtin(NULL, &model), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_null(model);
    ck_assert_int_eq(cnn_model_load_builtin(context, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "cnn_model_load_builtin"));
}
END_TEST

START_TEST(without_memory)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 1);
    int failed = 1;

    if (built_without("builtin: without memory"))
        failed = 0;
    for (size_t n = 1; failed; n++) {
        cnn_model_t *model;
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = cnn_model_load_builtin(own, &model);
        failed = failing_allocator_failed(&allocator);
        ck_assert_int_eq(rc, failed ? CNN_ERROR_MEMORY : CNN_OK);
        cnn_model_free(model);
    }
    cnn_context_free(own);
    ck_assert_uint_eq(allocator.live, 0);
}
END_TEST

Suite *suite_builtin(void)
{
    Suite *suite = suite_create("builtin");
    TCase *tests = tcase_create("builtin");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, the_same_with_all_kernels, 0, kernel_table_count());
    tcase_add_test(tests, tells_cats_from_dogs);
    tcase_add_test(tests, bytes_are_read_only);
    tcase_add_test(tests, damaged_bytes);
    tcase_add_test(tests, from_a_file);
    tcase_add_test(tests, wrong_arguments);
    tcase_add_test(tests, without_memory);
    suite_add_tcase(suite, tests);
    return suite;
}
