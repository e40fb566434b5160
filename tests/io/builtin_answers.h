/* SPDX-License-Identifier: MIT
 *
 * Probabilities of a cat: printed by tests/programs/builtin_answers.c, which says how. */
#ifndef TESTS_IO_BUILTIN_ANSWERS_H
#define TESTS_IO_BUILTIN_ANSWERS_H

static const double builtin_answers[] = {
    0.710758984,
    0.818315446,
    0.569896936,
    0.678333163,
    0.514606416,
    0.260503948,
};

#endif
