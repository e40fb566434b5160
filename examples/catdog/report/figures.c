/* SPDX-License-Identifier: MIT */
#include "report/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/output.h"
#include "base/save.h"
#include "report/reliability.h"

int figures_evaluate(const struct tool *tool, const cnn_model_t *model, cnn_dataset_t *dataset,
                     int mirror, cnn_evaluation_t **evaluation)
{
    struct output_progress progress = {"evaluating", output_now()};
    cnn_evaluate_options_t options = CNN_INIT(cnn_evaluate_options_t);

    options.progress = output_progress_step;
    options.user = &progress;
    options.cancel = tool->cancel;
    options.mirror = mirror;
    cnn_status_t status = cnn_model_evaluate(model, dataset, &options, evaluation);
    output_bar_wipe();
    return status == CNN_OK ? EXIT_SUCCESS : tool_failed(status);
}

static void print_number(FILE *stream, const char *name, double value)
{
    if (isfinite(value))
        fprintf(stream, "%-22s %.4f\n", name, value);
    else
        fprintf(stream, "%-22s not defined\n", name);
}

static void print_share(FILE *stream, const char *name, double value)
{
    if (isfinite(value))
        fprintf(stream, "%-22s %.1f %%\n", name, 100 * value);
    else
        fprintf(stream, "%-22s not defined\n", name);
}

static void print_thresholds(FILE *stream, const cnn_metrics_t *m)
{
    if (!isfinite(m->best_threshold))
        return;
    fprintf(stream, "\n%-22s", "threshold");
    for (size_t i = 0; i < CNN_THRESHOLDS; i++)
        fprintf(stream, " %5.1f", m->thresholds[i]);
    fprintf(stream, "\n%-22s", "accuracy, %");
    for (size_t i = 0; i < CNN_THRESHOLDS; i++)
        fprintf(stream, " %5.1f", 100 * m->threshold_accuracy[i]);
    fprintf(stream, "\nbest threshold %.1f: accuracy %.1f %%\n", m->best_threshold,
            100 * m->best_accuracy);
}

static void print_confusion(FILE *stream, const cnn_evaluation_t *evaluation,
                            const cnn_dataset_t *dataset)
{
    size_t n = cnn_dataset_class_count(dataset);

    fprintf(stream, "\n%-22s", "class \\ predicted");
    for (size_t j = 0; j < n; j++)
        fprintf(stream, " %9s", cnn_dataset_class_name(dataset, j));
    for (size_t i = 0; i < n; i++) {
        fprintf(stream, "\n%-22s", cnn_dataset_class_name(dataset, i));
        for (size_t j = 0; j < n; j++)
            fprintf(stream, " %9zu", cnn_evaluation_confusion(evaluation, i, j));
    }
    fputc('\n', stream);
}

int figures_print(FILE *stream, const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset)
{
    cnn_metrics_t m = CNN_INIT(cnn_metrics_t);
    cnn_status_t status = cnn_evaluation_metrics(evaluation, &m);

    if (status != CNN_OK)
        return tool_failed(status);
    fprintf(stream, "%-22s %zu\n", "photos", m.n_samples);
    print_number(stream, "mean squared error", m.mse);
    print_number(stream, "binary cross-entropy", m.binary_cross_entropy);
    print_number(stream, "Pearson correlation", m.pearson);
    print_number(stream, "ROC AUC", m.auc);
    print_share(stream, isfinite(m.best_threshold) ? "accuracy at 0.5" : "accuracy", m.accuracy);
    fprintf(stream, "%-22s %.1f to %.1f %%\n", "  95 % interval", 100 * m.accuracy_low,
            100 * m.accuracy_high);
    print_share(stream, "balanced accuracy", m.balanced_accuracy);
    print_share(stream, "precision", m.precision);
    print_share(stream, "recall", m.recall);
    print_number(stream, "calibration error", m.calibration_error);
    print_thresholds(stream, &m);
    print_confusion(stream, evaluation, dataset);
    return EXIT_SUCCESS;
}

