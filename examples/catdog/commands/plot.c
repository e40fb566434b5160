/* SPDX-License-Identifier: MIT
 *
 * catdog plot: learning curves through gnuplot. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/args.h"
#include "report/gnuplot.h"
#include "commands/plot_history.h"
#include "base/tool.h"

static int has_values(const struct history *history, enum history_column column)
{
    for (size_t i = 0; i < history->n; i++)
        if (isfinite(history->rows[i][column]))
            return 1;
    return 0;
}

static void write_data(FILE *script, const struct history *history)
{
    fputs("$data << EOD\n", script);
    for (size_t i = 0; i < history->n; i++) {
        for (size_t c = 0; c < HISTORY_COLUMNS; c++) {
            double value = history->rows[i][c];
            if (isfinite(value))
                fprintf(script, "%.9g ", value);
            else
                fputs("NaN ", script);
        }
        fputc('\n', script);
    }
    fputs("EOD\n", script);
}

/* One panel: a training curve and, if there was validation, its curve. */
static void write_panel(FILE *script, const struct history *history, const char *title,
                        enum history_column training, enum history_column validation)
{
    const char *style = history->n > 40 ? "lines lw 2" : "linespoints lw 2 pt 7 ps 0.5";
    int with_training = has_values(history, training);
    int with_validation = has_values(history, validation);

    if (!with_training && !with_validation)
        return;
    fprintf(script, "set title '%s'\nplot ", title);
    if (with_training)
        fprintf(script, "$data using 1:%d with %s lc rgb '#4477aa' title 'training'",
                (int)training + 1, style);
    if (with_validation)
        fprintf(script, "%s$data using 1:%d with %s lc rgb '#ee6677' title 'validation'",
                with_training ? ", " : "", (int)validation + 1, style);
    fputc('\n', script);
}

static void write_script(FILE *script, const void *data)
{
    const struct history *history = data;
    double first = history->rows[0][HISTORY_EPOCH];
    double last = history->rows[history->n - 1][HISTORY_EPOCH];

    write_data(script, history);
    fprintf(script,
            "set datafile missing 'NaN'\nset grid\nset xlabel 'epoch'\nset xtics nomirror\n"
            "set ytics nomirror\nset xrange [%.9g:%.9g]\nset multiplot layout 1,2\n",
            first - 0.5, last + 0.5);
    if (history->n <= 10)
        fputs("set xtics 1\n", script);
    fputs("set key top right\n", script);
    write_panel(script, history, "loss", HISTORY_LOSS, HISTORY_VAL_LOSS);
    fputs("set key bottom right\n", script);
    write_panel(script, history, "accuracy", HISTORY_ACCURACY, HISTORY_VAL_ACCURACY);
    fputs("unset multiplot\n", script);
}

static int plot(const char *csv, const char *out)
{
    struct history history;
    int rc = history_read(&history, csv);

    if (rc != EXIT_SUCCESS)
        return rc;
    if ((rc = gnuplot_draw(write_script, &history, out)) == EXIT_SUCCESS)
        printf("%s\n", out);
    history_free(&history);
    return rc;
}

int command_plot(int argc, char **argv)
{
    const char *out = NULL;
    const struct option options[] = {
        ARG_TEXT("out", &out, "FILE", "the picture, FILE.svg or FILE.png (needed)"),
        ARG_END,
    };
    const struct command command = {
        .name = "plot",
        .synopsis = "HISTORY.csv --out FILE.svg|FILE.png",
        .about = "Draws the loss and the accuracy of each epoch, in training and validation, from "
                 "the file\n"
                 "that catdog train --history wrote. Needs the program gnuplot.",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc != ARGS_GO_ON)
        return rc;
    if (!out)
        return args_error(&command, "--out FILE is needed");
    if (!gnuplot_draws(out))
        return args_error(&command, "--out: \"%s\" ends neither in .svg nor in .png", out);
    return plot(argv[0], out);
}
