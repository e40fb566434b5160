/* SPDX-License-Identifier: MIT
 *
 * Generated images for the built-in model, the same on every machine, with its predictions. */
#ifndef TESTS_SUPPORT_BUILTIN_PICTURES_H
#define TESTS_SUPPORT_BUILTIN_PICTURES_H

#include <catdog/catdog.h>

enum { BUILTIN_PICTURES = 6 };

/* Returns the probability of class 1 for image number index, or -1 after any failure. */
double builtin_picture_answer(cnn_session_t *session, size_t index);

#endif
