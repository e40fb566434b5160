/* SPDX-License-Identifier: MIT */
#include "measure/profile_time.h"

#include <math.h>
#include <stdlib.h>

#include "core/clock.h"

enum { WARM_UPS = 2, LEAST_RUNS = 5 };

/* The number of seconds for which runs are timed if options->runs is 0. */
static const double usual_seconds = 1.0;

/* ---- runs ---- */

static double seconds_of_run(struct cd_profile_work *work, const struct cd_profile_subject *subject)
{
    const double start = cd_clock_seconds();
    subject->run(work);
    return cd_clock_seconds() - start;
}

static void time_passes(struct cd_profile_work *work, const struct cd_profile_subject *subject,
                        size_t n_passes, size_t run)
{
    cd_plan_take_times(subject->plan, work->times);
    work->trainer.update_seconds = subject->updates ? &work->update_seconds : NULL;
    subject->run(work);
    cd_plan_take_times(subject->plan, NULL);
    work->trainer.update_seconds = NULL;
    for (size_t p = 0; p < n_passes; p++)
        work->pass_seconds[p * work->most_runs + run] =
            cd_plan_pass_seconds(&work->passes[p], work->times);
    work->pass_seconds[n_passes * work->most_runs + run] = work->update_seconds;
}

static int is_enough(const struct cd_profile_work *work, size_t runs, double seconds)
{
    if (work->options->runs)
        return runs == work->options->runs;
    return runs == work->most_runs || (runs >= LEAST_RUNS && seconds >= usual_seconds);
}

static cnn_status_t check(const struct cd_profile_work *work)
{
    if (cd_cancelled(work->options->cancel))
        return cd_error(CNN_ERROR_CANCELLED, "measuring cancelled on request");
    if (!isfinite(work->loss))
        return cd_error(CNN_ERROR_NAN, "with fresh weights and random images the loss is not a "
                                       "finite number");
    return CNN_OK;
}

/* Runs the subject and stores the times in work->run_seconds and work->pass_seconds. *runs: the
 * number of timed runs. */
static cnn_status_t time_runs(struct cd_profile_work *work,
                              const struct cd_profile_subject *subject, size_t n_passes,
                              size_t *runs)
{
    for (int i = 0; i < WARM_UPS; i++) {
        CD_TRY(check(work));
        subject->run(work);
    }
    const double start = cd_clock_seconds();
    for (*runs = 0; !is_enough(work, *runs, cd_clock_seconds() - start); ++*runs) {
        CD_TRY(check(work));
        work->run_seconds[*runs] = seconds_of_run(work, subject);
        if (subject->plan)
            time_passes(work, subject, n_passes, *runs);
    }
    return check(work);
}

/* ---- results ---- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Returns the median. Sorts the values, so values[0] is the smallest afterwards. */
static double median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare);
    return n % 2 ? values[n / 2] : 0.5 * (values[n / 2 - 1] + values[n / 2]);
}

static cnn_profile_entry_t *add_entry(cnn_profile_t *profile)
{
    cnn_profile_entry_t *entry = &profile->entries[profile->n_entries++];

    entry->struct_size = sizeof *entry;
    entry->layer = entry->algorithm = "";
    return entry;
}

static void add_pass(struct cd_profile_work *work, const struct cd_plan_pass *pass, double seconds)
{
    cnn_profile_entry_t *entry = add_entry(work->profile);

    entry->layer = cd_graph_node(work->profile->graph, pass->layer)->name;
    entry->algorithm = pass->algorithm;
    entry->pass = pass->pass;
    entry->seconds = seconds;
    entry->multiply_adds = pass->multiply_adds;
    entry->bytes = pass->bytes;
}

/* Adds the entry of the optimizer's update. For each weight the update reads the gradient, the
 * weight and the moments, and writes the weight and the moments. */
static void add_update(struct cd_profile_work *work, double seconds)
{
    const struct cd_optimizer *optimizer = &work->trainer.optimizer;
    const double floats = 3.0 + 2.0 * (double)cd_optimizer_moments(optimizer->rule);
    cnn_profile_entry_t *entry = add_entry(work->profile);

    entry->pass = CNN_PASS_UPDATE;
    entry->seconds = seconds;
    entry->bytes = floats * sizeof(float) * (double)optimizer->gradients;
}

cnn_status_t cd_profile_time(struct cd_profile_work *work, const struct cd_profile_subject *subject,
                             double *seconds, double *best)
{
    const size_t n_passes = subject->plan ? cd_plan_passes(subject->plan, work->passes) : 0;
    size_t runs;

    CD_TRY(time_runs(work, subject, n_passes, &runs));
    *seconds = median(work->run_seconds, runs);
    *best = work->run_seconds[0];
    for (size_t p = 0; p < n_passes; p++)
        add_pass(work, &work->passes[p], median(work->pass_seconds + p * work->most_runs, runs));
    if (subject->updates)
        add_update(work, median(work->pass_seconds + n_passes * work->most_runs, runs));
    return CNN_OK;
}
