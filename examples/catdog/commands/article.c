/* SPDX-License-Identifier: MIT
 *
 * catdog article: trains the five networks as the article does, each with the training that this
 * project tuned for it, on the same photos, and prints the article's table beside its own. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands/article_table.h"
#include "report/figures.h"
#include "base/output.h"
#include "report/summary.h"

/* Whether name is in a list "a,b,c" (NULL: every name is). */
static int in_list(const char *list, const char *name)
{
    size_t length = strlen(name);

    for (const char *p = list; p; p = strchr(p, ',') ? strchr(p, ',') + 1 : NULL)
        if (strncmp(p, name, length) == 0 && (p[length] == ',' || p[length] == '\0'))
            return 1;
    return list == NULL;
}

/* A usage error if the list has a name that no preset has. */
static int check_list(const struct command *command, const char *list)
{
    for (const char *p = list; p;) {
        char name[64], known[256];
        size_t length = strcspn(p, ",");
        snprintf(name, sizeof name, "%.*s", (int)(length < 64 ? length : 63), p);
        if (!training_knows_preset(name, known, sizeof known))
            return args_error(command, "--only: \"%s\" is not one of %s", name, known);
        p = p[length] ? p + length + 1 : NULL;
    }
    return ARGS_GO_ON;
}

static int make_folder(const char *path)
{
    if ((mkdir(path, 0777) == 0 || errno == EEXIST) && access(path, W_OK | X_OK) == 0) {
        struct stat info;
        if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
            return EXIT_SUCCESS;
        errno = ENOTDIR;
    }
    output_message("%s: the folder cannot be made or written: %s", path, strerror(errno));
    return EXIT_FAILURE;
}

/* FOLDER/NAME.END, to be freed; NULL after telling that memory is short. */
static char *join(const char *folder, const char *name, const char *end)
{
    size_t size = strlen(folder) + strlen(name) + strlen(end) + 2;
    char *path = malloc(size);

    if (path)
        snprintf(path, size, "%s/%s%s", folder, name, end);
    else
        output_message("out of memory");
    return path;
}

