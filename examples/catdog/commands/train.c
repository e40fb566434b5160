/* SPDX-License-Identifier: MIT
 *
 * catdog train: trains a network on a folder of photos. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/output.h"
#include "base/save.h"
#include "commands.h"
#include "commands/train_options.h"
#include "photos/split_list.h"
#include "report/figures.h"
#include "report/summary.h"
#include "training/fine_tuning.h"
#include "training/training.h"

struct run {
    const struct train_options *o;
    struct tool tool;
    FILE *text; /* stream for text: stdout, or stderr with --json */
    struct splits splits;
    cnn_model_t *from; /* the model to fine-tune, or NULL */
    cnn_dataset_open_options_t dataset;
    cnn_preprocess_t preprocess;
    cnn_model_t *model;
    cnn_history_t *history;
    cnn_evaluation_t *evaluation;
};

static int save_split(const struct run *r)
{
    struct save save;

    if (!r->o->save_split)
        return EXIT_SUCCESS;
    if (save_open(&save, r->o->save_split) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    split_list_write(save.stream, "train", r->splits.train);
    split_list_write(save.stream, "validation", r->splits.validation);
    return save_commit(&save);
}

static const char *network(const struct run *r)
{
    if (r->o->from)
        return r->o->from;
    return r->o->preset ? r->o->preset : r->o->recipe;
}

static const char *network_kind(const struct run *r)
{
    if (r->o->from)
        return "from";
    return r->o->preset ? "preset" : "recipe";
}

/* Loads the model to fine-tune and takes over its preprocessing. Also takes over its classes if the
 * folder has the same classes. *classes is then set, and the caller frees it. */
static int open_from(struct run *r, const char ***classes)
{
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, tool_load_model(&r->tool, r->o->from, &r->from));
    TOOL_TRY(rc, cnn_model_preprocess(r->from, &r->preprocess));
    rc = fine_tuning_classes(&r->tool, r->from, r->o->folder, &r->dataset, classes);
    if (*classes) {
        r->dataset.classes = *classes;
        r->dataset.n_classes = cnn_model_class_count(r->from);
    }
done:
    return rc;
}

static int open_photos(struct run *r)
{
    const char **classes = NULL;
    int rc = EXIT_SUCCESS;

    r->dataset = r->o->dataset;
    r->preprocess = r->o->preprocess;
    if (r->o->from)
        rc = open_from(r, &classes);
    if (rc == EXIT_SUCCESS)
        rc = splits_open(&r->tool, r->o->folder, &r->dataset, &r->o->source, &r->preprocess,
                         &r->o->fit, r->text, &r->splits);
    free(classes);
    return rc;
}

static int take_weights(struct run *r)
{
    cnn_model_t *from = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, tool_load_model(&r->tool, r->o->weights, &from));
    rc = fine_tuning_weights(r->text, from, r->o->weights, r->model);
done:
    cnn_model_free(from);
    return rc;
}

static int create_model(struct run *r)
{
    const cnn_initializer_t initializer = (cnn_initializer_t)r->o->initializer;
    int rc;

    if (r->from)
        return training_adapt_model(r->from, r->splits.train, initializer, &r->model);
    rc = training_create_model(&r->tool, r->o->preset, r->o->recipe, r->splits.train,
                               &r->preprocess, initializer, &r->model);
    return rc == EXIT_SUCCESS && r->o->weights ? take_weights(r) : rc;
}

static int check_freeze(const struct run *r)
{
    const cnn_train_options_t training = {.struct_size = sizeof training,
                                          .freeze = r->o->fit.freeze};
    const cnn_memory_options_t options = {.struct_size = sizeof options, .training = &training};
    cnn_memory_t *memory = NULL;

    if (!training.freeze)
        return EXIT_SUCCESS;
    if (cnn_memory_create(cnn_model_graph(r->model), &options, &memory) != CNN_OK) {
        output_message("--freeze %s: %s", training.freeze, cnn_error_message());
        return EXIT_FAILURE;
    }
    cnn_memory_free(memory);
    return EXIT_SUCCESS;
}

