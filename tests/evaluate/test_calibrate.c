/* SPDX-License-Identifier: MIT
 *
 * Calibration by temperature scaling: datasets whose best temperature is known exactly, results
 * that must not change, and calls that are refused. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <catdog/catdog.h>

#include "support/failing_allocator.h"
#include "support/from_pixels.h"
#include "support/toy.h"

/* Level k of the dataset, from 1, has TIMES samples. All of them light one input only, and a
 * known share of them has each label. So the best logits are the logarithms of the shares, and a
 * network with T times these logits has the best temperature T. */
enum { LEVELS = 9, TIMES = LEVELS + 1, COUNT = LEVELS * TIMES, WIDTH = 20, INPUTS = WIDTH * 3 };

static const char *const names[] = {"a", "b", "c"};
static cnn_context_t *context;

static void setup(void)
{
    context = toy_context(2);
}

static void teardown(void)
{
    cnn_context_free(context);
}

/* The number of samples, of the TIMES samples of a level, that have class c of two or three
 * classes. */
static size_t share(size_t level, size_t classes, size_t c)
{
    if (classes == 2)
        return c ? level : TIMES - level;
    const size_t first = 1 + level % 5, second = 1 + level % 3;
    return c == 0 ? first : c == 1 ? second : TIMES - first - second;
}

static cnn_dataset_t *make_data(cnn_context_t *with, size_t classes)
{
    static uint8_t rgb[COUNT * INPUTS];
    uint32_t labels[COUNT];
    cnn_dataset_t *data;
    size_t n = 0;

    memset(rgb, 0, sizeof rgb);
    for (size_t level = 1; level <= LEVELS; level++)
        for (uint32_t c = 0; c < classes; c++)
            for (size_t i = 0; i < share(level, classes, c); i++) {
                rgb[n * INPUTS + 3 * level] = 255;
                labels[n++] = c;
            }
    ck_assert_uint_eq(n, COUNT);
    ck_assert_int_eq(from_pixels(with, rgb, labels, COUNT, 1, WIDTH, names, classes, &data),
                     CNN_OK);
    return data;
}

/* The end of the network: a dense layer with an activation, a dense layer and an activation layer,
 * and ends that cannot be calibrated. */
enum head { DENSE, NODE, RELU_BETWEEN, POOLED };

