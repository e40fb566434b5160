/* SPDX-License-Identifier: MIT
 *
 * Losses: values computed by hand, gradients against central differences in double precision,
 * and which networks a loss accepts. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "core/random.h"
#include "train/loss.h"

static double draw(uint64_t index)
{
    return 2 * cd_random_double(42, index) - 1;
}

/* The losses in double precision. z: the logits. */
static void activate(cnn_loss_t loss, const double *z, size_t n, size_t outputs, double *y)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < outputs; j++)
            sum += exp(z[i * outputs + j]);
        for (size_t j = 0; j < outputs; j++) {
            double v = z[i * outputs + j];
            y[i * outputs + j] = loss == CNN_LOSS_MSE                    ? v
                                 : loss == CNN_LOSS_BINARY_CROSS_ENTROPY ? 1 / (1 + exp(-v))
                                                                         : exp(v) / sum;
        }
    }
}

/* The target of output j for sample i: its label and the label of its partner in their shares,
 * then smoothed over all classes. */
static double aim(const struct cd_targets *targets, size_t i, size_t j, size_t outputs)
{
    const double classes = outputs == 1 ? 2 : (double)outputs;
    const uint32_t label = targets->labels[i];
    double t = outputs == 1 ? label : label == j;

    if (targets->mixtures) {
        const uint32_t other = targets->mixtures[i].other;
        const double share = (double)targets->mixtures[i].share;
        t = share * t + (1 - share) * (outputs == 1 ? other : other == j);
    }
    return t * (1 - targets->smoothing) + targets->smoothing / classes;
}

static double counts(const struct cd_targets *targets, size_t i)
{
    if (!targets->weights)
        return 1;
    const double own = targets->weights[targets->labels[i]];
    if (!targets->mixtures)
        return own;
    const double share = (double)targets->mixtures[i].share;
    return share * own + (1 - share) * targets->weights[targets->mixtures[i].other];
}

static double reference(cnn_loss_t loss, const double *z, const struct cd_targets *targets,
                        size_t n, size_t outputs)
{
    double y[64], total = 0;

    activate(loss, z, n, outputs, y);
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < outputs; j++) {
            double t = aim(targets, i, j, outputs), v = y[i * outputs + j];
            if (loss == CNN_LOSS_MSE)
                sum += (v - t) * (v - t) / (double)outputs;
            else if (loss == CNN_LOSS_BINARY_CROSS_ENTROPY)
                sum -= t * log(v) + (1 - t) * log(1 - v);
            else
                sum -= t * log(v);
        }
        total += counts(targets, i) * sum;
    }
    return total / (double)n;
}

static void check_targets(cnn_loss_t loss, const struct cd_targets *targets, size_t n,
                          size_t outputs)
{
    double z[64], exact[64];
    float y[64], dy[64];

    for (size_t i = 0; i < n * outputs; i++)
        z[i] = 2 * draw(i);
    activate(loss, z, n, outputs, exact);
    for (size_t i = 0; i < n * outputs; i++)
        y[i] = (float)exact[i];
    double value = cd_loss_batch(loss, y, targets, n, outputs, dy);
    ck_assert_double_eq_tol(value, reference(loss, z, targets, n, outputs), 1e-6);
    ck_assert(value == cd_loss_batch(loss, y, targets, n, outputs, NULL));
    for (size_t i = 0; i < n * outputs; i++) {
        const double step = 1e-5, at = z[i];
        z[i] = at + step;
        double up = reference(loss, z, targets, n, outputs);
        z[i] = at - step;
        double down = reference(loss, z, targets, n, outputs);
        z[i] = at;
        ck_assert_double_eq_tol((double)dy[i], (up - down) / (2 * step), 2e-7);
    }
}

