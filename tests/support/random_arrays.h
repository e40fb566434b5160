/* SPDX-License-Identifier: MIT
 *
 * Random shapes and numbers for tests, and arrays with guards that detect writes outside. The
 * numbers have one seed. It is printed and can be set in CATDOG_TEST_SEED. */
#ifndef TESTS_SUPPORT_RANDOM_ARRAYS_H
#define TESTS_SUPPORT_RANDOM_ARRAYS_H

#include <stddef.h>

/* A fixture: restarts the random numbers. */
void seed_tests(void);

size_t draw(size_t low, size_t high); /* low .. high, inclusive */
float draw_value(void);               /* -1 .. 1 */

/* Returns n floats, random or NaN, with guards on both sides. */
float *guarded_array(size_t n, int random);
void release_guarded(float *values);
void check_guards(const char *what, const float *values, size_t n);

#endif
