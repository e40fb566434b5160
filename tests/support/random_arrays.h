/* SPDX-License-Identifier: MIT
 *
 * Draws random numbers for tests, and allocates arrays with guards, which detect writes outside the
 * array. The seed of the random numbers is printed. The variable CATDOG_TEST_SEED sets it. */
#ifndef TESTS_SUPPORT_RANDOM_ARRAYS_H
#define TESTS_SUPPORT_RANDOM_ARRAYS_H

#include <stddef.h>

/* Setup function of a fixture: seeds the random numbers and prints the seed. */
void seed_tests(void);

size_t draw(size_t low, size_t high); /* returns low to high, inclusive */
float draw_value(void);               /* returns -1 to 1 */

/* Returns n floats with guards on both sides: random numbers, or NaN if random is 0. */
float *guarded_array(size_t n, int random);
void release_guarded(float *values);
void check_guards(const char *what, const float *values, size_t n);

#endif
