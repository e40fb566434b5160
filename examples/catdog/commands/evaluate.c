/* SPDX-License-Identifier: MIT
 *
 * catdog evaluate: evaluates a model on a folder of photos. */
#include <stdlib.h>

#include "base/json.h"
#include "base/output.h"
#include "commands.h"
#include "photos/labelled_photos.h"
#include "report/figures.h"
#include "report/mistakes.h"
#include "report/reliability.h"

static struct {
    const char *model;
    const char *predictions, *reliability, *mistakes_file; /* output files, or NULL */
    size_t mistakes;                                       /* number of mistakes to print */
    uint32_t threads;
    int json;
    int mirror;
    struct labelled_photos photos;
} e;

static int print_json(const cnn_evaluation_t *evaluation, cnn_dataset_t *dataset,
                      const struct mistakes *mistakes)
{
    json_t *document = figures_json(evaluation, dataset);

    if (document &&
        (json_object_set_new(document, "skipped", photos_skipped_json(&dataset, 1)) ||
         (e.mistakes && json_object_set_new(document, "mistakes",
                                            mistakes_json(mistakes, dataset, e.mistakes))))) {
        json_decref(document);
        document = NULL;
    }
    return json_print(document);
}

static int print(const cnn_evaluation_t *evaluation, cnn_dataset_t *dataset,
                 const struct mistakes *mistakes)
{
    if (e.json)
        return print_json(evaluation, dataset, mistakes);
    photos_print_skipped(&dataset, 1);
    photos_print_classes(stdout, e.photos.folder, dataset);
    int rc = figures_print(stdout, evaluation, dataset);
    if (rc == EXIT_SUCCESS && e.mistakes)
        mistakes_print(mistakes, dataset, e.mistakes);
    return rc;
}

/* Prints the metrics and mistakes, and writes the output files. */
static int report(const cnn_evaluation_t *evaluation, cnn_dataset_t *dataset)
{
    struct mistakes mistakes;
    int rc = mistakes_find(evaluation, dataset, &mistakes);

    if (rc == EXIT_SUCCESS)
        rc = print(evaluation, dataset, &mistakes);
    if (rc == EXIT_SUCCESS && e.predictions)
        rc = figures_save_predictions(evaluation, dataset, e.predictions);
    if (rc == EXIT_SUCCESS && e.reliability)
        rc = reliability_save(evaluation, e.reliability);
    if (rc == EXIT_SUCCESS && e.mistakes_file)
        rc = mistakes_save(&mistakes, dataset, e.mistakes_file);
    mistakes_free(&mistakes);
    return rc;
}

static int evaluate(void)
{
    struct tool tool;
    cnn_model_t *model = NULL;
    cnn_dataset_t *dataset = NULL;
    cnn_evaluation_t *evaluation = NULL;
    int rc = tool_open(&tool, e.threads, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&tool);
    TOOL_TRY(rc, tool_load_model(&tool, e.model, &model));
    if ((rc = labelled_photos_load(&tool, model, &e.photos, &dataset)) == EXIT_SUCCESS &&
        (rc = figures_evaluate(&tool, model, dataset, e.mirror, &evaluation)) == EXIT_SUCCESS)
        rc = report(evaluation, dataset);
done:
    cnn_evaluation_free(evaluation);
    cnn_dataset_free(dataset);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

static const struct option options[] = {
    TOOL_MODEL(&e.model),
    ARG_VALUE("predictions", OPTION_OUTPUT, &e.predictions, "FILE",
              "Write a CSV file with a line for each photo."),
    ARG_NUMBER("mistakes", OPTION_SIZE, &e.mistakes, "N",
               "List N misclassified photos, the least probable label first.", 1, 1e9),
    ARG_VALUE("mistakes-out", OPTION_OUTPUT, &e.mistakes_file, "FILE",
              "Write all misclassified photos as a split list with the subset \"mistake\". catdog "
              "sheet --split FILE --subset mistake draws them."),
    ARG_VALUE("reliability", OPTION_OUTPUT, &e.reliability, "FILE",
              "Write the accuracy for each bin of confidence: a diagram, FILE.svg or FILE.png "
              "(needs gnuplot), or a table, FILE.csv."),
    ARG_FLAG("mirror", &e.mirror,
             "Use test-time mirroring: the mean of the predictions of a photo and its mirror "
             "image."),
    LABELLED_PHOTOS_OPTIONS(&e.photos),
    ARG_THREADS(&e.threads),
    ARG_JSON(&e.json),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog evaluate photos", "Evaluate the built-in model on a folder of cats and dogs."},
    {"catdog evaluate photos --model model.safetensors --split split.txt --subset test",
     "Evaluate a model on the test set of a split list."},
    {"catdog evaluate photos --mistakes 20", "Also list the 20 most improbable labels."},
    {NULL, NULL},
};

static int run(char **files, size_t n_files)
{
    int rc = subset_check(&command_evaluate, &e.photos.choice);

    (void)n_files;
    if (rc != EXIT_SUCCESS)
        return rc;
    if (e.reliability && !reliability_saves(e.reliability))
        return command_usage(&command_evaluate,
                             "--reliability: \"%s\" does not end in .svg, .png or .csv",
                             e.reliability);
    e.photos.folder = files[0];
    return evaluate();
}

const struct command command_evaluate = {
    .name = "evaluate",
    .summary = "measure the accuracy of a model on a folder of photos",
    .synopsis = "DIR [--model FILE] [options]",
    .description =
        "This command runs a model on the labelled photos of a folder and prints its metrics: mean "
        "squared error, cross-entropy, Pearson correlation, ROC AUC, accuracy with a 95 % "
        "interval, balanced accuracy, precision, recall, calibration error, accuracy at ten "
        "thresholds, and the confusion matrix. The classes of the folder must be classes of the "
        "model; the folder \"cats\" holds the class \"cat\"."
        "\n\n"
        "Unusable photos are listed and left out. Use photos that the model was not trained on.",
    .options = options,
    .examples = examples,
    .stopped = "Ctrl-C (SIGINT) stopped the command. Nothing was written.",
    .min_files = 1,
    .max_files = 1,
    .run = run,
};
