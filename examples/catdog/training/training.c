/* SPDX-License-Identifier: MIT */
#include "training/training.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/output.h"
#include "photos/split_list.h"
#include "photos/photos.h"

static void print_parts(FILE *text, const struct parts *parts)
{
    uint64_t bytes = cnn_dataset_load_bytes(parts->train, &parts->preprocess[0]) +
                     cnn_dataset_load_bytes(parts->validation, &parts->preprocess[1]);

    photos_print_classes(text, "found", parts->whole);
    photos_print_classes(text, "training", parts->train);
    photos_print_classes(text, "validation", parts->validation);
    photos_print_imbalance(text, parts->train);
    fprintf(text, "pixels need %.1f MB of memory\n", (double)bytes / 1e6);
    fflush(text);
}

/* By their photos; at least a byte, as 0 is no limit. */
static void share_memory(const struct parts *parts, struct photos_store store[2])
{
    const double train = (double)cnn_dataset_sample_count(parts->train);
    const double all = train + (double)cnn_dataset_sample_count(parts->validation);

    if (store->memory == 0)
        return;
    store[1].memory = (uint64_t)((double)store->memory * (all - train) / all) + 1;
    store[0].memory =
        store->memory > store[1].memory ? store->memory - store[1].memory : 1;
}

static int divide_by_list(const char *folder, const char *file, struct parts *parts)
{
    static const char *const names[] = {"train", "validation"};
    struct part_list list;
    int rc = part_list_open(file, folder, parts->whole, &list);

    if (rc == EXIT_SUCCESS) {
        part_list_tell(&list, folder, names, 2);
        rc = part_list_take(&list, parts->whole, names[0], &parts->train);
    }
    if (rc == EXIT_SUCCESS)
        rc = part_list_take(&list, parts->whole, names[1], &parts->validation);
    part_list_close(&list);
    return rc;
}

int training_divide(const char *folder, const struct training_division *division,
                    struct parts *parts)
{
    int rc = EXIT_SUCCESS;

    if (division->list)
        return divide_by_list(folder, division->list, parts);
    TOOL_TRY(rc, cnn_dataset_split(parts->whole, &division->split, &parts->train,
                                   &parts->validation));
done:
    return rc;
}

int training_open(const struct tool *tool, const char *folder,
                  const cnn_dataset_open_options_t *dataset_options,
                  const struct training_division *division, const cnn_preprocess_t *preprocess,
                  const cnn_train_options_t *fit, FILE *text, struct parts *parts)
{
    int rc = EXIT_SUCCESS;

    memset(parts, 0, sizeof *parts);
    parts->preprocess[0].struct_size = sizeof *preprocess;
    parts->preprocess[1] = *preprocess;
    TOOL_TRY(rc, cnn_train_preprocess(tool->context, preprocess, fit, &parts->preprocess[0]));
    TOOL_TRY(rc, cnn_dataset_open(tool->context, folder, dataset_options, &parts->whole));
    if ((rc = training_divide(folder, division, parts)) == EXIT_SUCCESS)
        print_parts(text, parts);
done:
    return rc;
}

int training_load(const struct tool *tool, const struct photos_store *store, struct parts *parts)
{
    const cnn_preprocess_t *const sizes = parts->preprocess;
    struct photos_store own[2] = {*store, *store};
    int rc;

    if (sizes[0].height != sizes[1].height || sizes[0].width != sizes[1].width)
        own[1].cache = NULL; /* it holds pictures of one size */
    share_memory(parts, own);
    rc = photos_load(tool, parts->train, &sizes[0], &own[0], "loaded for training");
    if (rc == EXIT_SUCCESS)
        rc = photos_load(tool, parts->validation, &sizes[1], &own[1], "loaded for validation");
    return rc;
}

void training_release(struct parts *parts)
{
    cnn_dataset_free(parts->whole);
    cnn_dataset_free(parts->train);
    cnn_dataset_free(parts->validation);
    memset(parts, 0, sizeof *parts);
}

void training_print_skipped(const struct parts *parts)
{
    cnn_dataset_t *const all[] = {parts->whole, parts->train, parts->validation};

    photos_print_skipped(all, sizeof all / sizeof *all);
}

