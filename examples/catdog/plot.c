/* SPDX-License-Identifier: MIT
 *
 * catdog plot: learning curves through gnuplot. It is given a script and data by a pipe and writes
 * its picture to a file that is already open, so no file name ever passes through a language. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <math.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

#include "args.h"
#include "history.h"
#include "output.h"
#include "save.h"
#include "tool.h"

extern char **environ;

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
    const char *style = history->n > 40 ? "lines" : "linespoints";
    int with_training = has_values(history, training);
    int with_validation = has_values(history, validation);

    if (!with_training && !with_validation)
        return;
    fprintf(script, "set title '%s'\nplot ", title);
    if (with_training)
        fprintf(script,
                "$data using 1:%d with %s lw 2 pt 7 ps 0.5 lc rgb '#4477aa' "
                "title 'training'",
                (int)training + 1, style);
    if (with_validation)
        fprintf(script,
                "%s$data using 1:%d with %s lw 2 pt 7 ps 0.5 lc rgb '#ee6677' "
                "title 'validation'",
                with_training ? ", " : "", (int)validation + 1, style);
    fputc('\n', script);
}

static void write_script(FILE *script, const struct history *history, int png)
{
    double first = history->rows[0][HISTORY_EPOCH];
    double last = history->rows[history->n - 1][HISTORY_EPOCH];

    fprintf(script, "set terminal %s\n",
            png ? "png size 1200,500" : "svg size 1200,500 background rgb 'white'");
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

/* Starts gnuplot with input as its standard input and output as its standard output. */
static int start_gnuplot(int input, int output, pid_t *child)
{
    char name[] = "gnuplot", defaults[] = "--default-settings";
    char *const argv[] = {name, defaults, NULL};
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);

    if (error)
        return error;
    error = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    if (!error)
        error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (!error)
        error = posix_spawnp(child, name, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

static int wait_for(pid_t child)
{
    int status;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* The script goes through an unnamed file: gnuplot may end before it has read all. */
static int run_gnuplot(const struct history *history, int png, FILE *picture)
{
    FILE *script = tmpfile();
    pid_t child = -1;

    if (!script) {
        output_message("no temporary file can be made: %s", strerror(errno));
        return EXIT_FAILURE;
    }
    write_script(script, history, png);
    int written = fflush(script) == 0 && !ferror(script) && fseek(script, 0, SEEK_SET) == 0;
    int error = written ? start_gnuplot(fileno(script), fileno(picture), &child) : EIO;
    int rc = error ? EXIT_FAILURE : EXIT_SUCCESS;
    if (error == ENOENT)
        output_message("gnuplot is not installed (Debian: apt-get install gnuplot-nox)");
    else if (error)
        output_message("gnuplot cannot be started: %s", strerror(error));
    else if (wait_for(child) != 0 || fseek(picture, 0, SEEK_END) != 0 || ftell(picture) <= 0) {
        output_message("gnuplot failed");
        rc = EXIT_FAILURE;
    }
    fclose(script);
    return rc;
}

static int plot(const char *csv, const char *out, int png)
{
    struct history history;
    struct save save;
    int rc = history_read(&history, csv);

    if (rc != EXIT_SUCCESS)
        return rc;
    if ((rc = save_open(&save, out)) == EXIT_SUCCESS) {
        rc = run_gnuplot(&history, png, save.stream);
        if (rc == EXIT_SUCCESS)
            rc = save_commit(&save);
        else
            save_discard(&save);
    }
    if (rc == EXIT_SUCCESS)
        printf("%s\n", out);
    history_free(&history);
    return rc;
}

static int ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), n = strlen(end);

    return length > n && strcasecmp(text + length - n, end) == 0;
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
    if (!ends_with(out, ".svg") && !ends_with(out, ".png"))
        return args_error(&command, "--out: \"%s\" ends neither in .svg nor in .png", out);
    return plot(argv[0], out, ends_with(out, ".png"));
}
