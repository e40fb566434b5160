/* SPDX-License-Identifier: MIT */
#include "train/schedule.h"

#include <math.h>

static const double PI = 3.14159265358979323846;

static const char *const names[] = {[CNN_SCHEDULE_CONSTANT] = "constant",
                                    [CNN_SCHEDULE_STEP] = "step",
                                    [CNN_SCHEDULE_COSINE] = "cosine"};

const struct cd_enum_names cd_schedule_names = CD_ENUM_NAMES(names);

struct cd_schedule cd_schedule_make(const cnn_train_options_t *options, uint64_t steps)
{
    return (struct cd_schedule){
        .kind = options->schedule,
        .rate = (double)options->learning_rate,
        .total = steps * options->epochs,
        .warmup = steps * (uint64_t)options->warmup_epochs,
        .interval = steps * options->step_epochs,
        .factor = (double)options->step_factor,
    };
}

double cd_schedule_rate(const struct cd_schedule *schedule, uint64_t step)
{
    /* Warm-up is linear: the rate of the first step is above 0, and the first step after the
     * warm-up has the full rate. */
    if (step < schedule->warmup)
        return schedule->rate * (double)(step + 1) / (double)(schedule->warmup + 1);
    step -= schedule->warmup;
    switch (schedule->kind) {
    case CNN_SCHEDULE_STEP:
        return schedule->rate * pow(schedule->factor, (double)(step / schedule->interval));
    case CNN_SCHEDULE_COSINE: {
        double length = (double)(schedule->total - schedule->warmup);
        return schedule->rate * 0.5 * (1 + cos(PI * (double)step / length));
    }
    default:
        return schedule->rate;
    }
}