static json_t *thresholds_json(const cnn_metrics_t *m)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < CNN_THRESHOLDS; i++)
        json_array_append_new(array,
                              json_pack("{s:o, s:o}", "threshold", json_number(m->thresholds[i]),
                                        "accuracy", json_number(m->threshold_accuracy[i])));
    return array;
}

/* Creates {"classes": [...], "matrix": [[...], ...]}. The matrix has a row for each true class. */
static json_t *confusion_json(const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset)
{
    size_t n = cnn_dataset_class_count(dataset);
    json_t *classes = json_array(), *matrix = json_array();

    for (size_t i = 0; i < n; i++) {
        json_t *row = json_array();
        for (size_t j = 0; j < n; j++)
            json_array_append_new(
                row, json_integer((json_int_t)cnn_evaluation_confusion(evaluation, i, j)));
        json_array_append_new(classes, json_text(cnn_dataset_class_name(dataset, i)));
        json_array_append_new(matrix, row);
    }
    return json_pack("{s:o, s:o}", "classes", classes, "matrix", matrix);
}

json_t *figures_json(const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset)
{
    cnn_metrics_t m = CNN_INIT(cnn_metrics_t);

    if (cnn_evaluation_metrics(evaluation, &m) != CNN_OK)
        return NULL;
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, "
        "s:o, s:o}",
        "mse", json_number(m.mse), "binary_cross_entropy", json_number(m.binary_cross_entropy),
        "pearson", json_number(m.pearson), "auc", json_number(m.auc), "accuracy",
        json_number(m.accuracy), "balanced_accuracy", json_number(m.balanced_accuracy), "precision",
        json_number(m.precision), "recall", json_number(m.recall), "best_threshold",
        json_number(m.best_threshold), "best_accuracy", json_number(m.best_accuracy), "thresholds",
        thresholds_json(&m), "confusion", confusion_json(evaluation, dataset), "photos",
        (json_int_t)m.n_samples, "accuracy_low", json_number(m.accuracy_low), "accuracy_high",
        json_number(m.accuracy_high), "calibration_error", json_number(m.calibration_error),
        "reliability", reliability_json(evaluation));
}

/* Writes a CSV field, in quotes if it needs them (RFC 4180). */
static void write_field(FILE *stream, const char *text)
{
    if (!strpbrk(text, "\",\r\n")) {
        fputs(text, stream);
        return;
    }
    fputc('"', stream);
    for (const char *p = text; *p; p++)
        fprintf(stream, "%s%c", *p == '"' ? "\"" : "", *p);
    fputc('"', stream);
}

size_t figures_predicted(const float *probabilities, size_t n)
{
    size_t best = 0;

    for (size_t c = 1; c < n; c++)
        if (probabilities[c] > probabilities[best])
            best = c;
    return best;
}

static void write_prediction(FILE *stream, const cnn_dataset_t *dataset, const cnn_sample_t *sample,
                             const float *p)
{
    size_t n = cnn_dataset_class_count(dataset);

    write_field(stream, sample->path);
    fputc(',', stream);
    write_field(stream, cnn_dataset_class_name(dataset, sample->label));
    fputc(',', stream);
    write_field(stream, cnn_dataset_class_name(dataset, figures_predicted(p, n)));
    for (size_t c = 0; c < n; c++)
        fprintf(stream, ",%.9g", (double)p[c]);
    fputc('\n', stream);
}

int figures_save_predictions(const cnn_evaluation_t *evaluation, const cnn_dataset_t *dataset,
                             const char *path)
{
    cnn_sample_t sample = CNN_INIT(cnn_sample_t);
    struct save save;

    if (save_open(&save, path) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    fputs("path,class,predicted", save.stream);
    for (size_t c = 0; c < cnn_dataset_class_count(dataset); c++) {
        fputc(',', save.stream);
        write_field(save.stream, cnn_dataset_class_name(dataset, c));
    }
    fputc('\n', save.stream);
    for (size_t i = 0; i < cnn_dataset_sample_count(dataset); i++) {
        const float *p = cnn_evaluation_probabilities(evaluation, i);
        if (p && cnn_dataset_sample(dataset, i, &sample) == CNN_OK)
            write_prediction(save.stream, dataset, &sample, p);
    }
    return save_commit(&save);
}