static int save_run(const struct article_run *r, const char *name, const cnn_model_t *model,
                    const cnn_history_t *history)
{
    char *model_path = join(r->a->out, name, ".safetensors");
    char *history_path = join(r->a->out, name, ".csv");
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

static void take_epochs(struct article_result *result, const cnn_history_t *history)
{
    cnn_epoch_t epoch = {.struct_size = sizeof epoch};
    double sum = 0;

    result->epochs = cnn_history_epoch_count(history);
    result->best_epoch = cnn_history_best_epoch(history);
    for (size_t i = 0; i < result->epochs; i++)
        if (cnn_history_epoch(history, i, &epoch) == CNN_OK)
            sum += epoch.seconds;
    result->seconds = result->epochs ? sum / (double)result->epochs : NAN;
}

/* Figures are those of the best epoch's weights on the validation part. */
static int measure(struct article_run *r, const cnn_model_t *model, const cnn_history_t *history,
                   struct article_result *result)
{
    cnn_evaluation_t *evaluation = NULL;
    int rc = figures_evaluate(&r->tool, model, r->parts.validation, 0, &evaluation);

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

static int run_preset(struct article_run *r, const cnn_preset_info_t *preset)
{
    cnn_train_options_t options = {.struct_size = sizeof options};
    struct article_result *result = &r->results[r->n];
    cnn_model_t *model = NULL;
    cnn_history_t *history = NULL;
    cnn_preprocess_t preprocess = r->preprocess;

    training_normalise(preset->name, &preprocess);
    int rc = training_create_model(&r->tool, preset->name, NULL, r->parts.train, &preprocess,
                                   CNN_INITIALIZER_DEFAULT, &model);
    if (rc != EXIT_SUCCESS)
        return rc;
    fprintf(stderr, "\n%s\n", preset->name);
    options.epochs = r->a->epochs;
    cnn_status_t status = training_fit(&r->tool, model, &r->parts, options, &history);
    if (status != CNN_OK)
        rc = tool_failed(status);
    if (r->a->out && (status == CNN_OK || status == CNN_ERROR_CANCELLED) &&
        save_run(r, preset->name, model, history) != EXIT_SUCCESS && rc == EXIT_SUCCESS)
        rc = EXIT_FAILURE;
    result->preset = *preset;
    if (rc == EXIT_SUCCESS && (rc = measure(r, model, history, result)) == EXIT_SUCCESS)
        r->n++;
    cnn_history_free(history);
    cnn_model_free(model);
    return rc;
}

/* All presets asked for, one after the other. One that fails ends the run; what is done is told. */
static int run_all(struct article_run *r)
{
    cnn_preset_info_t preset = {.struct_size = sizeof preset};
    int rc = EXIT_SUCCESS;

    for (size_t i = 0; i < cnn_preset_count() && rc == EXIT_SUCCESS; i++)
        if (cnn_preset_info(i, &preset) == CNN_OK && in_list(r->a->only, preset.name) &&
            r->n < ARTICLE_MAX_PRESETS)
            rc = run_preset(r, &preset);
    if (r->a->json && article_print_json(r) != EXIT_SUCCESS)
        rc = EXIT_FAILURE;
    else if (!r->a->json && r->n > 0)
        article_print_table(r);
    if (r->a->out)
        fprintf(r->text, "\nmodels and histories: %s\n", r->a->out);
    return rc;
}

static int article(const struct article *a)
{
    struct article_run r = {.a = a, .text = a->json ? stderr : stdout};
    cnn_dataset_open_options_t dataset_options = {.struct_size = sizeof dataset_options};
    const struct training_division division = {.split = a->split};
    int rc;

    if (a->out && (rc = make_folder(a->out)) != EXIT_SUCCESS)
        return rc;
    if ((rc = tool_open(&r.tool, a->threads, a->seed)) != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&r.tool);
    r.preprocess.struct_size = sizeof r.preprocess;
    r.preprocess.height = 94;
    r.preprocess.width = 125;
    rc = training_open(&r.tool, a->folder, &dataset_options, &division, &r.preprocess, NULL, r.text,
                       &r.parts);
    if (rc == EXIT_SUCCESS)
        rc = training_load(&r.tool, &a->store, &r.parts);
    if (rc == EXIT_SUCCESS) {
        training_print_skipped(&r.parts);
        fprintf(r.text, "seed %llu, %u threads, %s kernels\n", (unsigned long long)a->seed,
                (unsigned)cnn_context_threads(r.tool.context), cnn_context_kernels(r.tool.context));
        fflush(r.text);
        rc = run_all(&r);
    }
    training_release(&r.parts);
    tool_close(&r.tool);
    return rc;
}

int command_article(int argc, char **argv)
{
    struct article a = {.seed = 1};
    const struct option options[] = {
        ARG_NUMBER("train", OPTION_SIZE, &a.split.train, "N", "photos to train on; default 4096", 1,
                   1e9),
        ARG_NUMBER("val", OPTION_SIZE, &a.split.validation, "N",
                   "photos to validate on; default 1024", 1, 1e9),
        ARG_TEXT("only", &a.only, "NAME,...",
                 "of mlp, conv24, conv48x2, conv128x2, conv64-128; default: all"),
        ARG_NUMBER("epochs", OPTION_U32, &a.epochs, "N", "default: what is tuned for each", 1, 1e6),
        ARG_NUMBER("seed", OPTION_U64, &a.seed, "S", "of split, weights and shuffling; default 1",
                   0, 0),
        PHOTOS_STORE_OPTIONS(&a.store),
        ARG_TEXT("out", &a.out, "DIR", "keep models (.safetensors) and histories (.csv)"),
        ARG_THREADS(&a.threads),
        ARG_JSON(&a.json),
        ARG_END,
    };
    const struct command command = {
        .name = "article",
        .synopsis = "DIR [options]",
        .about =
            "Trains the article's five networks on the same photos, 94x125, and prints its table:\n"
            "mean squared error, correlation, best threshold and accuracy on validation photos "
            "with\n"
            "the weights of the best epoch, beside the article's own figures.",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;

    a.split.struct_size = sizeof a.split;
    a.split.train = 4096;
    a.split.validation = 1024;
    int rc = args_parse(&command, argc, argv, &n_files);
    if (rc == ARGS_GO_ON)
        rc = check_list(&command, a.only);
    if (rc != ARGS_GO_ON)
        return rc;
    a.folder = argv[0];
    return article(&a);
}
