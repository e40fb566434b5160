/* SPDX-License-Identifier: MIT
 *
 * Everything is allocated before anything is timed. Whole runs and runs with times of their parts
 * alternate, so that both see the same machine. */
#include "measure/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/memory.h"
#include "core/pool.h"
#include "core/random.h"
#include "kernels/kernels.h"
#include "plan/passes.h"
#include "plan/tune.h"
#include "measure/machine.h"
#include "train/train_options.h"
#include "train/trainer.h"

enum { WARM_UPS = 2, LEAST_RUNS = 5, PARTS_A_STEP = 3 };

/* Without a number of runs, so many seconds of them. */
static const double usual_seconds = 1.0;

/* So small a step that weights stay what they are, however many there are. */
static const double learning_rate = 1e-9;

/* What measuring needs, gone when it is done. */
struct work {
    const cnn_profile_options_t *options;
    cnn_profile_t *profile;
    cnn_context_t *context;
    cnn_model_t *model;
    struct cd_trainer trainer;
    struct cd_plan *predict, *predict_one;
    float *x, *outputs;
    uint32_t *labels;
    struct cd_step_times *times; /* of the steps of a plan */
    double update_seconds;
    double loss;
    struct cd_plan_pass *parts; /* of a plan */
    double *part_seconds;       /* most_runs of each part, then of the update */
    double *run_seconds;        /* most_runs */
    size_t most_runs;
    struct cd_plan_candidate *candidates; /* of a plan; NULL if they are not asked for */
    float *memory; /* to be read */
};

/* Something that is run again and again. */
struct subject {
    void (*run)(struct work *work);
    struct cd_plan *plan; /* whose parts are timed; NULL: none */
    int updates;          /* and the update of the weights */
};

/* ---- subjects ---- */

static void train_step(struct work *work)
{
    const struct cd_targets targets = {.labels = work->labels};

    work->loss = cd_trainer_step(&work->trainer, work->x, &targets, work->options->batch_size, 0,
                                 learning_rate, work->outputs);
}

static void predict_batch(struct work *work)
{
    cd_plan_predict(work->predict, work->model->weights, work->model->statistics, work->x,
                    work->options->batch_size);
}

static void predict_one(struct work *work)
{
    cd_plan_predict(work->predict_one, work->model->weights, work->model->statistics, work->x, 1);
}

/* ---- timing ---- */

static double seconds_of_run(struct work *work, const struct subject *subject)
{
    const double start = cd_clock_seconds();
    subject->run(work);
    return cd_clock_seconds() - start;
}

static void time_parts(struct work *work, const struct subject *subject, size_t n_parts, size_t run)
{
    cd_plan_take_times(subject->plan, work->times);
    work->trainer.update_seconds = subject->updates ? &work->update_seconds : NULL;
    subject->run(work);
    cd_plan_take_times(subject->plan, NULL);
    work->trainer.update_seconds = NULL;
    for (size_t p = 0; p < n_parts; p++)
        work->part_seconds[p * work->most_runs + run] =
            cd_plan_pass_seconds(&work->parts[p], work->times);
    work->part_seconds[n_parts * work->most_runs + run] = work->update_seconds;
}

static int enough(const struct work *work, size_t runs, double seconds)
{
    if (work->options->runs)
        return runs == work->options->runs;
    return runs == work->most_runs || (runs >= LEAST_RUNS && seconds >= usual_seconds);
}

static cnn_status_t check(const struct work *work)
{
    if (cd_cancelled(work->options->cancel))
        return cd_error(CNN_ERROR_CANCELLED, "measuring cancelled on request");
    if (!isfinite(work->loss))
        return cd_error(CNN_ERROR_NAN,
                        "with fresh weights and random pictures the loss is not a finite number");
    return CNN_OK;
}

