/* SPDX-License-Identifier: MIT
 *
 * Random shapes and numbers for tests, out of one seed that is printed and can be given back in
 * CATDOG_TEST_SEED; arrays with guards around them, for what must not write outside. */
#ifndef TESTS_SUPPORT_RANDOM_ARRAYS_H
#define TESTS_SUPPORT_RANDOM_ARRAYS_H

#include <stddef.h>

/* A fixture: starts the numbers from their first. */
void seed_tests(void);

size_t draw(size_t low, size_t high); /* both may come */
float draw_value(void);               /* -1 .. 1 */

/* n floats, random or NaN, with guards on both sides. */
float *guarded_array(size_t n, int random);
void release_guarded(float *values);
void check_guards(const char *what, const float *values, size_t n);

#endif
