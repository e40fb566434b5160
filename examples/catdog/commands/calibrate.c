/* SPDX-License-Identifier: MIT
 *
 * catdog calibrate: calibrates a model's probabilities. */
#include <stdlib.h>

#include "base/json.h"
#include "base/output.h"
#include "commands.h"
#include "photos/labelled_photos.h"

static struct {
    const char *model, *out;
    uint32_t threads;
    int json, mirror;
    struct labelled_photos photos;
} c;

static int fit(const struct tool *tool, cnn_model_t *model, cnn_dataset_t *dataset,
               cnn_calibration_t *result)
{
    struct output_progress progress = {"evaluating", output_now()};
    const cnn_evaluate_options_t evaluation = {.struct_size = sizeof evaluation,
                                               .progress = output_progress_step,
                                               .user = &progress,
                                               .cancel = tool->cancel,
                                               .mirror = c.mirror};
    cnn_status_t status = cnn_model_calibrate(model, dataset, &evaluation, result);

    output_bar_wipe();
    return status == CNN_OK ? EXIT_SUCCESS : tool_failed(status);
}

static int print(const cnn_calibration_t *r, cnn_dataset_t *dataset)
{
    if (c.json)
        return json_print(
            json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "photos",
                      (json_int_t)r->n_samples, "temperature", json_number(r->temperature),
                      "cross_entropy_before", json_number(r->cross_entropy_before),
                      "cross_entropy_after", json_number(r->cross_entropy_after),
                      "calibration_error_before", json_number(r->calibration_error_before),
                      "calibration_error_after", json_number(r->calibration_error_after), "model",
                      json_text(c.out), "skipped", photos_skipped_json(&dataset, 1)));
    photos_print_skipped(&dataset, 1);
    photos_print_classes(stdout, c.photos.folder, dataset);
    printf("%-22s %.4f\n", "temperature", r->temperature);
    printf("%-22s %.4f before, %.4f after\n", "cross-entropy", r->cross_entropy_before,
           r->cross_entropy_after);
    printf("%-22s %.4f before, %.4f after\n", "calibration error", r->calibration_error_before,
           r->calibration_error_after);
    printf("model: %s\n", c.out);
    return EXIT_SUCCESS;
}

static int calibrate(void)
{
    struct tool tool;
    cnn_model_t *model = NULL;
    cnn_dataset_t *dataset = NULL;
    cnn_calibration_t result = CNN_INIT(cnn_calibration_t);
    int rc = tool_open(&tool, c.threads, 0);

    if (rc != EXIT_SUCCESS)
        return rc;
    tool_cancel_on_signals(&tool);
    TOOL_TRY(rc, tool_load_model(&tool, c.model, &model));
    if ((rc = labelled_photos_load(&tool, model, &c.photos, &dataset)) != EXIT_SUCCESS ||
        (rc = fit(&tool, model, dataset, &result)) != EXIT_SUCCESS)
        goto done;
    TOOL_TRY(rc, cnn_model_save(model, c.out, NULL));
    rc = print(&result, dataset);
done:
    cnn_dataset_free(dataset);
    cnn_model_free(model);
    tool_close(&tool);
    return rc;
}

static const struct option options[] = {
    ARG_REQUIRED("out", OPTION_OUTPUT, &c.out, "FILE",
                 "The file for the calibrated model. It may be MODEL."),
    ARG_FLAG("mirror", &c.mirror, "Calibrate for predictions with test-time mirroring (--mirror)."),
    LABELLED_PHOTOS_OPTIONS(&c.photos),
    ARG_THREADS(&c.threads),
    ARG_JSON(&c.json),
    ARG_END,
};

static const struct example examples[] = {
    {"catdog calibrate old.model photos --split split.txt --subset validation "
     "--out new.model",
     "Calibrate a model with the validation photos of its split."},
    {NULL, NULL},
};

static int run(char **files, size_t n_files)
{
    int rc = subset_check(&command_calibrate, &c.photos.choice);

    (void)n_files;
    c.model = files[0];
    c.photos.folder = files[1];
    return rc == EXIT_SUCCESS ? calibrate() : rc;
}

const struct command command_calibrate = {
    .name = "calibrate",
    .summary = "calibrate a model's probabilities",
    .synopsis = "MODEL|builtin DIR --out FILE [options]",
    .description =
        "Calibrated probabilities match the accuracy: of the photos that a model classifies with a "
        "confidence of 0.8, 80 % are right. This command measures a model on the photos of a "
        "folder and finds the temperature that minimises the cross-entropy (Guo et al., \"On "
        "Calibration of Modern Neural Networks\", 2017). It divides the last layer by the "
        "temperature and writes the new model. Predicted classes do not change."
        "\n\n"
        "Use photos that the model was not trained on, such as the validation set.",
    .options = options,
    .examples = examples,
    .stopped = "Ctrl-C (SIGINT) stopped the command. No model was written.",
    .min_files = 2,
    .max_files = 2,
    .run = run,
};