/* Plain labels, smoothed, mixed, weighted, and all of these together. */
static void check_gradient(cnn_loss_t loss, size_t n, size_t outputs)
{
    static const double weights[8] = {0.5, 2, 1, 0.25, 3, 1, 1, 1};
    const size_t classes = outputs == 1 ? 2 : outputs;
    struct cd_mixture mixtures[16];
    uint32_t labels[16];

    for (size_t i = 0; i < n; i++) {
        labels[i] = (uint32_t)(i * 7 % classes);
        mixtures[i].other = (uint32_t)(i * 5 / 2 % classes);
        mixtures[i].share = 0.5f + 0.03f * (float)(int)i;
    }
    struct cd_targets targets = {.labels = labels};
    check_targets(loss, &targets, n, outputs);
    targets.smoothing = 0.15;
    check_targets(loss, &targets, n, outputs);
    targets.mixtures = mixtures;
    check_targets(loss, &targets, n, outputs);
    targets.weights = weights;
    check_targets(loss, &targets, n, outputs);
    targets.smoothing = 0;
    targets.mixtures = NULL;
    check_targets(loss, &targets, n, outputs);
}

START_TEST(gradients)
{
    check_gradient(CNN_LOSS_MSE, 1, 1);
    check_gradient(CNN_LOSS_MSE, 7, 1);
    check_gradient(CNN_LOSS_MSE, 5, 4);
    check_gradient(CNN_LOSS_BINARY_CROSS_ENTROPY, 1, 1);
    check_gradient(CNN_LOSS_BINARY_CROSS_ENTROPY, 9, 1);
    check_gradient(CNN_LOSS_CROSS_ENTROPY, 1, 3);
    check_gradient(CNN_LOSS_CROSS_ENTROPY, 8, 5);
    ck_assert(!cd_loss_before_activation(CNN_LOSS_MSE));
    ck_assert(cd_loss_before_activation(CNN_LOSS_BINARY_CROSS_ENTROPY));
    ck_assert(cd_loss_before_activation(CNN_LOSS_CROSS_ENTROPY));
}
END_TEST

/* The loss for plain labels. */
static double plain(cnn_loss_t loss, const float *y, const uint32_t *labels, size_t n,
                    size_t outputs, float *dy)
{
    const struct cd_targets targets = {.labels = labels};
    return cd_loss_batch(loss, y, &targets, n, outputs, dy);
}

START_TEST(by_hand)
{
    const float y[] = {0.75f, 0.5f}, wide[] = {0.5f, 0.25f, 0.25f};
    const uint32_t labels[] = {1, 0}, wide_label[] = {2};

    /* (0.25^2 + 0.5^2) / 2 */
    ck_assert(plain(CNN_LOSS_MSE, y, labels, 2, 1, NULL) == 0.15625);
    /* (0.5^2 + 0.25^2 + 0.75^2) / 3 */
    ck_assert(plain(CNN_LOSS_MSE, wide, wide_label, 1, 3, NULL) == 0.875 / 3);
    ck_assert_double_eq_tol(
        plain(CNN_LOSS_BINARY_CROSS_ENTROPY, y, labels, 2, 1, NULL),
        (-log(0.75) - log(0.5)) / 2, 1e-15);
    ck_assert_double_eq_tol(
        plain(CNN_LOSS_CROSS_ENTROPY, wide, wide_label, 1, 3, NULL), -log(0.25), 1e-15);
}
END_TEST

START_TEST(soft_by_hand)
{
    const float y[] = {0.75f}, wide[] = {0.5f, 0.25f, 0.25f};
    const uint32_t one[] = {1}, two[] = {2};
    const struct cd_mixture mixture = {.share = 0.75f, .other = 0};
    const struct cd_targets smooth = {.labels = one, .smoothing = 0.5},
                            mixed = {.labels = two, .mixtures = &mixture};

    /* One output stands for two classes: the target is 0.75. */
    ck_assert(cd_loss_batch(CNN_LOSS_MSE, y, &smooth, 1, 1, NULL) == 0);
    ck_assert_double_eq_tol(cd_loss_batch(CNN_LOSS_BINARY_CROSS_ENTROPY, y, &smooth, 1, 1, NULL),
                            -0.75 * log(0.75) - 0.25 * log(0.25), 1e-15);
    /* 0.25, 0, 0.75 */
    ck_assert(cd_loss_batch(CNN_LOSS_MSE, wide, &mixed, 1, 3, NULL) == 0.375 / 3);
    ck_assert_double_eq_tol(cd_loss_batch(CNN_LOSS_CROSS_ENTROPY, wide, &mixed, 1, 3, NULL),
                            -0.25 * log(0.5) - 0.75 * log(0.25), 1e-15);
}
END_TEST

