/* SPDX-License-Identifier: MIT
 *
 * Probabilities of a cat: printed by tests/programs/builtin_answers.c, which says how. */
#ifndef TESTS_IO_BUILTIN_ANSWERS_H
#define TESTS_IO_BUILTIN_ANSWERS_H

static const double builtin_answers[] = {
    0.973181129,
    0.945174158,
    0.729224086,
    0.502861977,
    0.423385292,
    0.390935749,
};

#endif