static int print_memory(const struct run *r)
{
    enum { MAX_BATCH = 65536 }; /* the limit of cnn_memory_create */
    const size_t photos = cnn_dataset_sample_count(r->splits.train);
    const size_t most = photos < MAX_BATCH ? photos : MAX_BATCH;
    const size_t batch = r->o->fit.batch_size;
    const cnn_memory_options_t options = {
        .struct_size = sizeof options,
        .batch_size = (uint32_t)(batch < most ? batch : most),
        .training = &r->o->fit,
    };
    cnn_memory_info_t info = CNN_INIT(cnn_memory_info_t);
    cnn_memory_t *memory = NULL;
    int rc = EXIT_SUCCESS;

    TOOL_TRY(rc, cnn_memory_create(cnn_model_graph(r->model), &options, &memory));
    TOOL_TRY(rc, cnn_memory_info(memory, &info));
    fprintf(r->text, "weights, gradients and moments need %.1f MB of memory\n\n",
            (double)(info.weights + info.gradients + info.optimizer) / 1e6);
done:
    cnn_memory_free(memory);
    return rc;
}

/* Opens the photos, creates the model and loads the photos. Loading may take long, so everything
 * that can fail early is checked before. */
static int load(struct run *r)
{
    int rc = open_photos(r);

    if (rc == EXIT_SUCCESS)
        rc = create_model(r);
    if (rc == EXIT_SUCCESS)
        rc = check_freeze(r);
    if (rc == EXIT_SUCCESS)
        rc = splits_load(&r->tool, &r->o->store, &r->splits);
    if (rc == EXIT_SUCCESS)
        splits_print_skipped(&r->splits);
    return rc;
}

static int prepare(struct run *r)
{
    int rc = load(r);

    if (rc != EXIT_SUCCESS)
        return rc;
    fprintf(r->text, "\n%s, seed %llu, %u threads, %s kernels\n", network(r),
            (unsigned long long)r->o->seed, (unsigned)cnn_context_threads(r->tool.context),
            cnn_context_kernels(r->tool.context));
    if (r->from)
        fine_tuning_print(r->text, r->from, r->model, r->o->fit.freeze);
    rc = summary_print(r->text, cnn_model_graph(r->model));
    if (rc == EXIT_SUCCESS)
        rc = print_memory(r);
    if (rc == EXIT_SUCCESS)
        rc = save_split(r); /* written last, so that an earlier failure keeps the old list */
    fflush(r->text);
    return rc;
}

static cnn_loss_t default_loss(const struct run *r)
{
    if (r->from)
        return fine_tuning_loss(r->model);
    if (!r->o->recipe && cnn_dataset_class_count(r->splits.train) > 2)
        return CNN_LOSS_CROSS_ENTROPY;
    return r->o->fit.loss; /* the loss of the recipe, or the library's default */
}

static cnn_train_options_t fit_options(const struct run *r)
{
    cnn_train_options_t options = r->o->fit;

    if (!command_given("loss"))
        options.loss = default_loss(r);
    if (options.resume && access(options.checkpoint, F_OK) != 0)
        fprintf(stderr, "%s does not exist yet: training starts with epoch 1\n",
                options.checkpoint);
    return options;
}

/* Saves the model and the history. If one cannot be saved, still saves the other. */
static int save_all(const struct run *r)
{
    int rc = EXIT_SUCCESS;
    cnn_status_t status = cnn_model_save(r->model, r->o->out, NULL);

    if (status != CNN_OK)
        rc = tool_failed(status);
    if (r->o->history && r->history) {
        status = cnn_history_save(r->history, r->o->history);
        if (status != CNN_OK)
            rc = tool_failed(status);
    }
    return rc;
}

static void print_places(const struct run *r, FILE *stream)
{
    uint32_t best = r->history ? cnn_history_best_epoch(r->history) : 0;

    if (best)
        fprintf(stream, "best epoch: %u of %zu\n", (unsigned)best,
                cnn_history_epoch_count(r->history));
    fprintf(stream, "model: %s\n", r->o->out);
    if (r->o->history)
        fprintf(stream, "history: %s (catdog plot draws it)\n", r->o->history);
    if (r->o->fit.checkpoint)
        fprintf(stream, "checkpoint: %s\n", r->o->fit.checkpoint);
    if (r->o->save_split)
        fprintf(stream, "split: %s\n", r->o->save_split);
}

/* Trains the model and saves the best weights. Saves them, too, if the training was cancelled, or
 * if the loss became NaN after at least one complete epoch. */
