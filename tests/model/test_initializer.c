/* SPDX-License-Identifier: MIT
 *
 * Initial weights: their distributions, seeds, and the same bits for any number of threads. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/context.h"
#include "model/model.h"
#include "support/every_layer.h"
#include "support/model_makers.h"

static cnn_context_t *context;

static void setup(void)
{
    const cnn_context_options_t options = {.struct_size = sizeof options, .threads = 3, .seed = 42};
    ck_assert_int_eq(cnn_context_create(&options, &context), CNN_OK);
}

static void teardown(void)
{
    cnn_context_free(context);
}

/* The expected numbers come from a separate program that follows the definition. */
START_TEST(expected_numbers_of_a_seed)
{
    static const float glorot[3] = {0.0354485133f, 0.1523387995f, 0.2317855628f};
    static const float he[3] = {-0.0079004424f, 0.4417183691f, -0.0463912343f};
    cnn_model_options_t options = {.struct_size = sizeof options, .seed = 42};
    cnn_model_t *model =
        model_of(convolution_graph(context, 3, 4, CNN_INITIALIZER_DEFAULT), &options);

    for (int i = 0; i < 3; i++)
        ck_assert_float_eq_tol(model->weights[i], glorot[i], 1e-7f);
    cnn_model_free(model);
    options.initializer = CNN_INITIALIZER_HE_NORMAL;
    model = model_of(convolution_graph(context, 3, 4, CNN_INITIALIZER_DEFAULT), &options);
    for (int i = 0; i < 3; i++)
        ck_assert_float_eq_tol(model->weights[i], he[i], 1e-6f);
    cnn_model_free(model);
}
END_TEST

struct moments {
    double mean, deviation, largest;
};

static struct moments moments_of(const cnn_model_t *model, const char *name)
{
    const struct cd_param *param = cd_graph_param(model->graph, name);
    struct moments m = {0};
    double squares = 0;

    ck_assert_ptr_nonnull(param);
    const float *values = cd_model_values(model, param);
    for (size_t i = 0; i < param->count; i++) {
        m.mean += values[i];
        squares += (double)values[i] * values[i];
        m.largest = fmax(m.largest, fabs((double)values[i]));
    }
    m.mean /= (double)param->count;
    m.deviation = sqrt(squares / (double)param->count - m.mean * m.mean);
    return m;
}

/* The distribution is uniform between the limits, so its standard deviation is limit / sqrt(3). The
 * test draws 9 * 64 * 200 = 115,200 numbers. */
START_TEST(glorot_uniform)
{
    const double limit = sqrt(6.0 / (9 * 64 + 9 * 200));
    cnn_model_t *model =
        model_of(convolution_graph(context, 64, 200, CNN_INITIALIZER_DEFAULT), NULL);
    const struct moments m = moments_of(model, "conv2d/kernel");

    ck_assert_double_le(m.largest, limit);
    ck_assert_double_ge(m.largest, 0.9999 * limit);
    ck_assert_double_eq_tol(m.mean, 0, limit / 100);
    ck_assert_double_eq_tol(m.deviation, limit / sqrt(3), limit / 100);
    ck_assert_double_eq(moments_of(model, "conv2d/bias").largest, 0);
    cnn_model_free(model);
}
END_TEST

/* A normal distribution truncated at two standard deviations. After truncation its standard
 * deviation is sqrt(2/n). */
START_TEST(he_normal)
{
    const double deviation = sqrt(2.0 / (9 * 64));
    const double cut = 2 * deviation / 0.87962566103423978;
    cnn_model_t *model =
        model_of(convolution_graph(context, 64, 200, CNN_INITIALIZER_HE_NORMAL), NULL);
    const struct moments m = moments_of(model, "conv2d/kernel");

    ck_assert_double_le(m.largest, cut * (1 + 1e-6));
    ck_assert_double_ge(m.largest, 0.999 * cut);
    ck_assert_double_eq_tol(m.mean, 0, deviation / 50);
    ck_assert_double_eq_tol(m.deviation, deviation, deviation / 100);
    cnn_model_free(model);
}
END_TEST

