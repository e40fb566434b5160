/* SPDX-License-Identifier: MIT
 *
 * Model files: loading gives back the model that was saved. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/file.h"
#include "core/memory.h"
#include "model/model_file.h"
#include "support/comma_locale.h"
#include "support/every_layer.h"
#include "support/failing_allocator.h"
#include "support/model_makers.h"
#include "support/photo_folder.h"

static struct photo_folder folder;
static cnn_context_t *context;

static void setup(void)
{
    ck_assert_int_eq(cnn_context_create(NULL, &context), CNN_OK);
    folder_make(&folder);
}

static void teardown(void)
{
    folder_remove(&folder);
    cnn_context_free(context);
}

/* A model without defaults: every option is set, and all values differ. */
static cnn_model_t *full_model(cnn_context_t *owner)
{
    static const char *const classes[] = {"dog", "c\xc3\xa4t", "other \"thing\""};
    const cnn_preprocess_t preprocess = {.struct_size = sizeof preprocess,
                                         .fit = CNN_FIT_LETTERBOX,
                                         .decode = CNN_DECODE_SCALED,
                                         .pad = {1, 2, 255},
                                         .mean = {0.1f, 0.485f, 1.0f / 3},
                                         .std = {0.229f, 1e-3f, 7}};
    const cnn_model_options_t options = {.struct_size = sizeof options,
                                         .classes = classes,
                                         .n_classes = 3,
                                         .preprocess = &preprocess,
                                         .seed = 5};
    cnn_graph_t *graph = every_layer_graph(owner);
    cnn_model_t *model;

    ck_assert_int_eq(cnn_model_create(graph, &options, &model), CNN_OK);
    cnn_graph_free(graph);
    for (size_t i = 0; i < model->graph->n_params; i++)
        for (size_t k = 0; k < model->graph->params[i].count; k++)
            cd_model_values(model, &model->graph->params[i])[k] += (float)k * 0.37f + (float)i;
    ck_assert_int_eq(cnn_model_set_metadata(model, "training", "{\"epochs\": 10}"), CNN_OK);
    ck_assert_int_eq(cnn_model_set_metadata(model, "A.b-c_9", ""), CNN_OK);
    return model;
}

static void check_same_graph(const cnn_graph_t *a, const cnn_graph_t *b)
{
    char *first, *second;

    ck_assert_int_eq(cd_graph_to_json(a, &first), CNN_OK);
    ck_assert_int_eq(cd_graph_to_json(b, &second), CNN_OK);
    ck_assert_str_eq(first, second);
    cd_free(a->context, first);
    cd_free(b->context, second);
    ck_assert_uint_eq(a->n_nodes, b->n_nodes);
    for (size_t i = 0; i < a->n_nodes; i++) {
        struct cd_node one = a->nodes[i], two = b->nodes[i];
        ck_assert_str_eq(one.name, two.name);
        ck_assert_mem_eq(&one.shape, &two.shape, sizeof one.shape);
        ck_assert_mem_eq(&one.window, &two.window, sizeof one.window);
        ck_assert(one.type == two.type && one.bias == two.bias);
        ck_assert(one.activation == two.activation && one.alpha == two.alpha);
        ck_assert(one.rate == two.rate && one.momentum == two.momentum);
        ck_assert(one.epsilon == two.epsilon && one.initializer == two.initializer);
        ck_assert_mem_eq(one.inputs, two.inputs, sizeof one.inputs);
    }
    ck_assert_str_eq(a->preset, b->preset);
}

static void check_same(const cnn_model_t *a, const cnn_model_t *b)
{
    check_same_graph(a->graph, b->graph);
    check_same_values(a, b);
    ck_assert_uint_eq(a->n_classes, b->n_classes);
    for (size_t i = 0; i < a->n_classes; i++)
        ck_assert_str_eq(cnn_model_class_name(a, i), cnn_model_class_name(b, i));
    ck_assert_mem_eq(&a->preprocess, &b->preprocess, sizeof a->preprocess);
    ck_assert_uint_eq(a->metadata.n, b->metadata.n);
    for (size_t i = 0; i < a->metadata.n; i++)
        ck_assert_str_eq(cnn_model_metadata(b, a->metadata.entries[i].key),
                         a->metadata.entries[i].value);
}

static uint8_t *file_bytes(const char *name, size_t *size)
{
    uint8_t *bytes;
    ck_assert_int_eq(
        cd_file_read(context, folder_path(&folder, name), UINT64_MAX, CNN_ERROR_IO, &bytes, size),
        CNN_OK);
    return bytes;
}

