/* SPDX-License-Identifier: MIT */
#include "training/training.h"

#include <math.h>
#include <stdlib.h>

#include "base/output.h"
#include "base/presets.h"

/* ---- models ---- */

/* Returns an array of the dataset's class names, which the caller frees, or NULL after a
 * message. */
static const char **class_names(const cnn_dataset_t *dataset)
{
    const size_t n = cnn_dataset_class_count(dataset);
    const char **classes = calloc(n, sizeof *classes);

    if (!classes)
        output_no_memory();
    for (size_t i = 0; classes && i < n; i++)
        classes[i] = cnn_dataset_class_name(dataset, i);
    return classes;
}

int training_adapt_model(const cnn_model_t *from, const cnn_dataset_t *dataset,
                         cnn_initializer_t initializer, cnn_model_t **model)
{
    const char **classes = class_names(dataset);
    const cnn_model_adapt_options_t options = {
        .struct_size = sizeof options,
        .classes = classes,
        .n_classes = cnn_dataset_class_count(dataset),
        .initializer = initializer,
    };
    int rc = EXIT_SUCCESS;

    if (!classes)
        return EXIT_FAILURE;
    TOOL_TRY(rc, cnn_model_adapt(from, &options, model));
done:
    free(classes);
    return rc;
}

int training_create_model(const struct tool *tool, const char *preset, const char *recipe,
                          const cnn_dataset_t *dataset, const cnn_preprocess_t *preprocess,
                          cnn_initializer_t initializer, cnn_model_t **model)
{
    const size_t n = cnn_dataset_class_count(dataset);
    const char **classes = class_names(dataset);
    const cnn_model_options_t options = {
        .struct_size = sizeof options,
        .classes = classes,
        .n_classes = n,
        .preprocess = preprocess,
        .initializer = initializer,
    };
    cnn_graph_t *graph = NULL;
    cnn_recipe_t *read = NULL;
    int rc = EXIT_SUCCESS;

    if (!classes)
        return EXIT_FAILURE;
    if (!preset) {
        TOOL_TRY(rc, cnn_recipe_load(tool->context, recipe, &read));
        TOOL_TRY(rc, cnn_recipe_create_model(read, &options, model));
        goto done;
    }
    TOOL_TRY(rc, cnn_graph_create_preset(tool->context, preset, preprocess->height,
                                         preprocess->width, n == 2 ? 1 : (uint32_t)n, &graph));
    TOOL_TRY(rc, cnn_model_create(graph, &options, model));
done:
    cnn_recipe_free(read);
    cnn_graph_free(graph);
    free(classes);
    return rc;
}

/* ---- the preset's defaults ---- */

void training_normalise(const char *name, cnn_preprocess_t *preprocess)
{
    const float *mean = preprocess->mean, *std = preprocess->std;
    cnn_preset_info_t preset;

    if (mean[0] != 0 || mean[1] != 0 || mean[2] != 0 || std[0] != 0 || std[1] != 0 || std[2] != 0 ||
        !preset_find(name, &preset))
        return;
    for (size_t c = 0; c < 3; c++) {
        preprocess->mean[c] = preset.mean;
        preprocess->std[c] = preset.std;
    }
}

void training_set_batches(const char *name, cnn_train_options_t *options)
{
    cnn_preset_info_t preset;

    if (!preset_find(name, &preset))
        return;
    if (!options->mirror)
        options->mirror = preset.mirror;
    if (!options->batch_size)
        options->batch_size = preset.batch_size;
}

/* ---- progress ---- */

struct progress {
    uint32_t epochs; /* number of epochs; set by the first batch */
};

static int on_batch(const cnn_train_progress_t *p, void *user)
{
    struct progress *progress = user;
    char label[48], note[32];

    progress->epochs = p->epochs;
    snprintf(label, sizeof label, "epoch %u/%u", (unsigned)p->epoch, (unsigned)p->epochs);
    snprintf(note, sizeof note, "loss %.4f", p->loss);
    output_bar(label, p->n_images, p->n_images_total, p->images_per_second, "images", note);
    return 0;
}

static void print_figure(const char *name, double value)
{
    if (isfinite(value))
        fprintf(stderr, "  %s %.4f", name, value);
    else
        fprintf(stderr, "  %s -", name);
}

static int on_epoch(const cnn_epoch_t *e, void *user)
{
    const struct progress *progress = user;

    output_bar_wipe();
    fprintf(stderr, "epoch %u/%u", (unsigned)e->epoch, (unsigned)progress->epochs);
    print_figure("loss", e->loss);
    print_figure("accuracy", e->accuracy);
    print_figure("pearson", e->pearson);
    print_figure("val_loss", e->val_loss);
    print_figure("val_accuracy", e->val_accuracy);
    print_figure("val_pearson", e->val_pearson);
    fprintf(stderr, "  %.1f s  %.0f images/s\n", e->seconds, e->images_per_second);
    return 0;
}

cnn_status_t training_fit(const struct tool *tool, cnn_model_t *model, const struct splits *splits,
                          cnn_train_options_t options, cnn_history_t **history)
{
    struct progress progress = {0};

    options.on_batch = on_batch;
    options.on_epoch = on_epoch;
    options.user = &progress;
    options.cancel = tool->cancel;
    const cnn_status_t status =
        cnn_model_train(model, splits->train, splits->validation, &options, history);
    output_bar_wipe();
    return status;
}
