/* SPDX-License-Identifier: MIT */
#include "commands/article_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* The best results of a network in the article. */
struct published {
    const char *preset;
    double pearson;
    double accuracy; /* 0 to 1; NaN if the article does not state it */
};

static const struct published published[] = {
    {"conv24", 0.15, NAN},
    {"conv48x2", 0.22, 0.61},
    {"conv128x2", 0.30, 0.67},
    {"conv64-128", 0.42, 0.75},
};

/* Returns the article's results for a preset. They are NaN if the article does not have the
 * preset. */
static struct published published_of(const char *preset)
{
    for (size_t i = 0; i < sizeof published / sizeof *published; i++)
        if (strcmp(published[i].preset, preset) == 0)
            return published[i];
    return (struct published){preset, NAN, NAN};
}

/* Prints a table cell: the value, or a dash if it is NaN. */
static void print_cell(FILE *text, double value, const char *format, int width)
{
    char cell[32] = "-";

    if (isfinite(value))
        snprintf(cell, sizeof cell, format, value);
    fprintf(text, " %*s", width, cell);
}

void article_print_table(const struct article_run *r)
{
    FILE *text = r->text;

    fprintf(text,
            "\nvalidation on %zu photos; the article's figures in brackets\n\n"
            "%-11s %10s %7s %8s %9s %9s %9s %9s %8s %6s %5s\n",
            cnn_dataset_sample_count(r->splits.validation), "preset", "parameters", "MSE",
            "Pearson", "(article)", "threshold", "accuracy", "(article)", "s/epoch", "epochs",
            "best");
    for (size_t i = 0; i < r->n; i++) {
        const struct article_result *x = &r->results[i];
        const struct published article = published_of(x->preset.name);
        fprintf(text, "%-11s %10llu", x->preset.name, (unsigned long long)x->parameters);
        print_cell(text, x->metrics.mse, "%.4f", 7);
        print_cell(text, x->metrics.pearson, "%.3f", 8);
        print_cell(text, article.pearson, "(%.2f)", 9);
        print_cell(text, x->metrics.best_threshold, "%.1f", 9);
        print_cell(text, 100 * x->metrics.best_accuracy, "%.1f %%", 9);
        print_cell(text, 100 * article.accuracy, "(%.0f %%)", 9);
        print_cell(text, x->seconds, "%.1f", 8);
        fprintf(text, " %6zu %5u\n", x->epochs, (unsigned)x->best_epoch);
    }
}

static json_t *result_json(const struct article_result *x)
{
    const struct published article = published_of(x->preset.name);

    return json_pack("{s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:{s:o, s:o}}", "preset",
                     x->preset.name, "parameters", (json_int_t)x->parameters, "mse",
                     json_number(x->metrics.mse), "pearson", json_number(x->metrics.pearson),
                     "best_threshold", json_number(x->metrics.best_threshold), "best_accuracy",
                     json_number(x->metrics.best_accuracy), "accuracy",
                     json_number(x->metrics.accuracy), "seconds_per_epoch", json_number(x->seconds),
                     "epochs", (json_int_t)x->epochs, "best_epoch", (json_int_t)x->best_epoch,
                     "article", "pearson", json_number(article.pearson), "accuracy",
                     json_number(article.accuracy));
}

int article_print_json(const struct article_run *r)
{
    json_t *presets = json_array();

    for (size_t i = 0; i < r->n; i++)
        json_array_append_new(presets, result_json(&r->results[i]));
    return json_print(
        json_pack("{s:I, s:I, s:I, s:I, s:s, s:o, s:o}", "train_photos",
                  (json_int_t)cnn_dataset_sample_count(r->splits.train), "validation_photos",
                  (json_int_t)cnn_dataset_sample_count(r->splits.validation), "seed",
                  (json_int_t)r->seed, "threads", (json_int_t)cnn_context_threads(r->tool.context),
                  "kernels", cnn_context_kernels(r->tool.context), "presets", presets, "skipped",
                  splits_skipped_json(&r->splits)));
}
