/* SPDX-License-Identifier: MIT
 *
 * Each convolution is measured in a separate plan, so that the time includes everything an
 * algorithm needs, such as preparing kernels and adding partial sums. The graph of that plan
 * consists of an input, the convolution, and the max pooling that follows it, if there is one. An
 * algorithm that cannot fuse the pooling is measured with the pooling as a separate step. */
#include "plan/tune.h"

#include <string.h>

#include "core/memory.h"
#include "core/random.h"
#include "core/size.h"
#include "plan/choose.h"

enum {
    PASSES = 3,
    RUNS = 3,       /* number of measured runs; the fastest counts */
    FEW_IMAGES = 16 /* largest batch when only the fastest algorithm is wanted */
};

/* The passes of a convolution, in the order in which candidates are listed. */
static const struct {
    enum cd_conv_pass pass;
    cnn_pass_t name;
} passes[PASSES] = {
    {CD_CONV_FORWARD, CNN_PASS_FORWARD},
    {CD_CONV_BACKWARD_KERNEL, CNN_PASS_BACKWARD_KERNEL},
    {CD_CONV_BACKWARD_DATA, CNN_PASS_BACKWARD_DATA},
};

/* ---- algorithms ---- */

static size_t count_algorithms(const struct cd_plan *plan)
{
    size_t n = 1;

    while (plan->kernels->conv_algorithms[n - 1])
        n++;
    return n;
}

/* Sets *choice to algorithm number `index`: 0 is the general algorithm, and 1 is the first one of
 * the kernel table. The choice fuses the pooling if the algorithm can. Returns 0 if the algorithm
 * does not support the layer. */
static int choice_at(const struct cd_plan *plan, const struct cd_step *step, size_t index,
                     struct cd_conv_choice *choice)
{
    const struct cd_conv_algorithm *algorithm =
        index ? plan->kernels->conv_algorithms[index - 1] : &cd_conv_general;

    *choice = (struct cd_conv_choice){
        .algorithm = algorithm,
        .fuses_pooling = step->pooling < plan->graph->n_nodes,
    };
    for (;; choice->fuses_pooling = 0) {
        const struct cd_conv_layer layer = cd_choose_layer(plan, step, choice->fuses_pooling);
        if (cd_conv_cost(algorithm, &layer, step->passes) > 0)
            return 1;
        if (!choice->fuses_pooling)
            return 0;
    }
}

/* ---- a plan with one convolution ---- */

/* A graph that consists of one convolution and possibly its pooling, with a plan and random
 * data. */
struct alone {
    cnn_graph_t graph;
    struct cd_node nodes[3];
    struct cd_param params[2];
    struct cd_plan *plan;
    float *x, *weights, *gradients, *dy;
    size_t n; /* number of images */
};

static void copy_params(const cnn_graph_t *graph, const struct cd_node *node, struct alone *alone)
{
    for (size_t i = 0; i < node->n_params; i++) {
        struct cd_param *param = &alone->params[i];
        *param = graph->params[node->first_param + i];
        param->node = 1;
        param->offset = alone->graph.trainable_size;
        alone->graph.trainable_size += cd_round_up(param->count, CD_PARAM_ALIGN);
    }
    alone->nodes[1].first_param = 0;
    alone->graph.n_params = node->n_params;
}

/* Makes the graph of one convolution. If the step fuses an activation layer, the convolution gets
 * that activation. */
static void make_graph(const struct cd_plan *plan, const struct cd_step *step, struct alone *alone)
{
    const cnn_graph_t *graph = plan->graph;

    alone->nodes[0] = (struct cd_node){
        .type = CD_NODE_INPUT,
        .name = step->node->name,
        .shape = cd_input_shape(graph, step->node),
    };
    alone->nodes[1] = *step->node;
    alone->nodes[1].activation = step->activation.kind;
    alone->nodes[1].alpha = step->activation.alpha;
    alone->graph = (cnn_graph_t){
        .context = plan->context,
        .nodes = alone->nodes,
        .n_nodes = 2,
        .params = alone->params,
    };
    if (step->pooling < graph->n_nodes) {
        alone->nodes[2] = graph->nodes[step->pooling];
        alone->graph.n_nodes = 3;
    }
    for (size_t i = 1; i < alone->graph.n_nodes; i++)
        alone->nodes[i].inputs[0] = i - 1;
    copy_params(graph, step->node, alone);
}

