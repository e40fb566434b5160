/* SPDX-License-Identifier: MIT */
#include "train/training_record.h"

#include <math.h>

#include "core/number.h"
#include "core/text.h"
#include "train/loss.h"
#include "train/optimizer.h"
#include "train/schedule.h"

/* JSON has no NaN. */
static void append_figure(struct cd_text *text, const char *key, double value)
{
    char number[CD_NUMBER_SIZE];
    cd_text_append(text, ", \"%s\": %s", key,
                   isfinite(value) ? cd_number_text(value, number) : "null");
}

static void append_float(struct cd_text *text, const char *key, float value)
{
    char number[CD_NUMBER_SIZE];
    cd_text_append(text, ", \"%s\": %s", key, cd_number_text_float(value, number));
}

static void append_name(struct cd_text *text, const char *key, const char *value)
{
    cd_text_append(text, ", \"%s\": \"%s\"", key, value);
}

static void append_count(struct cd_text *text, const char *key, uint64_t value)
{
    cd_text_append(text, ", \"%s\": %llu", key, (unsigned long long)value);
}

static void append_optimizer(struct cd_text *text, const cnn_train_options_t *o)
{
    append_name(text, "optimizer", cd_optimizer_name(o->optimizer));
    if (o->optimizer == CNN_OPTIMIZER_ADAM) {
        append_float(text, "beta1", o->beta1);
        append_float(text, "beta2", o->beta2);
        append_float(text, "epsilon", o->epsilon);
    } else {
        append_float(text, "momentum", o->momentum);
    }
    append_float(text, "weight_decay", o->weight_decay);
}

static void append_schedule(struct cd_text *text, const cnn_train_options_t *o)
{
    append_float(text, "learning_rate", o->learning_rate);
    append_name(text, "schedule", cd_schedule_name(o->schedule));
    append_count(text, "warmup_epochs", (size_t)o->warmup_epochs);
    append_count(text, "mirror", (size_t)o->mirror);
    if (o->schedule == CNN_SCHEDULE_STEP) {
        append_count(text, "step_epochs", o->step_epochs);
        append_float(text, "step_factor", o->step_factor);
    }
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
                                size_t photos, const cnn_history_t *history)
{
    struct cd_text text = {.context = model->context};
    const char *preset = model->graph->preset;
    cnn_status_t rc;

    cd_text_append(&text, "{\"library\": \"%s\"", cnn_version());
    if (preset[0])
        append_name(&text, "preset", preset);
    append_count(&text, "photos", photos);
    append_name(&text, "loss", cd_loss_name(options->loss));
    append_optimizer(&text, options);
    append_schedule(&text, options);
    append_count(&text, "batch_size", options->batch_size);
    append_count(&text, "epochs", options->epochs);
    append_count(&text, "seed", options->seed);
    append_best(&text, history);
    cd_text_append(&text, "}");
    rc = text.failed ? cd_error_memory(model->context)
                     : cd_model_set_metadata(model, "training", text.bytes);
    cd_text_free(&text);
    return rc;
}
