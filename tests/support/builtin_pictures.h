/* SPDX-License-Identifier: MIT
 *
 * Predicts generated images, which are the same on every machine. */
#ifndef TESTS_SUPPORT_BUILTIN_PICTURES_H
#define TESTS_SUPPORT_BUILTIN_PICTURES_H

#include <catdog/catdog.h>

enum { BUILTIN_PICTURES = 6 };

/* Returns the probability of class 1 for generated image `index`, or -1 on failure. */
double builtin_picture_answer(cnn_session_t *session, size_t index);

#endif
