/* SPDX-License-Identifier: MIT
 *
 * catdog calibrate: makes a model's probabilities as large as they are right. */
#include <stdlib.h>

#include "base/json.h"
#include "photos/model_photos.h"
#include "base/output.h"
#include "base/save.h"

struct calibrate {
    const char *model, *out;
    uint32_t threads;
    int json, mirror;
    struct model_photos photos;
};

static int fit(const struct tool *tool, const struct calibrate *c, cnn_model_t *model,
               cnn_dataset_t *dataset, cnn_calibration_t *result)
{
    struct output_progress progress = {"evaluating", output_now()};
    const cnn_evaluate_options_t options = {.struct_size = sizeof options,
                                            .progress = output_progress_step,
                                            .user = &progress,
                                            .cancel = tool->cancel,
                                            .mirror = c->mirror};
    cnn_status_t status = cnn_model_calibrate(model, dataset, &options, result);

    output_bar_wipe();
    return status == CNN_OK ? EXIT_SUCCESS : tool_failed(status);
}

static int print(const struct calibrate *c, const cnn_calibration_t *r, cnn_dataset_t *dataset)
{
    if (c->json)
        return json_print(json_pack(
            "{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "photos", (json_int_t)r->photos,
            "temperature", json_number(r->temperature), "cross_entropy_before",
            json_number(r->cross_entropy_before), "cross_entropy_after",
            json_number(r->cross_entropy_after), "calibration_error_before",
            json_number(r->calibration_error_before), "calibration_error_after",
            json_number(r->calibration_error_after), "model", json_text(c->out), "skipped",
            photos_skipped_json(&dataset, 1)));
    photos_print_skipped(&dataset, 1);
    photos_print_classes(stdout, c->photos.folder, dataset);
    printf("%-22s %.4f\n", "temperature", r->temperature);
    printf("%-22s %.4f before, %.4f after\n", "cross-entropy", r->cross_entropy_before,
           r->cross_entropy_after);
    printf("%-22s %.4f before, %.4f after\n", "calibration error", r->calibration_error_before,
           r->calibration_error_after);
    printf("model: %s\n", c->out);
    return EXIT_SUCCESS;
}

static int calibrate(const struct calibrate *c)
{
    struct tool tool;
    cnn_model_t *model = NULL;
    cnn_dataset_t *dataset = NULL;
    cnn_calibration_t result = {.struct_size = sizeof result};
    int rc = tool_open(&tool, c->threads, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&tool);
    TOOL_TRY(rc, tool_load_model(&tool, c->model, &model));
    if ((rc = model_photos_load(&tool, model, &c->photos, &dataset)) != EXIT_SUCCESS ||
        (rc = fit(&tool, c, model, dataset, &result)) != EXIT_SUCCESS)
        goto done;
    TOOL_TRY(rc, cnn_model_save(model, c->out, NULL));
    rc = print(c, &result, dataset);
done:
    cnn_dataset_free(dataset);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

int command_calibrate(int argc, char **argv)
{
    struct calibrate c = {0};
    const struct option options[] = {
        ARG_TEXT("out", &c.out, "FILE", "the calibrated model (needed); may be MODEL"),
        ARG_FLAG("mirror", &c.mirror, "for predictions with --mirror"),
        MODEL_PHOTOS_OPTIONS(&c.photos),
        ARG_THREADS(&c.threads),
        ARG_JSON(&c.json),
        ARG_END,
    };
    const struct command command = {
        .name = "calibrate",
        .synopsis = "MODEL DIR --out FILE [options]",
        .about = "Finds the temperature by which a model should be less, or more, sure of itself "
                 "to be right as\n"
                 "often as it says (Guo et al. 2017), on photos that it was not trained on, and "
                 "writes the model\n"
                 "with its last layer divided by it. What it takes photos for stays the same.",
        .options = options,
        .min_files = 2,
        .max_files = 2,
    };
    size_t n_files;
    int rc = args_parse(&command, argc, argv, &n_files);

    if (rc == ARGS_GO_ON && !c.out)
        rc = args_error(&command, "--out FILE is needed");
    if (rc == ARGS_GO_ON)
        rc = part_choice_check(&command, &c.photos.choice);
    if (rc != ARGS_GO_ON)
        return rc;
    c.model = argv[0];
    c.photos.folder = argv[1];
    return save_check(c.out) == EXIT_SUCCESS ? calibrate(&c) : EXIT_FAILURE;
}
