/* SPDX-License-Identifier: MIT
 *
 * Learning-rate schedules. */
#include <check.h>
#include <math.h>

#include "train/schedule.h"

enum { STEPS = 10 }; /* steps of an epoch */

static struct cd_schedule make(cnn_schedule_t kind, uint32_t epochs, uint32_t warmup)
{
    const cnn_train_options_t options = {.epochs = epochs,
                                         .learning_rate = 0.5f,
                                         .schedule = kind,
                                         .warmup_epochs = warmup,
                                         .step_epochs = 3,
                                         .step_factor = 0.25f};
    return cd_schedule_make(&options, STEPS);
}

START_TEST(constant)
{
    struct cd_schedule s = make(CNN_SCHEDULE_CONSTANT, 4, 0);
    for (uint64_t i = 0; i < 40; i++)
        ck_assert(cd_schedule_rate(&s, i) == 0.5);
}
END_TEST

START_TEST(steps)
{
    struct cd_schedule s = make(CNN_SCHEDULE_STEP, 9, 0);
    for (uint64_t i = 0; i < 90; i++)
        ck_assert(cd_schedule_rate(&s, i) == (i < 30 ? 0.5 : i < 60 ? 0.125 : 0.03125));
}
END_TEST

START_TEST(cosine)
{
    struct cd_schedule s = make(CNN_SCHEDULE_COSINE, 4, 0);
    ck_assert(cd_schedule_rate(&s, 0) == 0.5);
    ck_assert_double_eq_tol(cd_schedule_rate(&s, 10), 0.5 * (1 + sqrt(0.5)) / 2, 1e-15);
    ck_assert_double_eq_tol(cd_schedule_rate(&s, 20), 0.25, 1e-15);
    ck_assert_double_eq_tol(cd_schedule_rate(&s, 40), 0, 1e-15);
    for (uint64_t i = 1; i < 40; i++) {
        ck_assert(cd_schedule_rate(&s, i) < cd_schedule_rate(&s, i - 1));
        ck_assert(cd_schedule_rate(&s, i) > 0); /* the first step has a rate above 0 */
    }
}
END_TEST

START_TEST(warm_up)
{
    struct cd_schedule s = make(CNN_SCHEDULE_STEP, 9, 2), c = make(CNN_SCHEDULE_COSINE, 9, 2);
    struct cd_schedule only = make(CNN_SCHEDULE_COSINE, 2, 5);

    for (uint64_t i = 0; i < 20; i++) {
        ck_assert_double_eq_tol(cd_schedule_rate(&s, i), 0.5 * (double)(i + 1) / 21, 1e-15);
        ck_assert(cd_schedule_rate(&s, i) == cd_schedule_rate(&c, i));
        ck_assert(cd_schedule_rate(&only, i) > 0 && cd_schedule_rate(&only, i) < 0.5);
    }
    /* After the warm-up the schedule begins. */
    ck_assert(cd_schedule_rate(&s, 20) == 0.5 && cd_schedule_rate(&c, 20) == 0.5);
    ck_assert(cd_schedule_rate(&s, 49) == 0.5 && cd_schedule_rate(&s, 50) == 0.125);
    ck_assert_double_eq_tol(cd_schedule_rate(&c, 55), 0.25, 1e-15);
}
END_TEST

Suite *suite_schedule(void)
{
    Suite *suite = suite_create("schedule");
    TCase *tc = tcase_create("schedule");

    tcase_add_test(tc, constant);
    tcase_add_test(tc, steps);
    tcase_add_test(tc, cosine);
    tcase_add_test(tc, warm_up);
    suite_add_tcase(suite, tc);
    return suite;
}
