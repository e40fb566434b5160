/* SPDX-License-Identifier: MIT */
#include "train/training_record.h"

#include <math.h>

#include "core/number.h"
#include "core/text.h"
#include "core/version.h"
#include "train/train_values.h"

/* Appends a number, or null if it is not finite: JSON has no NaN. */
static void append_figure(struct cd_text *text, const char *key, double value)
{
    char number[CD_NUMBER_SIZE];
    cd_text_append(text, ", \"%s\": %s", key,
                   isfinite(value) ? cd_number_text(value, number) : "null");
}

static void append_name(struct cd_text *text, const char *key, const char *value)
{
    cd_text_append(text, ", \"%s\": \"%s\"", key, value);
}

static void append_count(struct cd_text *text, const char *key, uint64_t value)
{
    cd_text_append(text, ", \"%s\": %llu", key, (unsigned long long)value);
}

static void append_options(struct cd_text *text, const cnn_train_options_t *o)
{
    char value[CD_NUMBER_SIZE];

    for (size_t i = 0; i < cd_train_field_count(); i++) {
        const struct cd_train_field *field = cd_train_field_at(i);
        const char *quote = field->kind == CD_VALUE_CHOICE ? "\"" : "";
        if (cd_train_field_counts(field, o))
            cd_text_append(text, ", \"%s\": %s%s%s", field->name, quote,
                           cd_train_value_text(field, o, value), quote);
    }
}

static void append_freeze(struct cd_text *text, const char *freeze)
{
    if (freeze)
        append_name(text, "freeze", freeze);
}

/* Appends the class weights, or nothing if weights is NULL. */
static void append_class_weights(struct cd_text *text, const double *weights, size_t n)
{
    char number[CD_NUMBER_SIZE];

    for (size_t c = 0; weights && c < n; c++)
        cd_text_append(text, "%s%s", c ? ", " : ", \"class_weight\": [",
                       cd_number_text(weights[c], number));
    if (weights)
        cd_text_append(text, "]");
}

static void append_best(struct cd_text *text, const cnn_history_t *history)
{
    append_count(text, "epochs_run", history->count);
    append_count(text, "best_epoch", history->best_epoch);
    if (history->best_epoch == 0)
        return;
    const cnn_epoch_t *best = &history->epochs[history->best_epoch - 1];
    append_figure(text, "train_loss", best->loss);
    append_figure(text, "val_loss", best->val_loss);
    append_figure(text, "val_mse", best->val_mse);
    append_figure(text, "val_accuracy", best->val_accuracy);
    append_figure(text, "val_pearson", best->val_pearson);
}

cnn_status_t cd_training_record(cnn_model_t *model, const cnn_train_options_t *options,
                                size_t photos, const double *class_weights,
                                const cnn_history_t *history)
{
    struct cd_text text = {.context = model->context};
    const char *preset = model->graph->preset;
    cnn_status_t rc;

    cd_text_append(&text, "{\"library\": \"%s\"", CD_VERSION);
    if (preset[0])
        append_name(&text, "preset", preset);
    append_count(&text, "photos", photos);
    append_options(&text, options);
    append_freeze(&text, options->freeze);
    append_class_weights(&text, class_weights, model->n_classes);
    append_best(&text, history);
    cd_text_append(&text, "}");
    rc =
        text.failed ? cd_error_memory() : cd_metadata_set(&model->metadata, "training", text.bytes);
    cd_text_free(&text);
    return rc;
}
