/* SPDX-License-Identifier: MIT
 *
 * catdog evaluate: the figures of a model on a folder of photos. */
#include <stdlib.h>

#include "figures.h"
#include "json.h"
#include "output.h"
#include "part_list.h"
#include "photos.h"
#include "save.h"

struct evaluate {
    const char *folder;
    const char *model;
    const char *predictions;
    uint32_t threads;
    int json;
    int strict;
    int mirror;
    int layout; /* a cnn_layout_t */
    struct part_choice choice;
    struct photos_store store;
};

/* The folder's photos by the model's classes: "cats/" holds the class "cat". */
static int open_photos(const struct tool *tool, const cnn_model_t *model, const struct evaluate *e,
                       cnn_dataset_t **dataset)
{
    cnn_dataset_options_t options = {.struct_size = sizeof options};
    cnn_preprocess_t preprocess = {.struct_size = sizeof preprocess};
    size_t n = cnn_model_class_count(model);
    const char **classes = calloc(n + 1, sizeof *classes);
    int rc = EXIT_SUCCESS;

    if (!classes) {
        output_message("out of memory");
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < n; i++)
        classes[i] = cnn_model_class_name(model, i);
    options.classes = classes;
    options.n_classes = n;
    options.strict = e->strict;
    options.layout = (cnn_layout_t)e->layout;
    if ((rc = part_choice_open(tool, e->folder, &options, &e->choice, dataset)) != EXIT_SUCCESS)
        goto done;
    TOOL_TRY(rc, cnn_model_preprocess(model, &preprocess));
    rc = photos_load(tool, *dataset, &preprocess, &e->store, "loading");
done:
    free(classes);
    return rc;
}

static int print_json(const cnn_evaluation_t *evaluation, cnn_dataset_t *dataset)
{
    json_t *document = figures_json(evaluation, dataset);

    if (document && json_object_set_new(document, "skipped", photos_skipped_json(&dataset, 1))) {
        json_decref(document);
        document = NULL;
    }
    return json_print(document);
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
    if ((rc = open_photos(&tool, model, e, &dataset)) != EXIT_SUCCESS ||
        (rc = figures_evaluate(&tool, model, dataset, e->mirror, &evaluation)) != EXIT_SUCCESS)
        goto done;
    if (!e->json) {
        photos_print_skipped(&dataset, 1);
        photos_print_classes(stdout, e->folder, dataset);
    }
    rc = e->json ? print_json(evaluation, dataset) : figures_print(stdout, evaluation, dataset);
    if (rc == EXIT_SUCCESS && e->predictions)
        rc = figures_save_predictions(evaluation, dataset, e->predictions);
done:
    cnn_evaluation_free(evaluation);
    cnn_dataset_free(dataset);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

int command_evaluate(int argc, char **argv)
{
    struct evaluate e = {0};
    const struct option options[] = {
        ARG_TEXT("model", &e.model, "FILE", TOOL_MODEL_HELP),
        ARG_TEXT("predictions", &e.predictions, "FILE", "also write a CSV line for each photo"),
        ARG_CHOICE("layout", &e.layout, "NAME", TOOL_LAYOUT_HELP, tool_layouts),
        ARG_FLAG("mirror", &e.mirror, "judge each photo by the mean of it and its mirror image"),
        ARG_FLAG("strict", &e.strict, "stop at the first photo that cannot be used"),
        PART_OPTIONS(&e.choice),
        PHOTOS_STORE_OPTIONS(&e.store),
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
        rc = part_choice_check(&command, &e.choice);
    if (rc == ARGS_GO_ON) {
        e.folder = argv[0];
        rc = save_check(e.predictions) == EXIT_SUCCESS ? evaluate(&e) : EXIT_FAILURE;
    }
    return rc;
}