static int train_and_save(struct run *r)
{
    cnn_status_t status = training_fit(&r->tool, r->model, &r->splits, fit_options(r), &r->history);
    int rc = status == CNN_OK ? EXIT_SUCCESS : tool_failed(status);
    int reached = r->history && cnn_history_best_epoch(r->history) > 0;

    if (status == CNN_OK || status == CNN_ERROR_CANCELLED || (status == CNN_ERROR_NAN && reached)) {
        int saved = save_all(r);
        if (saved != EXIT_SUCCESS)
            return saved;
        if (status != CNN_OK)
            print_places(r, stderr);
    }
    return rc;
}

static json_t *history_json(const cnn_history_t *history)
{
    cnn_epoch_t epoch = CNN_INIT(cnn_epoch_t);
    json_t *array = json_array();

    for (size_t i = 0; i < cnn_history_epoch_count(history); i++)
        if (cnn_history_epoch(history, i, &epoch) == CNN_OK)
            json_array_append_new(array, json_epoch(&epoch));
    return array;
}

static int print_json(const struct run *r)
{
    return json_print(json_pack(
        "{s:o, s:I, s:o, s:I, s:I, s:I, s:o, s:o, s:o, s:o}", network_kind(r),
        json_text(network(r)), "seed", (json_int_t)r->o->seed, "classes",
        photos_classes_json(r->splits.whole), "train_photos",
        (json_int_t)cnn_dataset_sample_count(r->splits.train), "validation_photos",
        (json_int_t)cnn_dataset_sample_count(r->splits.validation), "best_epoch",
        (json_int_t)cnn_history_best_epoch(r->history), "history", history_json(r->history),
        "validation", figures_json(r->evaluation, r->splits.validation), "model",
        json_text(r->o->out), "skipped", splits_skipped_json(&r->splits)));
}

/* Prints the metrics of the best epoch's weights. */
static int print_figures(const struct run *r)
{
    int rc;

    if (r->o->json)
        return print_json(r);
    puts("\nvalidation, with the weights of the best epoch:");
    rc = figures_print(stdout, r->evaluation, r->splits.validation);
    putchar('\n');
    print_places(r, stdout);
    return rc;
}

static int train(const struct train_options *o)
{
    struct run r = {.o = o, .text = o->json ? stderr : stdout};
    int rc = tool_open(&r.tool, o->threads, o->seed);

    if (rc != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&r.tool);
    rc = prepare(&r);
    if (rc == EXIT_SUCCESS)
        rc = train_and_save(&r);
    if (rc == EXIT_SUCCESS)
        rc = figures_evaluate(&r.tool, r.model, r.splits.validation, 0, &r.evaluation);
    if (rc == EXIT_SUCCESS)
        rc = print_figures(&r);
    cnn_evaluation_free(r.evaluation);
    cnn_history_free(r.history);
    cnn_model_free(r.model);
    cnn_model_free(r.from);
    splits_release(&r.splits);
    tool_close(&r.tool);
    return rc;
}

static int run(char **files, size_t n_files)
{
    const int rc = train_check_options(&command_train);

    (void)n_files;
    train_given.folder = files[0];
    return rc == EXIT_SUCCESS ? train(&train_given) : rc;
}

static const struct example examples[] = {
    {"catdog train photos --preset conv48x2 --out model.safetensors --history history.csv",
     "Train a preset. Validation takes a fifth of the photos."},
    {"catdog train photos --from builtin --head-only --out birds.safetensors",
     "Fine-tune the built-in model for the classes of a folder."},
    {"catdog train photos --recipe recipe.json --checkpoint training.checkpoint --resume",
     "Train by a recipe. The same command continues a training that was stopped."},
    {NULL, NULL},
};

const struct command command_train = {
    .name = "train",
    .summary = "train a network on a folder of photos",
    .synopsis = "DIR --preset NAME | --recipe FILE | --from MODEL [options]",
    .description =
        "This command divides the photos of a folder into a training and a validation set, trains "
        "a network, and writes the model with the weights of the epoch whose validation loss is "
        "lowest. It prints a line for each epoch and the metrics of the model on the validation "
        "set."
        "\n\n"
        "The class of a photo is in its file name (cat.0.jpg) or in the name of its folder "
        "(cats/any.jpg). Unusable photos are listed and left out.",
    .options = train_option_table,
    .examples = examples,
    .stopped = "Ctrl-C (SIGINT) stopped the training after the current batch. The best weights so "
               "far were saved.",
    .min_files = 1,
    .max_files = 1,
    .set_defaults = train_set_defaults,
    .run = run,
};
