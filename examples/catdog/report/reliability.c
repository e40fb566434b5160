/* SPDX-License-Identifier: MIT */
#include "report/reliability.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/save.h"
#include "report/gnuplot.h"

static int is_csv(const char *out)
{
    return save_has_ending(out, ".csv");
}

int reliability_saves(const char *out)
{
    return is_csv(out) || gnuplot_draws(out);
}

/* Calls write(to, bin) for each bin of the reliability. */
static void each_bin(const cnn_evaluation_t *evaluation,
                     void (*write)(void *to, const cnn_reliability_t *bin), void *to)
{
    cnn_reliability_t bin = CNN_INIT(cnn_reliability_t);

    for (size_t i = 0; i < CNN_RELIABILITY_BINS; i++)
        if (cnn_evaluation_reliability(evaluation, i, &bin) == CNN_OK)
            write(to, &bin);
}

/* ---- CSV ---- */

static void write_row(void *to, const cnn_reliability_t *bin)
{
    fprintf(to, "%.9g,%.9g,%zu,", bin->low, bin->high, bin->n_samples);
    if (bin->n_samples > 0)
        fprintf(to, "%.9g,%.9g\n", bin->confidence, bin->accuracy);
    else
        fputs(",\n", to);
}

static int save_csv(const cnn_evaluation_t *evaluation, const char *out)
{
    struct save save;

    if (save_open(&save, out) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    fputs("low,high,photos,confidence,accuracy\n", save.stream);
    each_bin(evaluation, write_row, save.stream);
    return save_commit(&save);
}

/* ---- diagram ---- */

static void write_point(void *to, const cnn_reliability_t *bin)
{
    if (bin->n_samples > 0)
        fprintf(to, "%.9g %.9g %.9g %.9g %zu\n", bin->low, bin->high, bin->confidence,
                bin->accuracy, bin->n_samples);
}

static void write_script(FILE *script, const void *data)
{
    const cnn_evaluation_t *evaluation = data;
    cnn_metrics_t m = CNN_INIT(cnn_metrics_t);

    if (cnn_evaluation_metrics(evaluation, &m) != CNN_OK)
        return;
    fputs("$data << EOD\n", script);
    each_bin(evaluation, write_point, script);
    fputs("EOD\nset grid\nset xtics nomirror\nset ytics nomirror\nset style fill solid 0.6\n"
          "set xrange [0:1]\nset xlabel 'confidence'\nset multiplot layout 1,2\n"
          "set key top left\nset yrange [0:1]\n",
          script);
    fprintf(script, "set title 'accuracy; expected calibration error %.4f'\n", m.calibration_error);
    fputs("plot $data using (($1+$2)/2):4:($2-$1) with boxes lc rgb '#4477aa' title 'accuracy', "
          "$data using 3:4 with points pt 7 ps 0.6 lc rgb '#222222' title 'mean confidence', "
          "x with lines lw 2 lc rgb '#ee6677' title 'calibrated'\n"
          "set title 'photos'\nset key off\nset yrange [0:*]\n"
          "plot $data using (($1+$2)/2):5:($2-$1) with boxes lc rgb '#4477aa'\n"
          "unset multiplot\n",
          script);
}

int reliability_save(const cnn_evaluation_t *evaluation, const char *out)
{
    return is_csv(out) ? save_csv(evaluation, out) : gnuplot_draw(write_script, evaluation, out);
}

/* ---- JSON ---- */

static void append(void *to, const cnn_reliability_t *bin)
{
    json_array_append_new(
        to, json_pack("{s:o, s:o, s:I, s:o, s:o}", "low", json_number(bin->low), "high",
                      json_number(bin->high), "photos", (json_int_t)bin->n_samples, "confidence",
                      json_number(bin->confidence), "accuracy", json_number(bin->accuracy)));
}

json_t *reliability_json(const cnn_evaluation_t *evaluation)
{
    json_t *array = json_array();

    if (array)
        each_bin(evaluation, append, array);
    return array;
}
