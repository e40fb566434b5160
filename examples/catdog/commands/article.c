/* SPDX-License-Identifier: MIT
 *
 * catdog article: trains the article's five networks and prints a table of their results. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/output.h"
#include "base/presets.h"
#include "commands.h"
#include "commands/article_table.h"
#include "report/figures.h"
#include "report/summary.h"
#include "training/training.h"

static struct {
    const char *only; /* comma-separated names of presets, or NULL for all presets */
    const char *out;  /* folder for models and histories, or NULL */
    uint64_t seed;
    uint32_t threads;
    uint32_t epochs; /* number of epochs, or 0 for the preset's default */
    int json;
    struct splits_source source;
    struct photos_store store;
} o = {
    .seed = 1,
    .source.sizes = {.struct_size = sizeof o.source.sizes, .n_train = 4096, .n_validation = 1024},
};

/* ---- presets ---- */

/* Returns 1 if the name is in the comma-separated list, or if list is NULL. */
static int in_list(const char *list, const char *name)
{
    const size_t length = strlen(name);

    for (const char *p = list; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        if (strncmp(p, name, length) == 0 && (p[length] == ',' || p[length] == '\0'))
            return 1;
    return list == NULL;
}

static int check_names(void)
{
    cnn_preset_info_t preset;
    char name[64], known[256];

    for (const char *p = o.only; p;) {
        const size_t length = strcspn(p, ",");
        snprintf(name, sizeof name, "%.*s", (int)(length < 64 ? length : 63), p);
        if (!preset_find(name, &preset)) {
            preset_names(known, sizeof known);
            return command_usage(&command_article, "--only: \"%s\" is not one of %s", name, known);
        }
        p = p[length] ? p + length + 1 : NULL;
    }
    return EXIT_SUCCESS;
}

/* ---- files ---- */

static int make_folder(const char *path)
{
    if ((mkdir(path, 0777) == 0 || errno == EEXIST) && access(path, W_OK | X_OK) == 0) {
        struct stat info;
        if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
            return EXIT_SUCCESS;
        errno = ENOTDIR;
    }
    return output_failure("%s: the folder cannot be created or written: %s", path, strerror(errno));
}

/* Returns the path FOLDER/NAME.ENDING, which the caller frees, or NULL after a message. */
static char *join(const char *folder, const char *name, const char *ending)
{
    size_t size = strlen(folder) + strlen(name) + strlen(ending) + 2;
    char *path = malloc(size);

    if (path)
        snprintf(path, size, "%s/%s%s", folder, name, ending);
    else
        output_no_memory();
    return path;
}

static int save(const char *name, const cnn_model_t *model, const cnn_history_t *history)
{
    char *model_path = join(o.out, name, ".safetensors");
    char *history_path = join(o.out, name, ".csv");
    int rc = EXIT_FAILURE;

    if (!model_path || !history_path)
        goto done;
    rc = EXIT_SUCCESS;
    TOOL_TRY(rc, cnn_model_save(model, model_path, NULL));
    if (history)
        TOOL_TRY(rc, cnn_history_save(history, history_path));
done:
    free(model_path);
    free(history_path);
    return rc;
}

/* ---- one network ---- */

static void take_epochs(struct article_result *result, const cnn_history_t *history)
{
    cnn_epoch_t epoch = CNN_INIT(cnn_epoch_t);
    double sum = 0;

    result->epochs = cnn_history_epoch_count(history);
    result->best_epoch = cnn_history_best_epoch(history);
    for (size_t i = 0; i < result->epochs; i++)
        if (cnn_history_epoch(history, i, &epoch) == CNN_OK)
            sum += epoch.seconds;
    result->seconds = result->epochs ? sum / (double)result->epochs : NAN;
}

/* Evaluates the model on the validation set and stores the metrics in *result. The model has the
 * weights of the best epoch. */
static int measure(struct article_run *r, const cnn_model_t *model, const cnn_history_t *history,
                   struct article_result *result)
{
    cnn_evaluation_t *evaluation = NULL;
    int rc = figures_evaluate(&r->tool, model, r->splits.validation, 0, &evaluation);

    if (rc != EXIT_SUCCESS)
        return rc;
    result->metrics.struct_size = sizeof result->metrics;
    TOOL_TRY(rc, cnn_evaluation_metrics(evaluation, &result->metrics));
    result->parameters = summary_parameters(cnn_model_graph(model));
    take_epochs(result, history);
done:
    cnn_evaluation_free(evaluation);
    return rc;
}

/* Trains the model, saves it with its history, and evaluates it. A cancelled training is saved, but
 * not evaluated. A failed training is neither saved nor evaluated. */
static int train_and_measure(struct article_run *r, const cnn_preset_info_t *preset,
                             cnn_model_t *model)
{
    cnn_train_options_t options = {.struct_size = sizeof options, .epochs = o.epochs};
    struct article_result *result = &r->results[r->n];
    cnn_history_t *history = NULL;
    int rc = EXIT_SUCCESS;

    const cnn_status_t status = training_fit(&r->tool, model, &r->splits, options, &history);
    if (status != CNN_OK)
        rc = tool_failed(status);
    if (o.out && (status == CNN_OK || status == CNN_ERROR_CANCELLED) &&
        save(preset->name, model, history) != EXIT_SUCCESS && rc == EXIT_SUCCESS)
        rc = EXIT_FAILURE;
    result->preset = *preset;
    if (rc == EXIT_SUCCESS && (rc = measure(r, model, history, result)) == EXIT_SUCCESS)
        r->n++;
    cnn_history_free(history);
    return rc;
}

static int run_preset(struct article_run *r, const cnn_preset_info_t *preset)
{
    cnn_model_t *model = NULL;
    cnn_preprocess_t preprocess = r->preprocess;

    training_normalise(preset->name, &preprocess);
    int rc = training_create_model(&r->tool, preset->name, NULL, r->splits.train, &preprocess,
                                   CNN_INITIALIZER_DEFAULT, &model);
    if (rc != EXIT_SUCCESS)
        return rc;
    fprintf(stderr, "\n%s\n", preset->name);
    rc = train_and_measure(r, preset, model);
    cnn_model_free(model);
    return rc;
}

/* ---- the command ---- */

/* Trains the presets one after the other until one fails. Prints the results of those that were
 * completed. */
static int run_all(struct article_run *r)
{
    cnn_preset_info_t preset = CNN_INIT(cnn_preset_info_t);
    int rc = EXIT_SUCCESS;

    for (size_t i = 0; i < cnn_preset_count() && rc == EXIT_SUCCESS; i++)
        if (cnn_preset_info(i, &preset) == CNN_OK && in_list(o.only, preset.name) &&
            r->n < ARTICLE_MAX_PRESETS)
            rc = run_preset(r, &preset);
    if (o.json && article_print_json(r) != EXIT_SUCCESS)
        rc = EXIT_FAILURE;
    else if (!o.json && r->n > 0)
        article_print_table(r);
    if (o.out)
        fprintf(r->text, "\nmodels and histories: %s\n", o.out);
    return rc;
}

static int article(const char *folder)
{
    struct article_run r = {.seed = o.seed, .text = o.json ? stderr : stdout};
    const cnn_dataset_open_options_t dataset = CNN_INIT(cnn_dataset_open_options_t);
    int rc;

    if (o.out && (rc = make_folder(o.out)) != EXIT_SUCCESS)
        return rc;
    if ((rc = tool_open(&r.tool, o.threads, o.seed)) != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&r.tool);
    r.preprocess =
        (cnn_preprocess_t){.struct_size = sizeof r.preprocess, .height = 94, .width = 125};
    rc = splits_open(&r.tool, folder, &dataset, &o.source, &r.preprocess, NULL, r.text, &r.splits);
    if (rc == EXIT_SUCCESS)
        rc = splits_load(&r.tool, &o.store, &r.splits);
    if (rc == EXIT_SUCCESS) {
        splits_print_skipped(&r.splits);
        fprintf(r.text, "seed %llu, %u threads, %s kernels\n", (unsigned long long)o.seed,
                (unsigned)cnn_context_threads(r.tool.context), cnn_context_kernels(r.tool.context));
        fflush(r.text);
        rc = run_all(&r);
    }
    splits_release(&r.splits);
    tool_close(&r.tool);
    return rc;
}

static const struct option options[] = {
    ARG_NUMBER("train", OPTION_SIZE, &o.source.sizes.n_train, "N",
               "The number of training photos. Default: 4096.", 1, 1e9),
    ARG_NUMBER("val", OPTION_SIZE, &o.source.sizes.n_validation, "N",
               "The number of validation photos. Default: 1024.", 1, 1e9),
    ARG_VALUE("only", OPTION_TEXT, &o.only, "NAME,...", "Train only these presets. Default: all."),
    ARG_NUMBER("epochs", OPTION_U32, &o.epochs, "N", "The number of epochs. Default: the preset's.",
               1, 1e6),
    ARG_VALUE("seed", OPTION_SEED, &o.seed, "S",
              "The seed of split, weights and shuffling. Default: 1."),
    PHOTOS_STORE_OPTIONS(&o.store),
    ARG_VALUE("out", OPTION_TEXT, &o.out, "DIR",
              "Write models (NAME.safetensors) and histories (NAME.csv) to this folder."),
    ARG_THREADS(&o.threads),
    ARG_JSON(&o.json),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog article photos --out runs", "Train all five networks and keep them."},
    {"catdog article photos --only mlp,conv24 --epochs 2", "Try the two smallest for two epochs."},
    {NULL, NULL},
};

static int run(char **files, size_t n_files)
{
    const int rc = check_names();

    (void)n_files;
    return rc == EXIT_SUCCESS ? article(files[0]) : rc;
}

const struct command command_article = {
    .name = "article",
    .summary = "train the article's five networks and print its table",
    .synopsis = "DIR [options]",
    .description =
        "This command trains the article's five networks on the same photos, at 94x125 pixels. It "
        "prints a table beside the article's figures: mean squared error, Pearson correlation, "
        "best threshold and accuracy on the validation photos, with the weights of the best epoch."
        "\n\n"
        "Each network has the training options that were tuned for its preset.",
    .options = options,
    .examples = examples,
    .stopped = "Ctrl-C (SIGINT) stopped the command. The networks that are complete are printed.",
    .min_files = 1,
    .max_files = 1,
    .run = run,
};