static float *random_floats(cnn_context_t *context, size_t n)
{
    const uint64_t key = cd_random_key(1, CD_STREAM_AUGMENT, 0, n);
    float *values = cd_alloc_unset(context, n, sizeof *values);

    for (size_t i = 0; values && i < n; i++)
        values[i] = cd_random_float(key, i) - 0.5f;
    return values;
}

static cnn_status_t make_plan(const struct cd_step *step, const struct cd_conv_choice *choice,
                              struct alone *alone)
{
    const struct cd_conv_choice choices[3] = {[1] = *choice};
    const struct cd_plan_options options = {
        .batch = alone->n,
        .training = step->passes != CD_CONV_FORWARD,
        .frozen_nodes = step->frozen ? alone->graph.n_nodes : 0,
        .input_gradient = (step->passes & CD_CONV_BACKWARD_DATA) != 0,
        .choices = choices,
    };

    return cd_plan_create(&alone->graph, &options, &alone->plan);
}

static cnn_status_t make_alone(const struct cd_plan *plan, const struct cd_step *step,
                               const struct cd_conv_choice *choice, size_t n, struct alone *alone)
{
    cnn_context_t *context = plan->context;

    memset(alone, 0, sizeof *alone);
    alone->n = n;
    make_graph(plan, step, alone);
    const struct cd_node *last = &alone->nodes[alone->graph.n_nodes - 1];
    CD_TRY(make_plan(step, choice, alone));
    alone->x = random_floats(context, n * cd_shape_size(alone->nodes[0].shape));
    alone->weights = random_floats(context, alone->graph.trainable_size);
    alone->gradients = cd_alloc(context, alone->graph.trainable_size, sizeof(float));
    alone->dy = random_floats(context, n * cd_shape_size(last->shape));
    if (!alone->x || !alone->weights || !alone->gradients || !alone->dy)
        return cd_error_memory();
    return CNN_OK;
}

static void release_alone(cnn_context_t *context, struct alone *alone)
{
    cd_plan_free(alone->plan);
    cd_free(context, alone->x);
    cd_free(context, alone->weights);
    cd_free(context, alone->gradients);
    cd_free(context, alone->dy);
}

/* ---- measuring ---- */

static void run_alone(struct alone *alone)
{
    struct cd_plan *plan = alone->plan;

    if (!plan->training) {
        cd_plan_predict(plan, alone->weights, NULL, alone->x, alone->n);
        return;
    }
    cd_plan_forward(plan, alone->weights, NULL, alone->x, alone->n, 0, 0);
    cd_plan_backward(plan, alone->weights, alone->dy, 0, alone->gradients);
}

static void keep_least(double *seconds, double now, int first)
{
    if (first || now < *seconds)
        *seconds = now;
}

/* Measures the seconds of each pass. The convolution is step 0. A pooling that is not fused is step
 * 1; its backward pass is added to the time of the kernel gradient. */
static void time_alone(struct alone *alone, double seconds[PASSES])
{
    struct cd_step_times times[2] = {{0}};

    run_alone(alone);
    cd_plan_take_times(alone->plan, times);
    for (int run = 0; run < RUNS; run++) {
        run_alone(alone);
        keep_least(&seconds[0], times[0].forward + times[1].forward, run == 0);
        keep_least(&seconds[1], times[0].backward - times[0].backward_data + times[1].backward,
                   run == 0);
        keep_least(&seconds[2], times[0].backward_data, run == 0);
    }
}

static cnn_status_t measure(const struct cd_plan *plan, const struct cd_step *step,
                            const struct cd_conv_choice *choice, size_t n, double seconds[PASSES])
{
    struct alone alone;
    cnn_status_t rc = make_alone(plan, step, choice, n, &alone);

    if (rc == CNN_OK)
        time_alone(&alone, seconds);
    release_alone(plan->context, &alone);
    return rc;
}

