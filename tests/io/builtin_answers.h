/* SPDX-License-Identifier: MIT
 *
 * Probabilities of a cat: printed by tests/programs/builtin_answers.c, which says how. */
#ifndef TESTS_IO_BUILTIN_ANSWERS_H
#define TESTS_IO_BUILTIN_ANSWERS_H

static const double builtin_answers[] = {
    0.841781259,
    0.893164694,
    0.603949010,
    0.675693870,
    0.684342027,
    0.667195022,
};

#endif