/* The data set's class names; to be freed; NULL after telling that memory is short. */
static const char **class_names(const cnn_dataset_t *dataset)
{
    const size_t n = cnn_dataset_class_count(dataset);
    const char **classes = calloc(n, sizeof *classes);

    if (!classes)
        output_message("out of memory");
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
    cnn_model_options_t options = {.struct_size = sizeof options};
    size_t n = cnn_dataset_class_count(dataset);
    const char **classes = class_names(dataset);
    cnn_graph_t *graph = NULL;
    cnn_recipe_t *read = NULL;
    int rc = EXIT_SUCCESS;

    if (!classes)
        return EXIT_FAILURE;
    options.classes = classes;
    options.n_classes = n;
    options.preprocess = preprocess;
    options.initializer = initializer;
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

static int find_preset(const char *name, cnn_preset_info_t *preset)
{
    for (size_t i = 0; i < cnn_preset_count(); i++)
        if (cnn_preset_info(i, preset) == CNN_OK && strcmp(preset->name, name) == 0)
            return 1;
    return 0;
}

void training_normalise(const char *name, cnn_preprocess_t *preprocess)
{
    cnn_preset_info_t preset = {.struct_size = sizeof preset};
    const float *mean = preprocess->mean, *std = preprocess->std;

    if (mean[0] != 0 || mean[1] != 0 || mean[2] != 0 || std[0] != 0 || std[1] != 0 || std[2] != 0 ||
        !find_preset(name, &preset))
        return;
    for (size_t c = 0; c < 3; c++) {
        preprocess->mean[c] = preset.mean;
        preprocess->std[c] = preset.std;
    }
}

void training_batches(const char *name, cnn_train_options_t *options)
{
    cnn_preset_info_t preset = {.struct_size = sizeof preset};

    if (!find_preset(name, &preset))
        return;
    if (!options->mirror)
        options->mirror = preset.mirror;
    if (!options->batch_size)
        options->batch_size = preset.batch_size;
}

struct fit {
    uint32_t epochs; /* known from the first batch on */
};

static int on_batch(const cnn_train_progress_t *p, void *user)
{
    struct fit *fit = user;
    char label[48], note[32];

    fit->epochs = p->epochs;
    snprintf(label, sizeof label, "epoch %u/%u", (unsigned)p->epoch, (unsigned)p->epochs);
    snprintf(note, sizeof note, "loss %.4f", p->loss);
    output_bar(label, p->images, p->images_total, p->images_per_second, "images", note);
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
    const struct fit *fit = user;

    output_bar_wipe();
    fprintf(stderr, "epoch %u/%u", (unsigned)e->epoch, (unsigned)fit->epochs);
    print_figure("loss", e->loss);
    print_figure("accuracy", e->accuracy);
    print_figure("pearson", e->pearson);
    print_figure("val_loss", e->val_loss);
    print_figure("val_accuracy", e->val_accuracy);
    print_figure("val_pearson", e->val_pearson);
    fprintf(stderr, "  %.1f s  %.0f images/s\n", e->seconds, e->images_per_second);
    return 0;
}

cnn_status_t training_fit(const struct tool *tool, cnn_model_t *model, const struct parts *parts,
                          cnn_train_options_t options, cnn_history_t **history)
{
    struct fit fit = {0};

    options.on_batch = on_batch;
    options.on_epoch = on_epoch;
    options.user = &fit;
    options.cancel = tool->cancel;
    cnn_status_t status =
        cnn_model_train(model, parts->train, parts->validation, &options, history);
    output_bar_wipe();
    return status;
}

int training_knows_preset(const char *name, char *known, size_t size)
{
    cnn_preset_info_t info = {.struct_size = sizeof info};
    size_t used = 0;

    known[0] = '\0';
    for (size_t i = 0; i < cnn_preset_count(); i++) {
        if (cnn_preset_info(i, &info) != CNN_OK)
            continue;
        if (name && strcmp(info.name, name) == 0)
            return 1;
        if (used < size)
            used +=
                (size_t)snprintf(known + used, size - used, "%s%s", used ? ", " : "", info.name);
    }
    return 0;
}
