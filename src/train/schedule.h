/* SPDX-License-Identifier: MIT
 *
 * The learning rate as a function of the step's index alone, so that a resumed training needs
 * nothing else to go on as before. */
#ifndef CD_TRAIN_SCHEDULE_H
#define CD_TRAIN_SCHEDULE_H

#include "core/context.h"
#include "core/enum_names.h"

struct cd_schedule {
    cnn_schedule_t kind; /* not DEFAULT */
    double rate;         /* the largest */
    uint64_t total;      /* steps of the whole training, warm-up included */
    uint64_t warmup;     /* steps from 0 up to the rate */
    uint64_t interval;   /* STEP: steps, counted from the end of the warm-up, between two cuts */
    double factor;       /* STEP: of each cut */
};

/* options: complete. steps: of one epoch. */
struct cd_schedule cd_schedule_make(const cnn_train_options_t *options, uint64_t steps);

/* step: from 0. */
double cd_schedule_rate(const struct cd_schedule *schedule, uint64_t step);

/* Of cnn_schedule_t: "constant", "step", "cosine". The value DEFAULT has no name. */
extern const struct cd_enum_names cd_schedule_names;

#endif
