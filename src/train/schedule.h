/* SPDX-License-Identifier: MIT
 *
 * Learning-rate schedules. The rate depends on the step number only, so a resumed training
 * continues with the same rates. */
#ifndef CD_TRAIN_SCHEDULE_H
#define CD_TRAIN_SCHEDULE_H

#include "core/context.h"
#include "core/enum_names.h"

struct cd_schedule {
    cnn_schedule_t kind; /* any schedule except DEFAULT */
    double rate;         /* the highest learning rate */
    uint64_t total;      /* number of steps of the training, including the warm-up */
    uint64_t warmup;     /* number of steps in which the rate rises from 0 */
    /* STEP: number of steps between two changes, counted from the end of the warm-up */
    uint64_t interval;
    double factor;       /* STEP: factor by which the rate changes */
};

/* Creates the schedule of a training. options: with all defaults filled in. steps: number of steps
 * in an epoch. */
struct cd_schedule cd_schedule_make(const cnn_train_options_t *options, uint64_t steps);

/* Returns the learning rate of step number `step` (from 0). */
double cd_schedule_rate(const struct cd_schedule *schedule, uint64_t step);

/* The names of cnn_schedule_t: "constant", "step", "cosine". CNN_SCHEDULE_DEFAULT has no name. */
extern const struct cd_enum_names cd_schedule_names;

#endif