/* Leaves the times in run_seconds and part_seconds. Errors: CANCELLED, NAN. */
static cnn_status_t time_runs(struct work *work, const struct subject *subject, size_t n_parts,
                              size_t *runs)
{
    for (int i = 0; i < WARM_UPS; i++) {
        CD_TRY(check(work));
        subject->run(work);
    }
    const double start = cd_clock_seconds();
    for (*runs = 0; !enough(work, *runs, cd_clock_seconds() - start); ++*runs) {
        CD_TRY(check(work));
        work->run_seconds[*runs] = seconds_of_run(work, subject);
        if (subject->plan)
            time_parts(work, subject, n_parts, *runs);
    }
    return check(work);
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the values: the first is then the least. */
static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

/* ---- results ---- */

static cnn_profile_entry_t *add_entry(cnn_profile_t *profile)
{
    cnn_profile_entry_t *entry = &profile->entries[profile->n_entries++];

    entry->struct_size = sizeof *entry;
    entry->layer = entry->algorithm = "";
    return entry;
}

static void add_part(struct work *work, const struct cd_plan_pass *part, double seconds)
{
    cnn_profile_entry_t *entry = add_entry(work->profile);

    entry->layer = cd_graph_node(work->profile->graph, part->layer)->name;
    entry->algorithm = part->algorithm;
    entry->pass = part->pass;
    entry->seconds = seconds;
    entry->multiply_adds = part->multiply_adds;
    entry->bytes = part->bytes;
}

/* The optimizer reads gradient, weight and moments, and writes weight and moments. */
static void add_update(struct work *work, double seconds)
{
    const struct cd_optimizer *optimizer = &work->trainer.optimizer;
    const double floats = 3.0 + 2.0 * (double)cd_optimizer_moments(optimizer->rule);
    cnn_profile_entry_t *entry = add_entry(work->profile);

    entry->pass = CNN_PASS_UPDATE;
    entry->seconds = seconds;
    entry->bytes = floats * sizeof(float) * (double)optimizer->gradients;
}

static cnn_status_t measure(struct work *work, const struct subject *subject, double *seconds,
                            double *best)
{
    const size_t n_parts = subject->plan ? cd_plan_passes(subject->plan, work->parts) : 0;
    size_t runs;

    CD_TRY(time_runs(work, subject, n_parts, &runs));
    *seconds = median(work->run_seconds, runs);
    *best = work->run_seconds[0];
    for (size_t p = 0; p < n_parts; p++)
        add_part(work, &work->parts[p], median(work->part_seconds + p * work->most_runs, runs));
    if (subject->updates)
        add_update(work, median(work->part_seconds + n_parts * work->most_runs, runs));
    return CNN_OK;
}

/* ---- candidates ---- */

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

static cnn_status_t make_candidates(struct work *work)
{
    const size_t most = cd_plan_candidates_most(work->predict);

    if (!work->options->tune)
        return CNN_OK;
    work->candidates = cd_alloc(work->context, most, sizeof *work->candidates);
    work->profile->candidates =
        cd_alloc(work->context, 2 * most, sizeof *work->profile->candidates);
    return work->candidates && work->profile->candidates ? CNN_OK : cd_error_memory();
}

static cnn_status_t measure_candidates(struct work *work, const struct cd_plan *plan)
{
    size_t n;

    if (!work->options->tune)
        return CNN_OK;
    CD_TRY(cd_plan_candidates(plan, work->options->cancel, work->candidates, &n));
    for (size_t i = 0; i < n; i++)
        add_candidate(work->profile, &work->candidates[i]);
    return CNN_OK;
}

/* ---- what is measured ---- */

static cnn_status_t measure_training(struct work *work)
{
    const struct subject training = {train_step, work->trainer.plan, 1};
    cnn_profile_summary_t *s = &work->profile->summary;

    CD_TRY(measure(work, &training, &s->train_step_seconds, &s->train_best_seconds));
    s->train_images_per_second = s->batch_size / s->train_step_seconds;
    return measure_candidates(work, work->trainer.plan);
}

static cnn_status_t measure_prediction(struct work *work)
{
    const struct subject batch = {predict_batch, work->predict, 0};
    const struct subject one = {predict_one, NULL, 0};
    cnn_profile_summary_t *s = &work->profile->summary;

    CD_TRY(measure(work, &batch, &s->predict_seconds, &s->predict_best_seconds));
    s->predict_images_per_second = s->batch_size / s->predict_seconds;
    CD_TRY(measure(work, &one, &s->latency_seconds, &s->latency_best_seconds));
    return measure_candidates(work, work->predict);
}

static void measure_machine(struct work *work)
{
    cnn_profile_summary_t *s = &work->profile->summary;

    s->fma_gflops = cd_machine_fma_gflops(work->context);
    s->bandwidth_gbs = cd_machine_bandwidth_gbs(work->context, work->memory);
    cd_free(work->context, work->memory);
    work->memory = NULL;
}

/* ---- making it all ---- */

static cnn_status_t make_trainer(struct work *work)
{
    cnn_train_options_t options = {.struct_size = sizeof options};

    CD_TRY(cd_train_options_complete(work->model->context, work->model->graph->preset, &options));
    return cd_trainer_init(work->model, &options, work->options->batch_size, &work->trainer);
}

static void fill_inputs(struct work *work, size_t in, size_t out)
{
    const uint64_t key = cd_random_key(1, CD_STREAM_AUGMENT, 0, 0);
    const size_t n = work->options->batch_size, classes = out > 1 ? out : 2;

    for (size_t i = 0; i < n * in; i++)
        work->x[i] = 2 * cd_random_float(key, i) - 1;
    for (size_t i = 0; i < n; i++)
        work->labels[i] = (uint32_t)(i % classes);
}

static cnn_status_t make_buffers(struct work *work)
{
    const cnn_graph_t *graph = work->model->graph;
    const size_t n = work->options->batch_size, in = cd_shape_size(graph->nodes[0].shape);
    const size_t out = cd_shape_size(cd_graph_output(graph)->shape);
    const size_t n_parts = PARTS_A_STEP * graph->n_nodes + 1; /* with the update */
    cnn_context_t *context = work->context;

    work->x = cd_alloc_unset(context, n, in * sizeof *work->x);
    work->outputs = cd_alloc(context, n, out * sizeof *work->outputs);
    work->labels = cd_alloc(context, n, sizeof *work->labels);
    work->times = cd_alloc(context, graph->n_nodes, sizeof *work->times);
    work->parts = cd_alloc(context, n_parts, sizeof *work->parts);
    work->part_seconds = cd_alloc(context, n_parts, work->most_runs * sizeof(double));
    work->run_seconds = cd_alloc(context, work->most_runs, sizeof *work->run_seconds);
    work->memory = cd_alloc_unset(context, CD_MACHINE_FLOATS, sizeof *work->memory);
    work->profile->entries = cd_alloc(context, 2 * n_parts, sizeof *work->profile->entries);
    if (!work->x || !work->outputs || !work->labels || !work->times || !work->parts ||
        !work->part_seconds || !work->run_seconds || !work->memory || !work->profile->entries)
        return cd_error_memory();
    fill_inputs(work, in, out);
    return CNN_OK;
}

static cnn_status_t make_work(struct work *work)
{
    const cnn_model_options_t options = {.struct_size = sizeof options};
    const struct cd_plan_options of_batch = {.batch = work->options->batch_size};
    const struct cd_plan_options of_one = {.batch = 1};

    CD_TRY(cd_model_create(work->profile->graph, &options, &work->model));
    CD_TRY(make_buffers(work));
    if (!work->options->inference)
        CD_TRY(make_trainer(work));
    CD_TRY(cd_plan_create_tuned(work->model->graph, &of_batch, &work->predict));
    CD_TRY(cd_plan_create_tuned(work->model->graph, &of_one, &work->predict_one));
    return make_candidates(work);
}

static void release_work(struct work *work)
{
    cd_trainer_release(&work->trainer);
    cd_plan_free(work->predict);
    cd_plan_free(work->predict_one);
    cd_model_unref(work->model);
    cd_free(work->context, work->x);
    cd_free(work->context, work->outputs);
    cd_free(work->context, work->labels);
    cd_free(work->context, work->times);
    cd_free(work->context, work->parts);
    cd_free(work->context, work->part_seconds);
    cd_free(work->context, work->run_seconds);
    cd_free(work->context, work->candidates);
    cd_free(work->context, work->memory);
}

static cnn_status_t run(struct work *work)
{
    CD_TRY(make_work(work));
    measure_machine(work);
    if (!work->options->inference)
        CD_TRY(measure_training(work));
    cd_trainer_release(&work->trainer);
    return measure_prediction(work);
}

cnn_status_t cd_profile_create(const cnn_graph_t *graph, const cnn_profile_options_t *options,
                               cnn_profile_t **out)
{
    cnn_context_t *context = graph->context;
    cnn_profile_t *profile = cd_alloc(context, 1, sizeof *profile);

    *out = NULL;
    if (!profile)
        return cd_error_memory();
    struct work work = {
        .options = options,
        .profile = profile,
        .context = context,
        .most_runs = options->runs ? options->runs : CD_PROFILE_MOST_RUNS,
    };
    profile->context = cd_context_ref(context);
    profile->summary = (cnn_profile_summary_t){
        .kernels = context->kernels->name,
        .threads = (uint32_t)cd_pool_threads(context->pool),
        .batch_size = options->batch_size,
    };
    cnn_status_t rc = cd_graph_copy(graph, &profile->graph);
    if (rc == CNN_OK)
        rc = run(&work);
    release_work(&work);
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
