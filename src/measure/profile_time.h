/* SPDX-License-Identifier: MIT
 *
 * Times repeated runs of a subject, such as a training step: whole runs and their passes. */
#ifndef CD_MEASURE_PROFILE_TIME_H
#define CD_MEASURE_PROFILE_TIME_H

#include "measure/profile_work.h"

/* What is measured, and which entries it gets in the profile. */
struct cd_profile_subject {
    void (*run)(struct cd_profile_work *work);
    /* plan whose passes get one entry each; NULL: only whole runs are timed */
    struct cd_plan *plan;
    int updates;          /* 1: the optimizer's update gets an entry, too */
};

/* Times the subject and adds an entry with the median time of each pass to the profile. *seconds:
 * the median time of the whole runs; *best: the shortest one. A few runs precede that are not
 * timed. work->options->runs is the number of timed runs; 0: about one second of runs. Whole runs
 * alternate with runs whose passes are timed, so that both see the machine in the same state.
 * Errors: CANCELLED, NAN. */
cnn_status_t cd_profile_time(struct cd_profile_work *work, const struct cd_profile_subject *subject,
                             double *seconds, double *best);

#endif