/* Saves, loads and compares a model. Saving it again must give the same bytes. */
static void check_round_trip(const cnn_model_t *model)
{
    cnn_model_t *loaded, *parsed;
    size_t size, size_again;

    ck_assert_int_eq(cnn_model_save(model, folder_path(&folder, "a"), NULL), CNN_OK);
    ck_assert_int_eq(cnn_model_load(context, folder_path(&folder, "a"), &loaded), CNN_OK);
    check_same(model, loaded);
    ck_assert_int_eq(cnn_model_save(loaded, folder_path(&folder, "b"), NULL), CNN_OK);
    uint8_t *bytes = file_bytes("a", &size), *again = file_bytes("b", &size_again);
    ck_assert_uint_eq(size, size_again);
    ck_assert_mem_eq(bytes, again, size);
    ck_assert_int_eq(cnn_model_load_memory(context, bytes, size, &parsed), CNN_OK);
    check_same(model, parsed);
    cd_free(context, bytes);
    cd_free(context, again);
    cnn_model_free(loaded);
    cnn_model_free(parsed);
}

START_TEST(every_layer)
{
    cnn_model_t *model = full_model(context);
    check_round_trip(model);
    cnn_model_free(model);
}
END_TEST

static void check_in_locale(const char *name)
{
    cnn_model_t *model = full_model(context), *loaded;

    ck_assert_int_eq(cnn_model_save(model, folder_path(&folder, "c"), NULL), CNN_OK);
    comma_locale_enter(&folder, name);
    check_round_trip(model);
    ck_assert_int_eq(cnn_model_load(context, folder_path(&folder, "c"), &loaded), CNN_OK);
    comma_locale_leave();
    check_same(model, loaded);
    cnn_model_free(model);
    cnn_model_free(loaded);
}

/* Kernels become the nearest halves; all other values keep their bits. Saving as halves again gives
 * the same file. */
START_TEST(halves)
{
    const cnn_model_save_options_t options = {sizeof options, CNN_PRECISION_HALF};
    cnn_model_t *model = full_model(context), *loaded;
    size_t whole, size, size_again;

    ck_assert_int_eq(cnn_model_save(model, folder_path(&folder, "whole"), NULL), CNN_OK);
    ck_assert_int_eq(cnn_model_save(model, folder_path(&folder, "a"), &options), CNN_OK);
    ck_assert_int_eq(cnn_model_load(context, folder_path(&folder, "a"), &loaded), CNN_OK);
    check_same_graph(model->graph, loaded->graph);
    ck_assert_mem_eq(model->statistics, loaded->statistics,
                     model->graph->statistics_size * sizeof(float));
    for (size_t i = 0; i < model->graph->n_params; i++) {
        const struct cd_param *param = &model->graph->params[i];
        const float *before = cd_model_values(model, param),
                    *after = cd_model_values(loaded, param);
        for (size_t k = 0; k < param->count; k++)
            ck_assert_double_le(fabs((double)after[k] - (double)before[k]),
                                param->rank > 1 ? fabs((double)before[k]) / 2048 : 0);
    }
    ck_assert_int_eq(cnn_model_save(loaded, folder_path(&folder, "b"), &options), CNN_OK);
    uint8_t *bytes = file_bytes("a", &size), *again = file_bytes("b", &size_again);
    ck_assert_uint_eq(size, size_again);
    ck_assert_mem_eq(bytes, again, size);
    cd_free(context, bytes);
    cd_free(context, again);
    cd_free(context, file_bytes("whole", &whole));
    ck_assert_uint_lt(size, whole);
    cnn_model_free(loaded);
    cnn_model_free(model);
}
END_TEST

START_TEST(too_large_for_a_half)
{
    const cnn_model_save_options_t options = {sizeof options, CNN_PRECISION_HALF};
    cnn_model_save_options_t wrong = {sizeof wrong, (cnn_precision_t)2};
    cnn_model_t *model = full_model(context);
    const char *path = folder_path(&folder, "a");
    size_t kernel = 0, vector = 0;

    for (size_t i = 0; i < model->graph->n_params; i++)
        *(model->graph->params[i].rank > 1 ? &kernel : &vector) = i;
    cd_model_values(model, &model->graph->params[vector])[0] = 1e6f; /* stays a float */
    ck_assert_int_eq(cnn_model_save(model, path, &options), CNN_OK);
    ck_assert_int_eq(remove(path), 0);
    cd_model_values(model, &model->graph->params[kernel])[1] = -1e6f;
    ck_assert_int_eq(cnn_model_save(model, path, &options), CNN_ERROR_NAN);
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), path));
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), model->graph->params[kernel].name));
    ck_assert_ptr_nonnull(strstr(cnn_error_message(), "value 1, -1e+06,"));
    ck_assert_int_ne(remove(path), 0);
    ck_assert_int_eq(cnn_model_save(model, path, &wrong), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_save(model, NULL, &options), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_save(NULL, path, &options), CNN_ERROR_ARGUMENT);
    cnn_model_free(model);
}
END_TEST

START_TEST(in_a_locale_with_a_comma)
{
    check_in_locale("de_DE");
}
END_TEST

/* Without the C locale an assertion in jansson would end the process. */
START_TEST(in_a_locale_with_a_point_of_two_bytes)
{
    check_in_locale("ps_AF");
}
END_TEST

