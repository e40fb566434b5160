/* SPDX-License-Identifier: MIT */
#include "measure/profile.h"

#include "core/memory.h"
#include "core/pool.h"
#include "kernels/kernels.h"
#include "measure/machine.h"
#include "measure/profile_time.h"
#include "measure/profile_work.h"

/* So small that the weights hardly change, however many steps are timed. */
static const double learning_rate = 1e-9;

/* ---- what is run ---- */

static void train_step(struct cd_profile_work *work)
{
    const struct cd_targets targets = {.labels = work->labels};

    work->loss = cd_trainer_step(&work->trainer, work->x, &targets, work->options->batch_size, 0,
                                 learning_rate, work->outputs);
}

static void predict_batch(struct cd_profile_work *work)
{
    cd_plan_predict(work->predict, work->model->weights, work->model->statistics, work->x,
                    work->options->batch_size);
}

static void predict_one(struct cd_profile_work *work)
{
    cd_plan_predict(work->predict_one, work->model->weights, work->model->statistics, work->x, 1);
}

/* ---- what is measured ---- */

static void add_candidate(cnn_profile_t *profile, const struct cd_plan_candidate *candidate)
{
    profile->candidates[profile->n_candidates++] = (cnn_profile_candidate_t){
        .struct_size = sizeof(cnn_profile_candidate_t),
        .layer = cd_graph_node(profile->graph, candidate->layer)->name,
        .algorithm = candidate->algorithm,
        .pass = candidate->pass,
        .cost = candidate->cost,
        .seconds = candidate->seconds,
        .chosen = candidate->chosen,
    };
}

/* Times each convolution algorithm if options->tune is set. */
static cnn_status_t measure_candidates(struct cd_profile_work *work, const struct cd_plan *plan)
{
    size_t n;

    if (!work->options->tune)
        return CNN_OK;
    CD_TRY(cd_plan_candidates(plan, work->options->cancel, work->candidates, &n));
    for (size_t i = 0; i < n; i++)
        add_candidate(work->profile, &work->candidates[i]);
    return CNN_OK;
}

static cnn_status_t measure_training(struct cd_profile_work *work)
{
    const struct cd_profile_subject training = {train_step, work->trainer.plan, 1};
    cnn_profile_summary_t *s = &work->profile->summary;

    CD_TRY(cd_profile_time(work, &training, &s->train_step_seconds, &s->train_best_seconds));
    s->train_images_per_second = s->batch_size / s->train_step_seconds;
    return measure_candidates(work, work->trainer.plan);
}

static cnn_status_t measure_prediction(struct cd_profile_work *work)
{
    const struct cd_profile_subject batch = {predict_batch, work->predict, 0};
    const struct cd_profile_subject one = {predict_one, NULL, 0};
    cnn_profile_summary_t *s = &work->profile->summary;

    CD_TRY(cd_profile_time(work, &batch, &s->predict_seconds, &s->predict_best_seconds));
    s->predict_images_per_second = s->batch_size / s->predict_seconds;
    CD_TRY(cd_profile_time(work, &one, &s->latency_seconds, &s->latency_best_seconds));
    return measure_candidates(work, work->predict);
}

static void measure_machine(struct cd_profile_work *work)
{
    cnn_profile_summary_t *s = &work->profile->summary;

    s->fma_gflops = cd_machine_fma_gflops(work->context);
    s->bandwidth_gbs = cd_machine_bandwidth_gbs(work->context, work->memory);
    cd_free(work->context, work->memory);
    work->memory = NULL;
}

static cnn_status_t measure(struct cd_profile_work *work)
{
    CD_TRY(cd_profile_work_init(work));
    measure_machine(work);
    if (!work->options->predict_only)
        CD_TRY(measure_training(work));
    cd_trainer_release(&work->trainer);
    return measure_prediction(work);
}

/* ---- the profile ---- */

static cnn_status_t fill(cnn_profile_t *profile, const cnn_graph_t *graph,
                         const cnn_profile_options_t *options)
{
    struct cd_profile_work work = {
        .options = options,
        .profile = profile,
        .context = profile->context,
        .most_runs = options->runs ? options->runs : CD_PROFILE_MOST_RUNS,
    };

    profile->summary = (cnn_profile_summary_t){
        .kernels = profile->context->kernels->name,
        .threads = (uint32_t)cd_pool_threads(profile->context->pool),
        .batch_size = options->batch_size,
    };
    CD_TRY(cd_graph_copy(graph, &profile->graph));
    const cnn_status_t rc = measure(&work);
    cd_profile_work_release(&work);
    return rc;
}

cnn_status_t cd_profile_create(const cnn_graph_t *graph, const cnn_profile_options_t *options,
                               cnn_profile_t **out)
{
    cnn_profile_t *profile = cd_alloc(graph->context, 1, sizeof *profile);

    *out = NULL;
    if (!profile)
        return cd_error_memory();
    profile->context = cd_context_ref(graph->context);
    const cnn_status_t rc = fill(profile, graph, options);
    if (rc != CNN_OK) {
        cd_profile_free(profile);
        return rc;
    }
    *out = profile;
    return CNN_OK;
}

void cd_profile_free(cnn_profile_t *profile)
{
    if (!profile)
        return;
    cnn_context_t *context = profile->context;
    cd_graph_free(profile->graph);
    cd_free(context, profile->entries);
    cd_free(context, profile->candidates);
    cd_free(context, profile);
    cd_context_unref(context);
}