/* ---- choosing ---- */

static cnn_status_t find_fastest(const struct cd_plan *plan, const struct cd_step *step,
                                 struct cd_conv_choice *fastest)
{
    const size_t n = plan->batch < FEW_IMAGES ? plan->batch : FEW_IMAGES;
    struct cd_conv_choice choice;
    double best = 0;

    for (size_t i = 0; i < count_algorithms(plan); i++) {
        double seconds[PASSES];
        if (!choice_at(plan, step, i, &choice))
            continue;
        CD_TRY(measure(plan, step, &choice, n, seconds));
        const double sum = seconds[0] + seconds[1] + seconds[2];
        if (best > 0 && sum >= best)
            continue;
        best = sum;
        *fastest = choice;
    }
    return CNN_OK;
}

/* Finds the fastest choice for each convolution. choices: one entry for each node, all 0 on
 * entry. */
static cnn_status_t find_choices(const cnn_graph_t *graph, const struct cd_plan_options *options,
                                 struct cd_conv_choice *choices)
{
    struct cd_plan *plan;
    cnn_status_t rc = cd_plan_draft(graph, options, &plan);

    for (size_t s = 0; rc == CNN_OK && s < plan->n_steps; s++)
        if (plan->steps[s].algorithm)
            rc = find_fastest(plan, &plan->steps[s], &choices[plan->steps[s].index]);
    cd_plan_free(plan);
    return rc;
}

cnn_status_t cd_plan_create_tuned(const cnn_graph_t *graph, const struct cd_plan_options *options,
                                  struct cd_plan **plan)
{
    struct cd_plan_options own = *options;
    cnn_status_t rc;

    *plan = NULL;
    if (!graph->context->tune)
        return cd_plan_create(graph, options, plan);
    struct cd_conv_choice *choices = cd_alloc(graph->context, graph->n_nodes, sizeof *choices);
    if (!choices)
        return cd_error_memory();
    own.choices = choices;
    rc = find_choices(graph, options, choices);
    if (rc == CNN_OK)
        rc = cd_plan_create(graph, &own, plan);
    cd_free(graph->context, choices);
    return rc;
}

/* ---- candidates ---- */

size_t cd_plan_candidates_most(const struct cd_plan *plan)
{
    return PASSES * count_algorithms(plan) * plan->n_steps;
}

static cnn_status_t add_candidates(const struct cd_plan *plan, const struct cd_step *step,
                                   const struct cd_conv_choice *choice,
                                   struct cd_plan_candidate *candidates, size_t *n)
{
    const struct cd_conv_layer layer = cd_choose_layer(plan, step, choice->fuses_pooling);
    double seconds[PASSES];

    CD_TRY(measure(plan, step, choice, plan->batch, seconds));
    for (size_t p = 0; p < PASSES; p++) {
        if (!(step->passes & passes[p].pass))
            continue;
        candidates[(*n)++] = (struct cd_plan_candidate){
            .layer = step->node->name,
            .algorithm = choice->algorithm->name,
            .pass = plan->training ? passes[p].name : CNN_PASS_PREDICT,
            .cost = (double)plan->batch * choice->algorithm->cost(&layer, passes[p].pass),
            .seconds = seconds[p],
            .chosen = choice->algorithm == step->algorithm,
        };
    }
    return CNN_OK;
}

cnn_status_t cd_plan_candidates(const struct cd_plan *plan, const cnn_cancel_t *cancel,
                                struct cd_plan_candidate *candidates, size_t *n)
{
    struct cd_conv_choice choice;

    *n = 0;
    for (size_t s = 0; s < plan->n_steps; s++)
        for (size_t i = 0; plan->steps[s].algorithm && i < count_algorithms(plan); i++) {
            if (!choice_at(plan, &plan->steps[s], i, &choice))
                continue;
            if (cd_cancelled(cancel))
                return cd_error(CNN_ERROR_CANCELLED, "measuring cancelled on request");
            CD_TRY(add_candidates(plan, &plan->steps[s], &choice, candidates, n));
        }
    return CNN_OK;
}
