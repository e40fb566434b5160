/* SPDX-License-Identifier: MIT
 *
 * Probabilities of a cat: printed by tests/programs/builtin_answers.c, which says how. */
#ifndef TESTS_IO_BUILTIN_ANSWERS_H
#define TESTS_IO_BUILTIN_ANSWERS_H

static const double builtin_answers[] = {
    0.826163173,
    0.415028363,
    0.395753980,
    0.662372828,
    0.225545615,
    0.417863458,
};

#endif