START_TEST(presets)
{
    for (size_t i = 0; i < cnn_preset_count(); i++) {
        cnn_preset_info_t info = {.struct_size = sizeof info};
        cnn_graph_t *graph;
        cnn_model_t *model;
        ck_assert_int_eq(cnn_preset_info(i, &info), CNN_OK);
        ck_assert_int_eq(cnn_graph_create_preset(context, info.name, 13, 14, i < 2 ? 1 : 4, &graph),
                         CNN_OK);
        ck_assert_int_eq(cnn_model_create(graph, NULL, &model), CNN_OK);
        cnn_graph_free(graph);
        check_round_trip(model);
        cnn_model_free(model);
    }
}
END_TEST

/* The file of a network that does not see photos has neither classes nor preprocessing. */
START_TEST(bare_network)
{
    const cnn_conv2d_options_t conv = {.struct_size = sizeof conv, .filters = 2};
    cnn_graph_t *graph;
    cnn_model_t *model;
    cnn_node_t node;
    size_t size;

    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 5, 5, 1, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &conv, &node), CNN_OK);
    ck_assert_int_eq(cnn_model_create(graph, NULL, &model), CNN_OK);
    check_round_trip(model);
    uint8_t *bytes = file_bytes("a", &size);
    bytes[size - 1] = '\0';
    ck_assert_ptr_null(strstr((const char *)bytes + 8, "catdog.classes"));
    cd_free(context, bytes);
    cnn_graph_free(graph);
    cnn_model_free(model);
}
END_TEST

/* ---- memory ---- */

START_TEST(load_without_memory)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 1);
    cnn_model_t *original = full_model(context);
    int failed = 1;

    ck_assert_int_eq(cnn_model_save(original, folder_path(&folder, "m"), NULL), CNN_OK);
    for (size_t n = 1; failed; n++) {
        cnn_model_t *model;
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = cnn_model_load(own, folder_path(&folder, "m"), &model);
        failed = failing_allocator_failed(&allocator);
        ck_assert_int_eq(rc, failed ? CNN_ERROR_MEMORY : CNN_OK);
        ck_assert(failed ? model == NULL : model != NULL);
        failing_allocator_set(&allocator, 0);
        if (model)
            check_same(original, model);
        cnn_model_free(model);
    }
    cnn_model_free(original);
    cnn_context_free(own);
    ck_assert_uint_eq(allocator.live, 0);
}
END_TEST

/* A failed save keeps the old file. */
START_TEST(save_without_memory)
{
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 1);
    cnn_model_t *model = full_model(own), *loaded;
    int failed = 1;

    for (size_t n = 1; failed; n++) {
        size_t size;
        folder_file(&folder, "m", "old", 3);
        failing_allocator_set(&allocator, n);
        cnn_status_t rc = cnn_model_save(model, folder_path(&folder, "m"), NULL);
        failed = failing_allocator_failed(&allocator);
        ck_assert_int_eq(rc, failed ? CNN_ERROR_MEMORY : CNN_OK);
        uint8_t *bytes = file_bytes("m", &size);
        ck_assert(!failed || (size == 3 && memcmp(bytes, "old", 3) == 0));
        cd_free(context, bytes);
    }
    failing_allocator_set(&allocator, 0);
    ck_assert_int_eq(cnn_model_load(context, folder_path(&folder, "m"), &loaded), CNN_OK);
    check_same(model, loaded);
    cnn_model_free(loaded);
    cnn_model_free(model);
    cnn_context_free(own);
    ck_assert_uint_eq(allocator.live, 0);
}
END_TEST

/* A failed save removes its temporary file: the folder is empty and can be removed. */
START_TEST(failed_save_leaves_nothing)
{
    cnn_model_t *model = full_model(context);

    ck_assert_int_eq(cnn_model_save(model, folder_path(&folder, "no/such/folder"), NULL),
                     CNN_ERROR_IO);
    folder_sub(&folder, "taken");
    ck_assert_int_eq(cnn_model_save(model, folder_path(&folder, "taken"), NULL), CNN_ERROR_IO);
    ck_assert_int_eq(remove(folder_path(&folder, "taken")), 0);
    ck_assert_int_eq(remove(folder.path), 0);
    folder_make(&folder);
    cnn_model_free(model);
}
END_TEST

Suite *suite_model_file(void)
{
    Suite *suite = suite_create("model_file");
    TCase *tests = tcase_create("model_file");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_layer);
    tcase_add_test(tests, halves);
    tcase_add_test(tests, too_large_for_a_half);
    tcase_add_test(tests, in_a_locale_with_a_comma);
    tcase_add_test(tests, in_a_locale_with_a_point_of_two_bytes);
    tcase_add_test(tests, presets);
    tcase_add_test(tests, bare_network);
    tcase_add_test(tests, load_without_memory);
    tcase_add_test(tests, save_without_memory);
    tcase_add_test(tests, failed_save_leaves_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}
