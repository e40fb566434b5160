/* SPDX-License-Identifier: MIT
 *
 * Pictures by gnuplot. It is given a script and data by a pipe and writes its picture to a file
 * that is already open, so no file name ever passes through a language. */
#ifndef CATDOG_GNUPLOT_H
#define CATDOG_GNUPLOT_H

#include <stdio.h>

/* Writes what follows `set terminal`. */
typedef void (*gnuplot_script_fn)(FILE *script, const void *data);

/* Whether a picture can have this name: it ends in .svg or .png. */
int gnuplot_draws(const char *out);

/* Draws into out, atomically. Returns EXIT_SUCCESS, or EXIT_FAILURE after telling why. */
int gnuplot_draw(gnuplot_script_fn write, const void *data, const char *out);

#endif
