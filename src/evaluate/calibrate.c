/* SPDX-License-Identifier: MIT */
#include "evaluate/calibrate.h"

#include <math.h>

#include "core/memory.h"
#include "core/number.h"
#include "core/text.h"
#include "core/version.h"
#include "evaluate/outputs.h"
#include "evaluate/prepare.h"
#include "evaluate/reliability.h"
#include "evaluate/temperature.h"
#include "graph/kinds.h"
#include "model/session.h"

/* Returns the dense layer that computes the logits of the final sigmoid or softmax, or NULL if
 * there is no such layer. */
static const struct cd_node *find_head(const cnn_graph_t *graph)
{
    const struct cd_node *output = cd_graph_output(graph), *head = output;
    const size_t outputs = cd_shape_size(output->shape);

    if (cd_kind_of(output)->activates) {
        head = &graph->nodes[output->inputs[0]];
        if (head->activation != CNN_ACTIVATION_NONE)
            return NULL;
    }
    if (!cd_kind_of(head)->head)
        return NULL;
    if (output->activation == CNN_ACTIVATION_SIGMOID)
        return outputs == 1 ? head : NULL;
    return output->activation == CNN_ACTIVATION_SOFTMAX && outputs > 1 ? head : NULL;
}

/* Copies the graph and removes its final activation, so that the copy outputs logits. Probabilities
 * would be rounded to 0 or 1 where the network is very confident. */
static cnn_status_t copy_without_activation(const cnn_graph_t *graph, cnn_graph_t **copy)
{
    CD_TRY(cd_graph_copy(graph, copy));
    (*copy)->nodes[graph->n_nodes - 1].activation = CNN_ACTIVATION_NONE;
    return CNN_OK;
}

/* Returns the expected calibration error at a temperature. scratch: n x columns floats,
 * overwritten. */
static double error_at(const struct cd_logits *logits, size_t n_classes, double temperature,
                       float *scratch)
{
    const struct cd_predictions predictions = {scratch, logits->columns, logits->labels, logits->n,
                                               n_classes};
    cnn_reliability_t bins[CNN_RELIABILITY_BINS];

    for (size_t i = 0; i < logits->n; i++)
        cd_logits_probabilities(logits, i, temperature, scratch + i * logits->columns);
    cd_reliability(&predictions, bins);
    return cd_reliability_error(bins, logits->n);
}

static cnn_status_t find_temperature(const cnn_model_t *model, const struct cd_logits *logits,
                                     cnn_calibration_t *result)
{
    result->n_samples = logits->n;
    result->cross_entropy_before = cd_logits_cross_entropy(logits, 1);
    if (!isfinite(result->cross_entropy_before))
        return cd_error(CNN_ERROR_NAN,
                        "calibration: an output of the network is not a finite number");
    result->temperature = cd_logits_temperature(logits);
    if (result->temperature == 0)
        return cd_error(CNN_ERROR_DATA,
                        "calibration: no temperature from %g to %g is best for these %zu photos: "
                        "all of them are predicted correctly, or no better than by chance",
                        CD_TEMPERATURE_MIN, CD_TEMPERATURE_MAX, logits->n);
    result->cross_entropy_after = cd_logits_cross_entropy(logits, result->temperature);
    float *scratch = cd_alloc(model->context, logits->n, logits->columns * sizeof *scratch);
    if (!scratch)
        return cd_error_memory();
    result->calibration_error_before = error_at(logits, model->n_classes, 1, scratch);
    result->calibration_error_after =
        error_at(logits, model->n_classes, result->temperature, scratch);
    cd_free(model->context, scratch);
    return CNN_OK;
}

static void append(struct cd_text *text, const char *key, double value)
{
    char number[CD_NUMBER_SIZE];
    cd_text_append(text, ", \"%s\": %s", key, cd_number_text(value, number));
}

static cnn_status_t record(cnn_model_t *model, const cnn_calibration_t *result, int mirror)
{
    struct cd_text text = {.context = model->context};

    cd_text_append(&text, "{\"library\": \"%s\", \"photos\": %zu, \"mirror\": %s", CD_VERSION,
                   result->n_samples, mirror ? "true" : "false");
    append(&text, "temperature", result->temperature);
    append(&text, "cross_entropy_before", result->cross_entropy_before);
    append(&text, "cross_entropy_after", result->cross_entropy_after);
    append(&text, "calibration_error_before", result->calibration_error_before);
    append(&text, "calibration_error_after", result->calibration_error_after);
    cd_text_append(&text, "}");
    cnn_status_t rc = text.failed ? cd_error_memory()
                                  : cd_metadata_set(&model->metadata, "calibration", text.bytes);
    cd_text_free(&text);
    return rc;
}

/* Divides the kernel and the bias of the head by the temperature. Leaves the model unchanged if a
 * result would overflow. */
static cnn_status_t fold(cnn_model_t *model, const struct cd_node *head,
                         const cnn_calibration_t *result, int mirror)
{
    const struct cd_param *first = &model->graph->params[head->first_param];

    for (const struct cd_param *p = first; p < first + head->n_params; p++)
        for (size_t i = 0; i < p->count; i++)
            if (!isfinite((float)((double)cd_model_values(model, p)[i] / result->temperature)))
                return cd_error(CNN_ERROR_NAN,
                                "calibration: \"%s\" divided by %g is not a finite number", p->name,
                                result->temperature);
    CD_TRY(record(model, result, mirror));
    for (const struct cd_param *p = first; p < first + head->n_params; p++) {
        float *values = cd_model_values(model, p);
        for (size_t i = 0; i < p->count; i++)
            values[i] = (float)((double)values[i] / result->temperature);
    }
    cd_model_changed(model);
    return CNN_OK;
}

cnn_status_t cd_calibrate(cnn_model_t *model, cnn_dataset_t *data,
                          const cnn_evaluate_options_t *options, cnn_calibration_t *result)
{
    const cnn_dataset_load_options_t load = {.struct_size = sizeof load, .cancel = options->cancel};
    struct cd_outputs outputs = {.context = model->context};
    cnn_graph_t *graph = NULL;
    cnn_status_t rc;

    CD_TRY(cd_prepare_check(model, data));
    const struct cd_node *head = find_head(model->graph);
    if (!head)
        return cd_error(CNN_ERROR_SHAPE,
                        "calibration: the last layer, \"%s\", is neither dense with one sigmoid or "
                        "several softmax outputs nor such an activation of a dense layer",
                        cd_graph_output(model->graph)->name);
    CD_TRY(cd_prepare_data(model, data, &load));
    CD_TRY_FAIL(copy_without_activation(model->graph, &graph));
    CD_TRY_FAIL(cd_outputs_run(&outputs, model, graph, data, options, 1));
    const struct cd_logits logits = {outputs.values, outputs.mirrored, outputs.columns,
                                     outputs.labels, outputs.n};
    CD_TRY_FAIL(find_temperature(model, &logits, result));
    CD_TRY_FAIL(fold(model, head, result, options->mirror));
fail:
    cd_outputs_release(&outputs);
    cd_graph_free(graph);
    return rc;
}