static cnn_graph_t *make_graph(cnn_context_t *with, enum head head, uint32_t units,
                               cnn_activation_t activation)
{
    const cnn_dense_options_t dense = {
        .struct_size = sizeof dense,
        .units = units,
        .activation = head == DENSE          ? activation
                      : head == RELU_BETWEEN ? CNN_ACTIVATION_RELU
                                             : CNN_ACTIVATION_NONE};
    const cnn_conv2d_options_t conv = {.struct_size = sizeof conv, .filters = units,
                                       .kernel_height = 1, .activation = activation};
    cnn_graph_t *graph;
    cnn_node_t node;

    ck_assert_int_eq(cnn_graph_create(with, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 1, WIDTH, 3, NULL, &node), CNN_OK);
    if (head == POOLED) {
        ck_assert_int_eq(cnn_graph_add_conv2d(graph, node, &conv, &node), CNN_OK);
        ck_assert_int_eq(cnn_graph_add_global_average_pool2d(graph, node, NULL, &node), CNN_OK);
        return graph;
    }
    ck_assert_int_eq(cnn_graph_add_flatten(graph, node, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    if (head == NODE || head == RELU_BETWEEN)
        ck_assert_int_eq(cnn_graph_add_activation(graph, node, activation, 0, NULL, &node), CNN_OK);
    return graph;
}

static cnn_model_t *make_blank(cnn_context_t *with, enum head head, uint32_t units,
                               cnn_activation_t activation, size_t classes)
{
    const cnn_model_options_t options = {.struct_size = sizeof options, .classes = names,
                                         .n_classes = classes};
    cnn_graph_t *graph = make_graph(with, head, units, activation);
    cnn_model_t *model;

    ck_assert_int_eq(cnn_model_create(graph, &options, &model), CNN_OK);
    cnn_graph_free(graph);
    return model;
}

static void get(const cnn_model_t *model, const char *name, float *values, size_t n)
{
    ck_assert_int_eq(cnn_model_parameter_values(model, name, n, values), CNN_OK);
}

static void set(cnn_model_t *model, const char *name, const float *values, size_t n)
{
    ck_assert_int_eq(cnn_model_set_parameter_values(model, name, values, n), CNN_OK);
}

/* A network with the given best temperature on the dataset. */
static cnn_model_t *make_model(cnn_context_t *with, enum head head, size_t classes,
                               double temperature)
{
    const uint32_t units = classes == 2 ? 1 : (uint32_t)classes;
    cnn_model_t *model = make_blank(
        with, head, units, classes == 2 ? CNN_ACTIVATION_SIGMOID : CNN_ACTIVATION_SOFTMAX, classes);
    float kernel[INPUTS * 3] = {0}, bias[3];

    for (size_t j = 0; j < units; j++)
        bias[j] = 0.25f * (float)(j + 1);
    for (size_t level = 1; level <= LEVELS; level++)
        for (size_t j = 0; j < units; j++) {
            const double best = classes == 2 ? log((double)level / (TIMES - level))
                                             : log((double)share(level, classes, j));
            kernel[3 * level * units + j] = (float)(temperature * best - (double)bias[j]);
        }
    set(model, "dense/kernel", kernel, INPUTS * units);
    set(model, "dense/bias", bias, units);
    return model;
}

static cnn_metrics_t judge(const cnn_model_t *model, cnn_dataset_t *data, int mirror)
{
    const cnn_evaluate_options_t options = {.struct_size = sizeof options, .mirror = mirror};
    cnn_metrics_t metrics = {.struct_size = sizeof metrics};
    cnn_evaluation_t *evaluation;

    ck_assert_int_eq(cnn_model_evaluate(model, data, &options, &evaluation), CNN_OK);
    ck_assert_int_eq(cnn_evaluation_metrics(evaluation, &metrics), CNN_OK);
    cnn_evaluation_free(evaluation);
    return metrics;
}

static const struct {
    enum head head;
    size_t classes;
    double temperature;
} known[] = {{DENSE, 2, 2},   {DENSE, 2, 1},    {DENSE, 2, 0.3},   {NODE, 2, 1.7},
             {DENSE, 3, 2.5}, {DENSE, 3, 0.05}, {NODE, 3, 1.25},
             /* for a logit of 88, 1 - p rounds to 0 */
             {DENSE, 2, 40}};

START_TEST(finds_the_temperature)
{
    const double expected = known[_i].temperature;
    const int clipped = expected > 5; /* the evaluation clips probabilities, calibration does not */
    cnn_dataset_t *data = make_data(context, known[_i].classes);
    cnn_model_t *model = make_model(context, known[_i].head, known[_i].classes, expected);
    cnn_calibration_t got = {.struct_size = sizeof got};

    const cnn_metrics_t before = judge(model, data, 0);
    ck_assert_int_eq(cnn_model_calibrate(model, data, NULL, &got), CNN_OK);
    const cnn_metrics_t after = judge(model, data, 0);
    ck_assert_double_eq_tol(got.temperature / expected, 1, 1e-5);
    ck_assert_uint_eq(got.n_samples, COUNT);
    if (!clipped)
        ck_assert_double_eq_tol(got.cross_entropy_before, before.binary_cross_entropy, 1e-5);
    ck_assert_double_eq_tol(got.cross_entropy_after, after.binary_cross_entropy, 1e-5);
    ck_assert_double_le(got.cross_entropy_after, got.cross_entropy_before);
    ck_assert_double_eq_tol(got.calibration_error_before, before.calibration_error, 1e-5);
    ck_assert_double_eq_tol(got.calibration_error_after, after.calibration_error, 1e-5);
    ck_assert(after.accuracy == before.accuracy);
    if (known[_i].classes == 2) { /* the accuracy of each level equals its confidence */
        ck_assert_double_lt(got.calibration_error_after, 1e-5);
        ck_assert(expected == 1 || got.calibration_error_before > 0.05);
    }
    ck_assert_int_eq(cnn_model_calibrate(model, data, NULL, &got), CNN_OK);
    ck_assert_double_eq_tol(got.temperature, 1, 1e-5);
    cnn_model_free(model);
    cnn_dataset_free(data);
}
END_TEST

START_TEST(keeps_what_it_did)
{
    cnn_dataset_t *data = make_data(context, 2);
    cnn_model_t *model = make_model(context, DENSE, 2, 2), *again;
    cnn_calibration_t got = {.struct_size = sizeof got};
    float kernel[INPUTS], bias;
    const float y = 1 / (1 + 1 / 9.0f); /* level 9, calibrated */
    float x[INPUTS] = {0}, p;
    cnn_session_t *session;

    x[3 * 9] = 1;
    ck_assert_int_eq(cnn_session_create(model, NULL, &session), CNN_OK);
    ck_assert_int_eq(cnn_session_run(session, x, 1, &p), CNN_OK);
    ck_assert_float_gt(p, 0.98f);
    ck_assert_int_eq(cnn_model_calibrate(model, data, NULL, &got), CNN_OK);
    ck_assert_int_eq(cnn_session_run(session, x, 1, &p), CNN_OK);
    ck_assert_float_eq_tol(p, y, 1e-5f);
    get(model, "dense/kernel", kernel, INPUTS);
    get(model, "dense/bias", &bias, 1);
    ck_assert_float_eq_tol(bias, 0.125f, 1e-5f);
    ck_assert_float_eq_tol(kernel[3 * 9], logf(9) - 0.125f, 1e-5f);
    const char *text = cnn_model_metadata(model, "calibration");
    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_nonnull(strstr(text, "\"photos\": 90, \"mirror\": false, \"temperature\": "));
    ck_assert_ptr_nonnull(strstr(text, "\"calibration_error_after\": "));

    /* A struct of an older program receives the fields that it has. */
    got = (cnn_calibration_t){.struct_size = offsetof(cnn_calibration_t, cross_entropy_after)};
    again = make_model(context, DENSE, 2, 2);
    ck_assert_int_eq(cnn_model_calibrate(again, data, NULL, &got), CNN_OK);
    ck_assert_double_eq_tol(got.temperature, 2, 1e-5);
    ck_assert(got.cross_entropy_after == 0);
    cnn_session_free(session);
    cnn_model_free(again);
    cnn_model_free(model);
    cnn_dataset_free(data);
}
END_TEST

/* A calibration is valid for the weights that it was computed for only. */
START_TEST(training_forgets_it)
{
    const cnn_train_options_t once = {.struct_size = sizeof once, .epochs = 1};
    const cnn_model_adapt_options_t same = {.struct_size = sizeof same};
    cnn_dataset_t *data = make_data(context, 2);
    cnn_model_t *model = make_model(context, DENSE, 2, 3), *adapted;
    cnn_calibration_t got = {.struct_size = sizeof got};

    ck_assert_int_eq(cnn_model_calibrate(model, data, NULL, &got), CNN_OK);
    ck_assert_ptr_nonnull(cnn_model_metadata(model, "calibration"));
    ck_assert_int_eq(cnn_model_adapt(model, &same, &adapted), CNN_OK);
    ck_assert_ptr_null(cnn_model_metadata(adapted, "calibration"));
    ck_assert_ptr_nonnull(strstr(cnn_model_metadata(adapted, "adapted_from"), "\"temperature\":"));
    ck_assert_int_eq(cnn_model_train(model, data, NULL, &once, NULL), CNN_OK);
    ck_assert_ptr_null(cnn_model_metadata(model, "calibration"));
    cnn_model_free(adapted);
    cnn_model_free(model);
    cnn_dataset_free(data);
}
END_TEST

/* With test-time mirroring the temperature is the best one for the mean of both probabilities. */
START_TEST(with_mirror_images)
{
    const cnn_evaluate_options_t twice = {.struct_size = sizeof twice, .mirror = 1,
                                          .batch_size = 7};
    const size_t classes = (size_t)_i;
    const uint32_t units = classes == 2 ? 1 : 3;
    cnn_dataset_t *data = make_data(context, classes);
    cnn_model_t *model = make_model(context, DENSE, classes, 3), *plain;
    cnn_calibration_t got = {.struct_size = sizeof got}, once = got;
    float kernel[INPUTS * 3], bias[3];

    /* A mirrored image of level k lights pixel WIDTH - 1 - k, for which the network has other
     * logits. */
    get(model, "dense/kernel", kernel, INPUTS * units);
    for (size_t k = 1; k <= LEVELS; k++)
        for (size_t j = 0; j < units; j++)
            kernel[3 * (WIDTH - 1 - k) * units + j] = kernel[3 * k * units + j] / 2 + 0.1f;
    set(model, "dense/kernel", kernel, INPUTS * units);
    const cnn_metrics_t before = judge(model, data, 1);
    ck_assert_int_eq(cnn_model_calibrate(model, data, &twice, &got), CNN_OK);
    const cnn_metrics_t after = judge(model, data, 1);
    ck_assert_double_eq_tol(got.cross_entropy_before, before.binary_cross_entropy, 1e-5);
    ck_assert_double_eq_tol(got.cross_entropy_after, after.binary_cross_entropy, 1e-5);
    ck_assert_double_eq_tol(got.calibration_error_before, before.calibration_error, 1e-5);
    ck_assert_ptr_nonnull(strstr(cnn_model_metadata(model, "calibration"), "\"mirror\": true"));
    get(model, "dense/kernel", kernel, INPUTS * units);
    get(model, "dense/bias", bias, units);
    for (int step = 0; step < 2; step++) { /* a temperature 2 % larger or smaller is worse */
        const float factor = step ? 1 / (1.02f * 1.02f) : 1.02f;
        for (size_t i = 0; i < INPUTS * units; i++)
            kernel[i] *= factor;
        for (size_t j = 0; j < units; j++)
            bias[j] *= factor;
        set(model, "dense/kernel", kernel, INPUTS * units);
        set(model, "dense/bias", bias, units);
        ck_assert_double_gt(judge(model, data, 1).binary_cross_entropy,
                            after.binary_cross_entropy + 1e-6);
    }
    plain = make_model(context, DENSE, classes, 3);
    ck_assert_int_eq(cnn_model_calibrate(plain, data, NULL, &once), CNN_OK);
    ck_assert_double_gt(fabs(once.temperature - got.temperature), 0.1);
    cnn_model_free(plain);
    cnn_model_free(model);
    cnn_dataset_free(data);
}
END_TEST

/* The bits do not depend on the number of threads or the batch size. */
START_TEST(same_bits)
{
    static const uint32_t threads[] = {1, 2, 3, 5}, batches[] = {0, 1, 7, 200};
    float first[INPUTS], kernel[INPUTS];

    for (size_t i = 0; i < 4; i++) {
        const cnn_evaluate_options_t options = {.struct_size = sizeof options,
                                                .batch_size = batches[i], .mirror = 1};
        cnn_context_t *own = toy_context(threads[i]);
        cnn_dataset_t *data = make_data(own, 2);
        cnn_model_t *model = make_model(own, DENSE, 2, 3);
        cnn_calibration_t got = {.struct_size = sizeof got};
        ck_assert_int_eq(cnn_model_calibrate(model, data, &options, &got), CNN_OK);
        get(model, "dense/kernel", i ? kernel : first, INPUTS);
        if (i > 0 && !strstr(cnn_context_kernels(own), "blas"))
            ck_assert_mem_eq(kernel, first, sizeof first);
        cnn_model_free(model);
        cnn_dataset_free(data);
        cnn_context_free(own);
    }
}
END_TEST

/* Expects an error, and that the model stays as it was. */
static void refused(cnn_model_t *model, cnn_dataset_t *data, const cnn_evaluate_options_t *options,
                    cnn_status_t status, const char *says)
{
    cnn_calibration_t got = {.struct_size = sizeof got};
    cnn_parameter_info_t info = {.struct_size = sizeof info};
    float before[INPUTS * 3], after[INPUTS * 3];

    ck_assert_int_eq(cnn_model_parameter(model, 0, &info), CNN_OK);
    ck_assert_int_eq(cnn_model_parameter_values(model, info.name, info.n_values, before), CNN_OK);
    ck_assert_int_eq(cnn_model_calibrate(model, data, options, &got), status);
    ck_assert_msg(strstr(cnn_error_message(), says) != NULL, "%s", cnn_error_message());
    ck_assert_int_eq(cnn_model_parameter_values(model, info.name, info.n_values, after), CNN_OK);
    ck_assert_mem_eq(before, after, info.n_values * sizeof *before);
    ck_assert_ptr_null(cnn_model_metadata(model, "calibration"));
}

START_TEST(other_networks)
{
    static const struct {
        enum head head;
        uint32_t units;
        cnn_activation_t activation;
        size_t classes;
    } wrong[] = {{DENSE, 1, CNN_ACTIVATION_NONE, 2},          {DENSE, 1, CNN_ACTIVATION_RELU, 2},
                 {DENSE, 3, CNN_ACTIVATION_SIGMOID, 3},      {DENSE, 1, CNN_ACTIVATION_SOFTMAX, 2},
                 {RELU_BETWEEN, 1, CNN_ACTIVATION_SIGMOID, 2},
                 {POOLED, 1, CNN_ACTIVATION_SIGMOID, 2}};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cnn_dataset_t *data = make_data(context, wrong[i].classes);
        cnn_model_t *model = make_blank(context, wrong[i].head, wrong[i].units,
                                        wrong[i].activation, wrong[i].classes);
        refused(model, data, NULL, CNN_ERROR_SHAPE, "calibration: the last layer, \"");
        cnn_model_free(model);
        cnn_dataset_free(data);
    }
}
END_TEST

static int stop(size_t done, size_t total, void *user)
{
    (void)user;
    ck_assert_uint_le(done, total);
    return 1;
}

START_TEST(other_data)
{
    const cnn_evaluate_options_t stopping = {.struct_size = sizeof stopping, .progress = stop};
    float kernel[INPUTS] = {0}, bias = 0;
    cnn_dataset_t *data = make_data(context, 2), *three = make_data(context, 3), *right;
    cnn_model_t *model = make_model(context, DENSE, 2, 2);
    cnn_calibration_t unset = {0};

    refused(model, three, NULL, CNN_ERROR_DATA, "classes");
    refused(model, data, &stopping, CNN_ERROR_CANCELLED, "stopped");
    ck_assert_int_eq(cnn_model_calibrate(model, data, NULL, &unset), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_calibrate(model, data, NULL, NULL), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_calibrate(model, NULL, NULL, &unset), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(cnn_model_calibrate(NULL, data, NULL, &unset), CNN_ERROR_ARGUMENT);

    /* The dataset has only the samples of levels 1 and 9 that are predicted correctly. */
    size_t indices[18];
    for (size_t i = 0; i < 9; i++) {
        indices[i] = i;
        indices[9 + i] = COUNT - 9 + i;
    }
    ck_assert_int_eq(cnn_dataset_subset(data, indices, 18, &right), CNN_OK);
    refused(model, right, NULL, CNN_ERROR_DATA, "no temperature from 0.01 to 100 is best");
    cnn_dataset_free(right);

    /* The outputs carry no information; then all predictions are wrong. */
    set(model, "dense/kernel", kernel, INPUTS);
    set(model, "dense/bias", &bias, 1);
    refused(model, data, NULL, CNN_ERROR_DATA, "no temperature");
    for (size_t k = 1; k <= LEVELS; k++)
        kernel[3 * k] = 5 - (float)k;
    set(model, "dense/kernel", kernel, INPUTS);
    refused(model, data, NULL, CNN_ERROR_DATA, "no temperature");

    /* A logit that overflows. */
    kernel[3] = bias = 3e38f;
    set(model, "dense/kernel", kernel, INPUTS);
    set(model, "dense/bias", &bias, 1);
    refused(model, data, NULL, CNN_ERROR_NAN, "not a finite number");
    cnn_model_free(model);
    cnn_dataset_free(three);
    cnn_dataset_free(data);
}
END_TEST

START_TEST(no_memory)
{
    const cnn_evaluate_options_t options = {.struct_size = sizeof options, .mirror = 1};
    struct failing_allocator allocator = {0};
    cnn_context_t *own = failing_allocator_context(&allocator, 2);
    cnn_dataset_t *data = make_data(own, 2);
    cnn_model_t *model = make_model(own, DENSE, 2, 3);
    cnn_calibration_t got = {.struct_size = sizeof got};
    float before[INPUTS], kernel[INPUTS];
    size_t n = 0;

    get(model, "dense/kernel", before, INPUTS);
    const size_t live = atomic_load(&allocator.live);
    for (;;) {
        failing_allocator_set(&allocator, ++n);
        if (cnn_model_calibrate(model, data, &options, &got) == CNN_OK)
            break;
        ck_assert_msg(failing_allocator_failed(&allocator), "%s", cnn_error_message());
        ck_assert_uint_eq(atomic_load(&allocator.live), live);
        get(model, "dense/kernel", kernel, INPUTS);
        ck_assert_mem_eq(kernel, before, sizeof kernel);
        ck_assert_ptr_null(cnn_model_metadata(model, "calibration"));
    }
    ck_assert_uint_gt(n, 8);
    failing_allocator_set(&allocator, 0);
    cnn_model_free(model);
    cnn_dataset_free(data);
    cnn_context_free(own);
    ck_assert_uint_eq(atomic_load(&allocator.live), 0);
}
END_TEST

Suite *suite_calibrate(void)
{
    Suite *suite = suite_create("calibrate");
    TCase *tc = tcase_create("calibrate");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, finds_the_temperature, 0, sizeof known / sizeof *known);
    tcase_add_test(tc, keeps_what_it_did);
    tcase_add_test(tc, training_forgets_it);
    tcase_add_loop_test(tc, with_mirror_images, 2, 4);
    tcase_add_test(tc, same_bits);
    tcase_add_test(tc, other_networks);
    tcase_add_test(tc, other_data);
    tcase_add_test(tc, no_memory);
    suite_add_tcase(suite, tc);
    return suite;
}
