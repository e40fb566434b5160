/* SPDX-License-Identifier: MIT
 *
 * Times something again and again, as a whole and pass by pass. */
#ifndef CD_MEASURE_PROFILE_TIME_H
#define CD_MEASURE_PROFILE_TIME_H

#include "measure/profile_work.h"

/* The subject of a measurement. */
struct cd_profile_subject {
    void (*run)(struct cd_profile_work *work);
    struct cd_plan *plan; /* each of its passes gets an entry; NULL: only the whole is timed */
    int updates;          /* 1: the optimizer's update gets an entry as well */
};

/* Runs the subject as often as options say, after runs that are not timed. *seconds: the median of
 * a whole run; *best: the fastest. Adds the entries of the passes, with medians, to the profile.
 * Whole runs and runs with timed passes alternate, so that both see the machine in the same state.
 * Errors: CANCELLED, NAN. */
cnn_status_t cd_profile_time(struct cd_profile_work *work, const struct cd_profile_subject *subject,
                             double *seconds, double *best);

#endif
