/* SPDX-License-Identifier: MIT
 *
 * Pictures for the built-in model, the same on every machine, and what it makes of them. */
#ifndef TESTS_SUPPORT_BUILTIN_PICTURES_H
#define TESTS_SUPPORT_BUILTIN_PICTURES_H

#include <catdog/catdog.h>

enum { BUILTIN_PICTURES = 6 };

/* Picture index: the probability of class 1, in double. Any failure: -1. */
double builtin_picture_answer(cnn_session_t *session, size_t index);

#endif