START_TEST(extremes)
{
    const float certain[] = {0.0f, 1.0f}, broken[] = {0.5f, NAN}, three[] = {0, 0, 1};
    const uint32_t labels[] = {1, 0}, label[] = {0};
    float dy[2];

    /* A wrong prediction with probability 1: the loss is large but finite, and the gradient has
     * the right sign. */
    double loss = plain(CNN_LOSS_BINARY_CROSS_ENTROPY, certain, labels, 2, 1, dy);
    ck_assert_double_eq_tol(loss, -log(1e-7), 1e-6);
    ck_assert(dy[0] == -0.5f && dy[1] == 0.5f);
    ck_assert_double_eq_tol(plain(CNN_LOSS_CROSS_ENTROPY, three, label, 1, 3, NULL),
                            -log(1e-7), 1e-9);
    ck_assert(isnan(plain(CNN_LOSS_MSE, broken, labels, 2, 1, NULL)));
    ck_assert(isnan(plain(CNN_LOSS_BINARY_CROSS_ENTROPY, broken, labels, 2, 1, NULL)));
    ck_assert(isnan(plain(CNN_LOSS_CROSS_ENTROPY, broken, labels, 1, 2, NULL)));
}
END_TEST

/* A graph that ends in a dense layer with these units and this activation. */
static cnn_status_t fits(cnn_loss_t loss, uint32_t units, cnn_activation_t activation)
{
    cnn_context_t *context;
    cnn_graph_t *graph;
    cnn_node_t node;
    cnn_dense_options_t dense = {sizeof dense, .name = "last", .units = units,
                                 .activation = activation};

    ck_assert_int_eq(cnn_context_create(NULL, &context), CNN_OK);
    ck_assert_int_eq(cnn_graph_create(context, &graph), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_input(graph, 1, 1, 3, NULL, &node), CNN_OK);
    ck_assert_int_eq(cnn_graph_add_dense(graph, node, &dense, &node), CNN_OK);
    cnn_status_t rc = cd_loss_check(graph, loss);
    cnn_graph_free(graph);
    cnn_context_free(context);
    return rc;
}

START_TEST(which_networks)
{
    const cnn_loss_t bce = CNN_LOSS_BINARY_CROSS_ENTROPY, ce = CNN_LOSS_CROSS_ENTROPY;

    ck_assert_int_eq(fits(CNN_LOSS_MSE, 1, CNN_ACTIVATION_SIGMOID), CNN_OK);
    ck_assert_int_eq(fits(CNN_LOSS_MSE, 3, CNN_ACTIVATION_SOFTMAX), CNN_OK);
    ck_assert_int_eq(fits(bce, 1, CNN_ACTIVATION_SIGMOID), CNN_OK);
    ck_assert_int_eq(fits(ce, 2, CNN_ACTIVATION_SOFTMAX), CNN_OK);
    ck_assert_int_eq(fits(ce, 1, CNN_ACTIVATION_SOFTMAX), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(fits(ce, 1, CNN_ACTIVATION_SIGMOID), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(fits(bce, 1, CNN_ACTIVATION_NONE), CNN_ERROR_ARGUMENT);
    ck_assert_int_eq(fits(bce, 3, CNN_ACTIVATION_SOFTMAX), CNN_ERROR_ARGUMENT);
    ck_assert_str_eq(cnn_error_message(),
                     "the loss binary_cross_entropy needs one sigmoid output; layer \"last\" has "
                     "3 outputs with activation softmax");
}
END_TEST

Suite *suite_loss(void)
{
    Suite *suite = suite_create("loss");
    TCase *tc = tcase_create("loss");

    tcase_add_test(tc, gradients);
    tcase_add_test(tc, by_hand);
    tcase_add_test(tc, soft_by_hand);
    tcase_add_test(tc, extremes);
    tcase_add_test(tc, which_networks);
    suite_add_tcase(suite, tc);
    return suite;
}
