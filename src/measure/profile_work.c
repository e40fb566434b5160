/* SPDX-License-Identifier: MIT */
#include "measure/profile_work.h"

#include "core/memory.h"
#include "core/random.h"
#include "measure/machine.h"
#include "train/train_options.h"

/* A plan times at most three passes of a layer: the forward pass and two parts of the backward pass
 * (cnn_pass_t). */
enum { PASSES_A_STEP = 3 };

static cnn_status_t make_trainer(struct cd_profile_work *work)
{
    cnn_train_options_t options = {.struct_size = sizeof options};

    CD_TRY(cd_train_options_complete(work->context, work->model->graph->preset, &options));
    return cd_trainer_init(work->model, &options, work->options->batch_size, &work->trainer);
}

/* Fills work->x with random pixels from -1 to 1 and work->labels with each class in turn. */
static void fill_inputs(struct cd_profile_work *work, size_t in, size_t out)
{
    const uint64_t key = cd_random_key(1, CD_STREAM_AUGMENT, 0, 0);
    const size_t n = work->options->batch_size, classes = out > 1 ? out : 2;

    for (size_t i = 0; i < n * in; i++)
        work->x[i] = 2 * cd_random_float(key, i) - 1;
    for (size_t i = 0; i < n; i++)
        work->labels[i] = (uint32_t)(i % classes);
}

static cnn_status_t make_inputs(struct cd_profile_work *work)
{
    const cnn_graph_t *graph = work->model->graph;
    const size_t n = work->options->batch_size, in = cd_shape_size(graph->nodes[0].shape);
    const size_t out = cd_shape_size(cd_graph_output(graph)->shape);

    work->x = cd_alloc_unset(work->context, n, in * sizeof *work->x);
    work->outputs = cd_alloc(work->context, n, out * sizeof *work->outputs);
    work->labels = cd_alloc(work->context, n, sizeof *work->labels);
    if (!work->x || !work->outputs || !work->labels)
        return cd_error_memory();
    fill_inputs(work, in, out);
    return CNN_OK;
}

static cnn_status_t make_times(struct cd_profile_work *work)
{
    const size_t n_nodes = work->model->graph->n_nodes;
    const size_t n_passes = PASSES_A_STEP * n_nodes + 1; /* + 1: the optimizer's update */
    cnn_context_t *context = work->context;

    work->times = cd_alloc(context, n_nodes, sizeof *work->times);
    work->passes = cd_alloc(context, n_passes, sizeof *work->passes);
    work->pass_seconds = cd_alloc(context, n_passes, work->most_runs * sizeof(double));
    work->run_seconds = cd_alloc(context, work->most_runs, sizeof *work->run_seconds);
    work->memory = cd_alloc_unset(context, CD_MACHINE_FLOATS, sizeof *work->memory);
    work->profile->entries = cd_alloc(context, 2 * n_passes, sizeof *work->profile->entries);
    return work->times && work->passes && work->pass_seconds && work->run_seconds &&
                   work->memory && work->profile->entries
               ? CNN_OK
               : cd_error_memory();
}

static cnn_status_t make_candidates(struct cd_profile_work *work)
{
    const size_t most = cd_plan_candidates_most(work->predict);

    if (!work->options->tune)
        return CNN_OK;
    work->candidates = cd_alloc(work->context, most, sizeof *work->candidates);
    work->profile->candidates =
        cd_alloc(work->context, 2 * most, sizeof *work->profile->candidates);
    return work->candidates && work->profile->candidates ? CNN_OK : cd_error_memory();
}

cnn_status_t cd_profile_work_init(struct cd_profile_work *work)
{
    const cnn_model_options_t options = {.struct_size = sizeof options};
    const struct cd_plan_options of_batch = {.batch = work->options->batch_size};
    const struct cd_plan_options of_one = {.batch = 1};

    CD_TRY(cd_model_create(work->profile->graph, &options, &work->model));
    CD_TRY(make_inputs(work));
    CD_TRY(make_times(work));
    if (!work->options->predict_only)
        CD_TRY(make_trainer(work));
    CD_TRY(cd_plan_create_tuned(work->model->graph, &of_batch, &work->predict));
    CD_TRY(cd_plan_create_tuned(work->model->graph, &of_one, &work->predict_one));
    return make_candidates(work);
}

void cd_profile_work_release(struct cd_profile_work *work)
{
    cd_trainer_release(&work->trainer);
    cd_plan_free(work->predict);
    cd_plan_free(work->predict_one);
    cd_model_unref(work->model);
    cd_free(work->context, work->x);
    cd_free(work->context, work->outputs);
    cd_free(work->context, work->labels);
    cd_free(work->context, work->times);
    cd_free(work->context, work->passes);
    cd_free(work->context, work->pass_seconds);
    cd_free(work->context, work->run_seconds);
    cd_free(work->context, work->candidates);
    cd_free(work->context, work->memory);
}
