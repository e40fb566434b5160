/* SPDX-License-Identifier: MIT
 *
 * The map of an explanation. It must equal the class activation map of a network that ends in
 * global average pooling and one dense layer, and agree with numerical gradients elsewhere. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "support/double_net.h"
#include "support/photo_folder.h"
#include "support/staged_net.h"

enum { LARGEST = STAGED_HEIGHT * STAGED_WIDTH * 8 };

#define OK(call) ck_assert_msg((call) == CNN_OK, "%s", cnn_error_message())

static cnn_context_t *context;
static cnn_image_t *photo;

static void setup(void)
{
    context = context_with_threads(3);
    photo = staged_photo(context);
}

static void teardown(void)
{
    cnn_image_free(photo);
    cnn_context_free(context);
}

/* ---- helpers ---- */

static void layer_values(const cnn_model_t *model, const char *layer, float *values)
{
    const size_t n = cd_shape_size(cd_graph_node(model->graph, layer)->shape);

    ck_assert_uint_le(n, LARGEST);
    OK(cnn_model_layer_output(model, photo, layer, n, values));
}

/* The map must be ReLU of the weighted sum of the channels, divided by its maximum. Returns the
 * number of places above 0. */
static int check_map(const cnn_explanation_t *explanation, const struct cd_shape shape,
                     const float *values, const double *weights)
{
    const float *map = cnn_explanation_heatmap(explanation);
    double expected[LARGEST], largest = 0;
    int above = 0;

    for (size_t i = 0; i < shape.h * shape.w; i++) {
        expected[i] = 0;
        for (size_t k = 0; k < shape.c; k++)
            expected[i] += weights[k] * values[i * shape.c + k];
        expected[i] = fmax(expected[i], 0);
        largest = fmax(largest, expected[i]);
        above += expected[i] > 0;
    }
    for (size_t i = 0; i < shape.h * shape.w; i++) {
        const double want = largest > 0 ? expected[i] / largest : 0;
        ck_assert_msg(fabs(map[i] - want) < 1e-4, "place %zu: %g instead of %g", i, map[i], want);
    }
    return above;
}

/* ---- global average pooling and one dense layer: CAM (Zhou et al. 2016) ---- */

static cnn_model_t *cam_model(uint32_t outputs, cnn_activation_t activation, int apart)
{
    cnn_graph_t *graph;
    cnn_node_t node;

    OK(cnn_graph_create(context, &graph));
    OK(cnn_graph_add_input(graph, STAGED_HEIGHT, STAGED_WIDTH, 3, NULL, &node));
    node = staged_conv(graph, node, "maps", 8, 3, CNN_PADDING_SAME, CNN_ACTIVATION_RELU);
    OK(cnn_graph_add_global_average_pool2d(graph, node, NULL, &node));
    node = staged_dense(graph, node, "head", outputs, apart ? CNN_ACTIVATION_NONE : activation);
    if (apart)
        OK(cnn_graph_add_activation(graph, node, activation, 0, NULL, &node));
    return staged_model_of(graph);
}

static void check_cam(uint32_t outputs, cnn_activation_t activation, int apart)
{
    cnn_model_t *model = cam_model(outputs, activation, apart);
    const struct cd_shape shape = cd_graph_node(model->graph, "maps")->shape;
    float values[LARGEST], head[8 * 3], probabilities[3];
    cnn_prediction_t prediction = {.struct_size = sizeof prediction,
                                   .probabilities = probabilities};
    cnn_session_t *session;
    int above = 0;

    layer_values(model, "maps", values);
    OK(cnn_model_parameter_values(model, "head/kernel", 8 * (size_t)outputs, head));
    OK(cnn_session_create(model, NULL, &session));
    OK(cnn_session_predict_rgb(session, cnn_image_pixels(photo), STAGED_HEIGHT, STAGED_WIDTH, 0,
                               &prediction));
    for (size_t c = 0; c <= cnn_model_class_count(model); c++) {
        const int predicted = c == cnn_model_class_count(model);
        const size_t label = predicted ? prediction.label : c;
        cnn_explanation_t *explanation;
        const cnn_explanation_info_t info = staged_explain(
            model, photo, predicted ? NULL : cnn_model_class_name(model, c), NULL, &explanation);
        double weights[8];
        ck_assert_str_eq(info.layer, "maps");
        ck_assert(info.height == STAGED_HEIGHT && info.width == STAGED_WIDTH);
        ck_assert_uint_eq(info.label, label);
        ck_assert_str_eq(info.class_name, cnn_model_class_name(model, label));
        ck_assert_float_eq_tol(info.probability, probabilities[label], 1e-5f);
        for (size_t k = 0; k < 8; k++)
            weights[k] = outputs > 1 ? head[k * outputs + label] : label ? head[k] : -head[k];
        above += check_map(explanation, shape, values, weights);
        cnn_explanation_free(explanation);
    }
    ck_assert_int_gt(above, 0);
    cnn_session_free(session);
    cnn_model_free(model);
}

