/* SPDX-License-Identifier: MIT
 *
 * Learning-rate schedules. The rate is a function of the step's number only, so a resumed training
 * continues with the same rates. */
#ifndef CD_TRAIN_SCHEDULE_H
#define CD_TRAIN_SCHEDULE_H

#include "core/context.h"
#include "core/enum_names.h"

struct cd_schedule {
    cnn_schedule_t kind; /* any schedule except DEFAULT */
    double rate;         /* the largest rate */
    uint64_t total;      /* steps of the whole training, warm-up included */
    uint64_t warmup;     /* steps in which the rate rises from 0 */
    uint64_t interval;   /* STEP: steps between two changes, counted after the warm-up */
    double factor;       /* STEP: factor of each change */
};

/* Makes the schedule of a training. options: complete. steps: steps of one epoch. */
struct cd_schedule cd_schedule_make(const cnn_train_options_t *options, uint64_t steps);

/* The learning rate of step number `step` (from 0). */
double cd_schedule_rate(const struct cd_schedule *schedule, uint64_t step);

/* The names of cnn_schedule_t: "constant", "step", "cosine". DEFAULT has no name. */
extern const struct cd_enum_names cd_schedule_names;

#endif
