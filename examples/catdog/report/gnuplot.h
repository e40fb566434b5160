/* SPDX-License-Identifier: MIT
 *
 * Draws diagrams with gnuplot. Gnuplot reads the script from standard input and writes the diagram
 * to standard output, so that no file name has to be quoted in the script. */
#ifndef CATDOG_GNUPLOT_H
#define CATDOG_GNUPLOT_H

#include <stdio.h>

/* Writes the commands of a script. data: the pointer that was passed to gnuplot_draw(). */
typedef void (*gnuplot_script_fn)(FILE *script, const void *data);

/* Returns 1 if the file name ends in .svg or .png. */
int gnuplot_draws(const char *out);

/* Draws the diagram into the file `out`, as PNG if its name ends in .png, else as SVG. The file is
 * created only when it is complete. Returns the exit status. */
int gnuplot_draw(gnuplot_script_fn write, const void *data, const char *out);

#endif