START_TEST(class_activation_maps)
{
    for (int apart = 0; apart < 2; apart++) {
        check_cam(3, CNN_ACTIVATION_SOFTMAX, apart);
        check_cam(3, CNN_ACTIVATION_SIGMOID, apart);
        check_cam(1, CNN_ACTIVATION_SIGMOID, apart);
    }
    check_cam(3, CNN_ACTIVATION_NONE, 0);
    check_cam(1, CNN_ACTIVATION_NONE, 0);
}
END_TEST

/* ---- numerical gradients ---- */

/* The stages after a given stage, whose channels are shifted first. The outputs are the scores, in
 * double precision. */
struct tail {
    cnn_graph_t *graph;
    double *weights;
    const float *statistics;
};

/* Takes the parameters from the model by their names. The statistics are in the same order. */
static struct tail make_tail(const cnn_model_t *model, int stage)
{
    const struct cd_shape shape = cd_graph_node(model->graph, staged_names[stage])->shape;
    struct tail tail = {.statistics = model->statistics};
    cnn_node_t node;

    OK(cnn_graph_create(context, &tail.graph));
    OK(cnn_graph_add_input(tail.graph, (uint32_t)shape.h, (uint32_t)shape.w, (uint32_t)shape.c,
                           NULL, &node));
    node = staged_conv(tail.graph, node, "shift", (uint32_t)shape.c, 1, CNN_PADDING_VALID,
                       CNN_ACTIVATION_NONE);
    for (int s = stage + 1; s < STAGED_COUNT; s++)
        node = staged_add(tail.graph, node, s, CNN_ACTIVATION_NONE);
    tail.weights = calloc(tail.graph->trainable_size, sizeof *tail.weights);
    const size_t shift = cd_graph_param(tail.graph, "shift/kernel")->offset;
    for (size_t k = 0; k < shape.c; k++)
        tail.weights[shift + k * shape.c + k] = 1;
    for (size_t i = 0; i < tail.graph->n_params; i++) {
        const struct cd_param *to = &tail.graph->params[i];
        const struct cd_param *from = cd_graph_param(model->graph, to->name);
        for (size_t k = 0; from && to->trainable && k < to->count; k++)
            tail.weights[to->offset + k] = (double)model->weights[from->offset + k];
    }
    return tail;
}

static void free_tail(struct tail *tail)
{
    cnn_graph_free(tail->graph);
    free(tail->weights);
}

/* The slope of the score as a whole channel is shifted: the sum of the gradients at all places. */
static double slope(const struct tail *tail, const float *values, size_t channel, size_t label)
{
    const double h = 1e-6;
    double *shift = tail->weights + cd_graph_param(tail->graph, "shift/bias")->offset + channel;
    double high[STAGED_CLASSES], low[STAGED_CLASSES];

    *shift = h;
    double_net_run(tail->graph, tail->weights, tail->statistics, values, 1, 0, 0, 0, high);
    *shift = -h;
    double_net_run(tail->graph, tail->weights, tail->statistics, values, 1, 0, 0, 0, low);
    *shift = 0;
    return (high[label] - low[label]) / (2 * h);
}

START_TEST(numerical_gradients)
{
    cnn_model_t *model = staged_model(context);
    const struct cd_shape shape = cd_graph_node(model->graph, staged_names[_i])->shape;
    struct tail tail = make_tail(model, _i);
    float values[LARGEST];
    int above = 0;

    layer_values(model, staged_names[_i], values);
    for (size_t label = 0; label < STAGED_CLASSES; label++) {
        cnn_explanation_t *explanation;
        const cnn_explanation_info_t info = staged_explain(
            model, photo, cnn_model_class_name(model, label), staged_names[_i], &explanation);
        double weights[8];
        ck_assert_str_eq(info.layer, staged_names[_i]);
        ck_assert(info.height == shape.h && info.width == shape.w && info.label == label);
        for (size_t k = 0; k < shape.c; k++)
            weights[k] = slope(&tail, values, k, label);
        above += check_map(explanation, shape, values, weights);
        cnn_explanation_free(explanation);
    }
    ck_assert_int_gt(above, 0);
    free_tail(&tail);
    cnn_model_free(model);
}
END_TEST

Suite *suite_explanation_map(void)
{
    Suite *suite = suite_create("explanation_map");
    TCase *tests = tcase_create("explanation_map");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, class_activation_maps);
    tcase_add_loop_test(tests, numerical_gradients, 0, STAGED_MAPS);
    suite_add_tcase(suite, tests);
    return suite;
}
