/* SPDX-License-Identifier: MIT
 *
 * catdog plot: draws the learning curves of a training. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "commands/plot_history.h"
#include "report/gnuplot.h"

static const char *out;

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

/* Writes the gnuplot commands for one panel: a curve for training and, if the history has
 * validation values, a curve for validation. */
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

static int plot(const char *csv)
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

static const struct option options[] = {
    ARG_REQUIRED("out", OPTION_OUTPUT, &out, "FILE", "The diagram, FILE.svg or FILE.png."),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog train photos --preset conv48x2 --history history.csv",
     "Write the history of a training."},
    {"catdog plot history.csv --out curves.svg", "Draw it."},
    {NULL, NULL},
};

static int run(char **files, size_t n_files)
{
    (void)n_files;
    if (!gnuplot_draws(out))
        return command_usage(&command_plot, "--out: \"%s\" does not end in .svg or .png", out);
    return plot(files[0]);
}

const struct command command_plot = {
    .name = "plot",
    .summary = "draw the learning curves of a training (needs gnuplot)",
    .synopsis = "HISTORY.csv --out FILE.svg|FILE.png",
    .description =
        "This command draws loss and accuracy of each epoch, on training and validation photos, "
        "from a file that catdog train --history wrote. It needs the program gnuplot.",
    .options = options,
    .examples = examples,
    .min_files = 1,
    .max_files = 1,
    .run = run,
};
