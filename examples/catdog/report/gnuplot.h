/* SPDX-License-Identifier: MIT
 *
 * Diagrams by gnuplot. It reads a script from standard input and writes to standard output, so no
 * file name has to be quoted. */
#ifndef CATDOG_GNUPLOT_H
#define CATDOG_GNUPLOT_H

#include <stdio.h>

/* Writes the arguments of gnuplot's `set terminal`. */
typedef void (*gnuplot_script_fn)(FILE *script, const void *data);

/* Returns 1 if the file name ends in .svg or .png. */
int gnuplot_draws(const char *out);

/* Draws into the file `out`, which appears when it is complete. Returns the exit status. */
int gnuplot_draw(gnuplot_script_fn write, const void *data, const char *out);

#endif