/* A layer without an initializer uses the model's. */
START_TEST(layer_or_model_initializer)
{
    const cnn_model_options_t he = {.struct_size = sizeof he,
                                    .initializer = CNN_INITIALIZER_HE_NORMAL};
    const double limit = sqrt(6.0 / (9 * 64 + 9 * 200));
    cnn_model_t *model =
        model_of(convolution_graph(context, 64, 200, CNN_INITIALIZER_GLOROT_UNIFORM), &he);

    ck_assert_double_le(moments_of(model, "conv2d/kernel").largest, limit);
    cnn_model_free(model);
    model = model_of(convolution_graph(context, 64, 200, CNN_INITIALIZER_DEFAULT), &he);
    ck_assert_double_ge(moments_of(model, "conv2d/kernel").largest, limit);
    cnn_model_free(model);
}
END_TEST

START_TEST(seeds)
{
    cnn_model_options_t options = {.struct_size = sizeof options};
    cnn_model_t *by_context = model_of(preset_graph(context, "mlp", 20, 20, 1), &options);
    options.seed = 42;
    cnn_model_t *same = model_of(preset_graph(context, "mlp", 20, 20, 1), &options);
    options.seed = 43;
    cnn_model_t *other = model_of(preset_graph(context, "mlp", 20, 20, 1), &options);
    const size_t bytes = same->graph->trainable_size * sizeof(float);

    ck_assert_mem_eq(by_context->weights, same->weights, bytes);
    ck_assert_mem_ne(same->weights, other->weights, bytes);
    cnn_model_free(by_context);
    cnn_model_free(same);
    cnn_model_free(other);
}
END_TEST

START_TEST(any_number_of_threads)
{
    const cnn_model_options_t he = {
        .struct_size = sizeof he, .seed = 9, .initializer = CNN_INITIALIZER_HE_NORMAL};
    cnn_model_t *models[3];
    const uint32_t threads[3] = {1, 2, 7};

    for (int i = 0; i < 3; i++) {
        const cnn_context_options_t options = {.struct_size = sizeof options,
                                               .threads = threads[i]};
        cnn_context_t *own;
        cnn_graph_t *graph;
        ck_assert_int_eq(cnn_context_create(&options, &own), CNN_OK);
        ck_assert_int_eq(cnn_graph_create_preset(own, "mlp", 20, 20, 1, &graph), CNN_OK);
        models[i] = model_of(graph, &he);
        cnn_context_free(own);
    }
    for (int i = 1; i < 3; i++)
        ck_assert_mem_eq(models[0]->weights, models[i]->weights,
                         models[0]->graph->trainable_size * sizeof(float));
    for (int i = 0; i < 3; i++)
        cnn_model_free(models[i]);
}
END_TEST

START_TEST(batch_norm_begins_as_identity)
{
    cnn_model_t *model = model_of(every_layer_graph(context), NULL);
    float values[4];
    static const struct {
        const char *name;
        float value;
    } expected[] = {{"batch_norm/gamma", 1},
                    {"batch_norm/beta", 0},
                    {"batch_norm/moving_mean", 0},
                    {"batch_norm/moving_variance", 1}};

    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(cnn_model_parameter_values(model, expected[i].name, 4, values), CNN_OK);
        for (int c = 0; c < 4; c++)
            ck_assert(values[c] == expected[i].value);
    }
    cnn_model_free(model);
}
END_TEST

Suite *suite_initializer(void)
{
    Suite *suite = suite_create("initializer");
    TCase *tests = tcase_create("initializer");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, expected_numbers_of_a_seed);
    tcase_add_test(tests, glorot_uniform);
    tcase_add_test(tests, he_normal);
    tcase_add_test(tests, layer_or_model_initializer);
    tcase_add_test(tests, seeds);
    tcase_add_test(tests, any_number_of_threads);
    tcase_add_test(tests, batch_norm_begins_as_identity);
    suite_add_tcase(suite, tests);
    return suite;
}
