/* SPDX-License-Identifier: MIT
 *
 * Probabilities of a cat: printed by tests/programs/builtin_answers.c, which says how. */
#ifndef TESTS_IO_BUILTIN_ANSWERS_H
#define TESTS_IO_BUILTIN_ANSWERS_H

static const double builtin_answers[] = {
    0.852683127,
    0.876834512,
    0.602350354,
    0.552453756,
    0.353238344,
    0.275721788,
};

#endif
