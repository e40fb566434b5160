/* SPDX-License-Identifier: MIT
 *
 * catdog evaluate: the figures of a model on a folder of photos. */
#include <stdlib.h>
#include <string.h>

#include "report/figures.h"
#include "base/json.h"
#include "report/mistakes.h"
#include "photos/model_photos.h"
#include "base/output.h"
#include "report/reliability.h"
#include "base/save.h"

struct evaluate {
    const char *model;
    const char *predictions, *reliability, *mistakes_file; /* or NULL */
    size_t mistakes; /* to show */
    uint32_t threads;
    int json;
    int mirror;
    struct model_photos photos;
};

static int print_json(const struct evaluate *e, const cnn_evaluation_t *evaluation,
                      cnn_dataset_t *dataset, const struct mistakes *mistakes)
{
    json_t *document = figures_json(evaluation, dataset);

    if (document &&
        (json_object_set_new(document, "skipped", photos_skipped_json(&dataset, 1)) ||
         (e->mistakes && json_object_set_new(document, "mistakes",
                                             mistakes_json(mistakes, dataset, e->mistakes))))) {
        json_decref(document);
        document = NULL;
    }
    return json_print(document);
}

static int print(const struct evaluate *e, const cnn_evaluation_t *evaluation,
                 cnn_dataset_t *dataset, const struct mistakes *mistakes)
{
    if (e->json)
        return print_json(e, evaluation, dataset, mistakes);
    photos_print_skipped(&dataset, 1);
    photos_print_classes(stdout, e->photos.folder, dataset);
    int rc = figures_print(stdout, evaluation, dataset);
    if (rc == EXIT_SUCCESS && e->mistakes)
        mistakes_print(mistakes, dataset, e->mistakes);
    return rc;
}

/* All that was asked for. */
static int report(const struct evaluate *e, const cnn_evaluation_t *evaluation,
                  cnn_dataset_t *dataset)
{
    struct mistakes mistakes;
    int rc = mistakes_find(evaluation, dataset, &mistakes);

    if (rc == EXIT_SUCCESS)
        rc = print(e, evaluation, dataset, &mistakes);
    if (rc == EXIT_SUCCESS && e->predictions)
        rc = figures_save_predictions(evaluation, dataset, e->predictions);
    if (rc == EXIT_SUCCESS && e->reliability)
        rc = reliability_save(evaluation, e->reliability);
    if (rc == EXIT_SUCCESS && e->mistakes_file)
        rc = mistakes_save(&mistakes, dataset, e->mistakes_file);
    mistakes_free(&mistakes);
    return rc;
}

static int evaluate(const struct evaluate *e)
{
    struct tool tool;
    cnn_model_t *model = NULL;
    cnn_dataset_t *dataset = NULL;
    cnn_evaluation_t *evaluation = NULL;
    int rc = tool_open(&tool, e->threads, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&tool);
    TOOL_TRY(rc, tool_load_model(&tool, e->model, &model));
    if ((rc = model_photos_load(&tool, model, &e->photos, &dataset)) == EXIT_SUCCESS &&
        (rc = figures_evaluate(&tool, model, dataset, e->mirror, &evaluation)) == EXIT_SUCCESS)
        rc = report(e, evaluation, dataset);
done:
    cnn_evaluation_free(evaluation);
    cnn_dataset_free(dataset);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

/* How many are to be shown, or the file that they are to be written to. */
static int take_mistakes(const struct command *command, struct evaluate *e, const char *text)
{
    double number;

    if (!text || text[strspn(text, "0123456789")]) {
        e->mistakes_file = text;
        return ARGS_GO_ON;
    }
    if (!args_number(&text, &number) || number < 1 || number > 1e9)
        return args_error(command, "--mistakes: neither a file nor a number from 1 to 1000000000");
    e->mistakes = (size_t)number;
    return ARGS_GO_ON;
}

static int check(const struct command *command, struct evaluate *e, const char *mistakes)
{
    int rc = part_choice_check(command, &e->photos.choice);

    if (e->reliability && !reliability_saves(e->reliability))
        return args_error(command, "--reliability: \"%s\" ends in none of .svg, .png, .csv",
                          e->reliability);
    if (rc != ARGS_GO_ON || (rc = take_mistakes(command, e, mistakes)) != ARGS_GO_ON)
        return rc;
    if (save_check(e->predictions) != EXIT_SUCCESS || save_check(e->reliability) != EXIT_SUCCESS ||
        save_check(e->mistakes_file) != EXIT_SUCCESS)
        return EXIT_FAILURE;
    return ARGS_GO_ON;
}

int command_evaluate(int argc, char **argv)
{
    struct evaluate e = {0};
    const char *mistakes = NULL;
    const struct option options[] = {
        ARG_TEXT("model", &e.model, "FILE", TOOL_MODEL_HELP),
        ARG_TEXT("predictions", &e.predictions, "FILE", "also write a CSV line for each photo"),
        ARG_TEXT("mistakes", &mistakes, "N|FILE",
                 "list photos that are taken for another class, the least probable\n"
                 "label first: show N of them, or write all to FILE, which sheet's\n"
                 "--parts FILE --part mistake draws"),
        ARG_TEXT("reliability", &e.reliability, "FILE",
                 "how right the model is where it is how sure: a picture, FILE.svg or\n"
                 "FILE.png (needs gnuplot), or FILE.csv"),
        ARG_FLAG("mirror", &e.mirror, "judge each photo by the mean of it and its mirror image"),
        MODEL_PHOTOS_OPTIONS(&e.photos),
        ARG_THREADS(&e.threads),
        ARG_JSON(&e.json),
        ARG_END,
    };
    const struct command command = {
        .name = "evaluate",
        .synopsis = "DIR [--model FILE] [options]",
        .about = "Runs a model over the photos of a folder, whose classes must be the model's, and "
                 "prints\n"
                 "how right it is.",
        .options = options,
        .min_files = 1,
        .max_files = 1,
    };
    size_t n_files;
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc == ARGS_GO_ON)
        rc = check(&command, &e, mistakes);
    if (rc != ARGS_GO_ON)
        return rc;
    e.photos.folder = argv[0];
    return evaluate(&e);
}
